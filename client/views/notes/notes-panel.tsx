/** The notes of a snapshot: those made in it and those that came with pages it has in common with others. */
import { useState } from "react";
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import type { Region } from "../../../shared/find/index.ts";
import { urlOf } from "../../api/index.ts";
import { Button, Empty, Failure, KeyCap, Loading } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { NoteForm } from "./note-form.tsx";
import { MOST_ROWS } from "./note-parts.tsx";
import { NoteRow } from "./note-row.tsx";
import styles from "./notes.module.css";
import type { SnapshotNotes } from "./use-snapshot-notes.ts";

/** From so many on there is a field to search them. */
const SEARCHED_FROM = 10;

export interface NotesPanelProps {
  readonly detail: SnapshotDetail;
  readonly of: SnapshotNotes;
  readonly cursor: Place | null;
  readonly regions: readonly Region[];
  readonly asked: number;
  readonly onGo: (place: Place) => void;
}

export function NotesPanel({ detail, of, cursor, regions, asked, onGo }: NotesPanelProps) {
  return (
    <>
      <NoteForm snapshot={detail.snapshot} cursor={cursor} regions={regions} of={of} asked={asked} />
      {of.error && !of.notes ? (
        <Failure
          title="The notes could not be read"
          detail={of.error.message}
          advice={of.error.advice}
          onRetry={of.retry}
        />
      ) : of.notes === undefined ? (
        <Loading what="The notes are being read." />
      ) : of.notes.length === 0 ? (
        <Empty>
          No page of this snapshot carries a note. <KeyCap>T</KeyCap> adds one at the cursor. It is bound to what the
          page holds, and stands in every snapshot that holds the same page.
        </Empty>
      ) : (
        <NoteList detail={detail} notes={of.notes} onGo={onGo} />
      )}
    </>
  );
}

interface NoteListProps extends Pick<NotesPanelProps, "detail" | "onGo"> {
  readonly notes: NonNullable<SnapshotNotes["notes"]>;
}

function NoteList({ detail, notes, onGo }: NoteListProps) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = wanted === "" ? notes : notes.filter((note) => note.text.toLowerCase().includes(wanted));
  return (
    <section className={styles.list} aria-label="Notes">
      <header>
        <h3>{formatPlural(notes.length, "note")}</h3>
        <Button
          look="link"
          title="All of them with their places, the page hashes and the digest of the dump"
          onPress={() => window.location.assign(urlOf("notesFile", { parameters: { snapshot: detail.snapshot } }))}
        >
          Export (JSON)
        </Button>
      </header>
      {notes.length >= SEARCHED_FROM && (
        <input
          className={styles.search}
          aria-label="Search the notes"
          placeholder="Search the notes"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {found.length === 0 && <Empty>No note has that text.</Empty>}
      <ul>
        {found.slice(0, MOST_ROWS).map((note) => (
          <NoteRow key={note.note} note={note} snapshot={detail.snapshot} laid={detail.laid} onGo={onGo} />
        ))}
      </ul>
      {found.length > MOST_ROWS && (
        <Empty>{formatCount(found.length - MOST_ROWS)} more: search for a word of theirs.</Empty>
      )}
    </section>
  );
}
