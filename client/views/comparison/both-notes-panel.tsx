/** The notes of both sides: read, and gone to. They are written in a snapshot. */
import type { ApiMapping } from "../../../shared/api/index.ts";
import type { ApiError } from "../../api/index.ts";
import { AddressText, Empty, Failure, Loading } from "../../controls/index.ts";
import { formatCount, formatPlural, formatTime } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import styles from "../notes/notes.module.css";
import { addressOf, mappingOf } from "../place/places.ts";
import type { NoteOfBoth } from "./notes-of-both.ts";

/** Rows in the document; a list of so many is searched, not read. */
const MOST_ROWS = 200;
/** Places that are listed of one note. */
const MOST_PLACES = 4;

export interface BothNotesPanelProps {
  /** `undefined` while they are asked for. */
  readonly notes: readonly NoteOfBoth[] | undefined;
  readonly error: ApiError | null;
  readonly onRetry: () => void;
  /** Of the joint strip. */
  readonly mappings: readonly ApiMapping[];
  readonly onGo: (place: Place) => void;
}

export function BothNotesPanel({ notes, error, onRetry, mappings, onGo }: BothNotesPanelProps) {
  if (!notes) {
    if (!error) return <Loading what="The notes are being read." />;
    return (
      <Failure title="The notes could not be read" detail={error.message} advice={error.advice} onRetry={onRetry} />
    );
  }
  if (notes.length === 0)
    return <Empty>No page of either side carries a note. Notes are added in a snapshot, and stand here too.</Empty>;
  return (
    <section className={styles.list} aria-label="Notes">
      <header>
        <h3>{formatPlural(notes.length, "note")}</h3>
      </header>
      <ul>
        {notes.slice(0, MOST_ROWS).map((one) => (
          <NoteRow key={one.note.note} one={one} mappings={mappings} onGo={onGo} />
        ))}
      </ul>
      {notes.length > MOST_ROWS && (
        <Empty>{formatCount(notes.length - MOST_ROWS)} more: search for them in a snapshot, or in the palette.</Empty>
      )}
    </section>
  );
}

function NoteRow({ one, mappings, onGo }: { one: NoteOfBoth } & Pick<BothNotesPanelProps, "mappings" | "onGo">) {
  const { note, places, placeCount } = one;
  return (
    <li className={styles.note}>
      <p className={note.text === "" ? `${styles.body} ${styles.bookmark}` : styles.body}>
        {note.text === "" ? "Bookmark" : note.text}
      </p>
      <ul className={styles.places}>
        {places.slice(0, MOST_PLACES).map(({ place, inA, inB }) => (
          <li key={`${place.space} ${place.page}`}>
            <button type="button" className={styles.place} onClick={() => onGo(place)}>
              <AddressText value={addressOf(place)} />
            </button>{" "}
            <small>
              {inA && inB ? "on both sides" : inA ? "only in A" : "only in B"},{" "}
              {mappings[mappingOf(mappings, place)]?.name ?? "no mapping"}
              {note.to - note.from > 1 && `, ${formatPlural(note.to - note.from, "byte")}`}
            </small>
          </li>
        ))}
        {placeCount > MOST_PLACES && (
          <li>and {formatCount(placeCount - MOST_PLACES)} more places with the same page</li>
        )}
      </ul>
      <p className={styles.made}>
        Made in {note.madeIn.name}, {formatTime(note.changedAt ?? note.createdAt)}
        {note.changedAt !== null && ", changed"}
      </p>
    </li>
  );
}
