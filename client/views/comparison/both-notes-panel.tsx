/** The notes of both sides: read, and gone to. They are written in a snapshot. */
import type { ApiMapping } from "../../../shared/api/index.ts";
import type { ApiError } from "../../api/index.ts";
import { Empty, Failure, Loading } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { MOST_ROWS, NoteMade, NotePlaces, NoteText } from "../notes/note-parts.tsx";
import styles from "../notes/notes.module.css";
import type { NoteOfBoth } from "./notes-of-both.ts";

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
  const { note, placeCount } = one;
  const places = one.places.map(({ place, inA, inB }) => {
    return { place, before: inA && inB ? "on both sides, " : inA ? "only in A, " : "only in B, " };
  });
  return (
    <li className={styles.note}>
      <NoteText text={note.text} />
      <NotePlaces note={note} places={places} placeCount={placeCount} laid={mappings} onGo={onGo} />
      <NoteMade note={note} />
    </li>
  );
}
