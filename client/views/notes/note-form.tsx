/** Where a note is written: on which bytes it will be, the text, and why it was refused. */
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Region } from "../../../shared/find/index.ts";
import { formatAddress } from "../../../shared/memory/index.ts";
import { asApiError, useNoteActs } from "../../api/index.ts";
import { AddressText, Button, Failure, KeyCap } from "../../controls/index.ts";
import { formatPlural } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { addressOf } from "../place/places.ts";
import { announce } from "../shell/announce.ts";
import { bytesToNote } from "./noted-places.ts";
import styles from "./notes.module.css";
import type { SnapshotNotes } from "./use-snapshot-notes.ts";

export const MOST_TEXT = 2000;

export interface NoteFormProps {
  readonly snapshot: string;
  readonly cursor: Place | null;
  readonly regions: readonly Region[];
  readonly of: SnapshotNotes;
  /** Counts up when a key asks for the field. */
  readonly asked: number;
}

export function NoteForm({ snapshot, cursor, regions, of, asked }: NoteFormProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const { add } = useNoteActs(snapshot);
  useEffect(() => {
    if (asked > 0) field.current?.focus();
  }, [asked]);
  const on = cursor && bytesToNote(cursor, regions);
  const submit = () => {
    if (!on || add.isPending) return;
    const { place, length } = on;
    add.mutate(
      { space: place.space, address: formatAddress(addressOf(place)), length, text: of.draft },
      {
        onSuccess: ({ text }) => {
          of.setDraft("");
          announce(text === "" ? "Bookmark added" : "Note added");
        },
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  const failure = add.error ? asApiError(add.error) : null;
  return (
    <section className={styles.form} aria-label="Add a note">
      <p className={styles.on}>
        {on ? (
          <>
            On {formatPlural(on.length, "byte")} at{" "}
            <code>
              <AddressText value={addressOf(on.place)} />
            </code>
          </>
        ) : (
          "There is no cursor: click a cell of the picture, or go to an address."
        )}
      </p>
      <textarea
        ref={field}
        className={styles.text}
        aria-label="Text of the note"
        placeholder="What these bytes are; nothing for a bookmark"
        rows={2}
        maxLength={MOST_TEXT}
        value={of.draft}
        onChange={(event) => {
          of.setDraft(event.target.value);
          add.reset();
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.acts}>
        <Button onPress={submit} {...(on ? {} : { unavailable: "there is no cursor" })}>
          {of.draft.trim() === "" ? "Bookmark" : "Add the note"} <KeyCap>Ctrl Enter</KeyCap>
        </Button>
      </div>
      {failure && <Failure title="No note was made" detail={failure.message} advice={failure.advice} />}
    </section>
  );
}
