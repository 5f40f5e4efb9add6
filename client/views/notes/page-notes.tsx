/** The notes on the page that is looked at. */
import type { Note } from "../../../shared/api/index.ts";
import { Button, KeyCap } from "../../controls/index.ts";
import { runCommand } from "../../keys/index.ts";
import styles from "./notes.module.css";

export interface PageNotesProps {
  readonly notes: readonly Note[];
  readonly onOffset: (offset: number) => void;
}

export function PageNotes({ notes, onOffset }: PageNotesProps) {
  return (
    <section className={styles.page} aria-label="Notes on the page">
      <header>
        <h3>Notes</h3>
        <Button look="plain-link" onPress={() => runCommand("add-note")}>
          Add a note <KeyCap>T</KeyCap>
        </Button>
      </header>
      {notes.length > 0 && (
        <ul>
          {notes.map((note) => (
            <li key={note.note}>
              <button type="button" className={styles.place} onClick={() => onOffset(note.from)}>
                +{note.from.toString(16).padStart(3, "0")}
              </button>
              <p className={note.text === "" ? `${styles.body} ${styles.bookmark}` : styles.body}>
                {note.text === "" ? "Bookmark" : note.text}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
