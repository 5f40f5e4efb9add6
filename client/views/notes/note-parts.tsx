/** What every list of notes shows of one: its text, its places, where it was made. */
import type { ReactNode } from "react";
import type { ApiMapping, Note } from "../../../shared/api/index.ts";
import { AddressText } from "../../controls/index.ts";
import { formatCount, formatPlural, formatTime } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { addressOf, mappingOf } from "../place/places.ts";
import styles from "./notes.module.css";

/** Rows in the document; a list of so many is searched, not read. */
export const MOST_ROWS = 200;
/** Places that are listed of one note. */
const MOST_PLACES = 4;

export function NoteText({ text }: Pick<Note, "text">) {
  const isBookmark = text === "";
  return (
    <p className={isBookmark ? `${styles.body} ${styles.bookmark}` : styles.body}>{isBookmark ? "Bookmark" : text}</p>
  );
}

export interface NotePlacesProps {
  readonly note: Pick<Note, "from" | "to">;
  readonly places: readonly { readonly place: Place; readonly before?: ReactNode }[];
  /** At least so many. */
  readonly placeCount: number;
  readonly laid: readonly ApiMapping[];
  readonly onGo: (place: Place) => void;
}

/** Each with what stands before the name of its mapping. */
export function NotePlaces({ note, places, placeCount, laid, onGo }: NotePlacesProps) {
  return (
    <ul className={styles.places}>
      {places.slice(0, MOST_PLACES).map(({ place, before }) => (
        <li key={`${place.space} ${place.page}`}>
          <button type="button" className={styles.place} onClick={() => onGo(place)}>
            <AddressText value={addressOf(place)} />
          </button>{" "}
          <small>
            {before}
            {laid[mappingOf(laid, place)]?.name ?? "no mapping"}
            {note.to - note.from > 1 && `, ${formatPlural(note.to - note.from, "byte")}`}
          </small>
        </li>
      ))}
      {placeCount > MOST_PLACES && <li>and {formatCount(placeCount - MOST_PLACES)} more places with the same page</li>}
    </ul>
  );
}

/** @param here the snapshot that is looked at */
export function NoteMade({ note, here }: { note: Note; here?: string }) {
  return (
    <p className={styles.made}>
      {note.madeIn.snapshot === here ? "Made here" : `Made in ${note.madeIn.name}`},{" "}
      {formatTime(note.changedAt ?? note.createdAt)}
      {note.changedAt !== null && ", changed"}
    </p>
  );
}
