/** A note: its text, where it stands, where it was made; changed and removed in its place. */
import { useState } from "react";
import type { ApiMapping, Note } from "../../../shared/api/index.ts";
import { asApiError, useNoteActs } from "../../api/index.ts";
import { Button, Failure } from "../../controls/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { MOST_TEXT } from "./note-form.tsx";
import { NoteMade, NotePlaces, NoteText } from "./note-parts.tsx";
import { placesOfNote } from "./noted-places.ts";
import styles from "./notes.module.css";

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
  const places = placesOfNote(note).map((place) => ({ place }));
  const error = change.error ?? remove.error;
  const failure = error ? asApiError(error) : null;
  return (
    <li className={styles.note}>
      {edited === null ? (
        <NoteText text={note.text} />
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
      <NotePlaces note={note} places={places} placeCount={note.placeCount} laid={laid} onGo={onGo} />
      <NoteMade note={note} here={snapshot} />
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
