/** A note: its text, where it stands, where it was made; changed and removed in its place. */
import { useState } from "react";
import type { ApiMapping, Note } from "../../../shared/api/index.ts";
import { asApiError, useNoteActs } from "../../api/index.ts";
import { AddressText, Button, Failure } from "../../controls/index.ts";
import { formatCount, formatPlural, formatTime } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { addressOf, mappingOf } from "../place/places.ts";
import { MOST_TEXT } from "./note-form.tsx";
import { placesOfNote } from "./noted-places.ts";
import styles from "./notes.module.css";

/** Places that are listed of one note. */
const PLACES = 4;

/** Who has asked to change it wants to write. */
function focusIt(element: HTMLTextAreaElement | null): void {
  element?.focus();
}

export interface NoteRowProps {
  readonly note: Note;
  readonly snapshot: string;
  readonly laid: readonly ApiMapping[];
  readonly onGo: (place: Place) => void;
}

export function NoteRow({ note, snapshot, laid, onGo }: NoteRowProps) {
  const { change, remove } = useNoteActs(snapshot);
  const [edited, setEdited] = useState<string | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const places = placesOfNote(note);
  const error = change.error ?? remove.error;
  const failure = error ? asApiError(error) : null;
  const title = note.text === "" ? "Bookmark" : note.text;
  return (
    <li className={styles.note}>
      {edited === null ? (
        <p className={note.text === "" ? `${styles.body} ${styles.bookmark}` : styles.body}>{title}</p>
      ) : (
        <textarea
          className={styles.text}
          aria-label="Text of the note"
          ref={focusIt}
          rows={3}
          maxLength={MOST_TEXT}
          value={edited}
          onChange={(event) => setEdited(event.target.value)}
        />
      )}
      <ul className={styles.places}>
        {places.slice(0, PLACES).map((place) => (
          <li key={`${place.space} ${place.page}`}>
            <button type="button" className={styles.place} onClick={() => onGo(place)}>
              <AddressText value={addressOf(place)} />
            </button>{" "}
            <small>
              {laid[mappingOf(laid, place)]?.name ?? "no mapping"}
              {note.to - note.from > 1 && `, ${formatPlural(note.to - note.from, "byte")}`}
            </small>
          </li>
        ))}
        {note.placeCount > PLACES && (
          <li>and {formatCount(note.placeCount - PLACES)} more places with the same page</li>
        )}
      </ul>
      <p className={styles.made}>
        {note.madeIn.snapshot === snapshot ? "Made here" : `Made in ${note.madeIn.name}`},{" "}
        {formatTime(note.changedAt ?? note.createdAt)}
        {note.changedAt !== null && ", changed"}
      </p>
      <div className={styles.acts}>
        {edited !== null ? (
          <>
            <Button
              onPress={() => change.mutate({ note: note.note, text: edited }, { onSuccess: () => setEdited(null) })}
            >
              Save
            </Button>
            <Button look="quiet" onPress={() => setEdited(null)}>
              Leave as it was
            </Button>
          </>
        ) : isLeaving ? (
          <>
            <span>It goes from every snapshot.</span>
            <Button onPress={() => remove.mutate(note.note)}>Remove it</Button>
            <Button look="quiet" onPress={() => setLeaving(false)}>
              Keep it
            </Button>
          </>
        ) : (
          <>
            <Button look="link" onPress={() => setEdited(note.text)}>
              Change
            </Button>
            <Button look="link" onPress={() => setLeaving(true)}>
              Remove…
            </Button>
          </>
        )}
      </div>
      {failure && <Failure title="The note is as it was" detail={failure.message} advice={failure.advice} />}
    </li>
  );
}
