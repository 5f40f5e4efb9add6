/** The questions that the library asks: what goes when a snapshot is deleted, and the name of a known set. */
import { useState } from "react";
import type { KnownSet, SnapshotSummary } from "../../../shared/api/index.ts";
import { Button, Dialog, DialogButtons, TextInput } from "../../controls/index.ts";
import { formatPlural, formatSize, formatTime } from "../../format/index.ts";
import styles from "./library.module.css";

export interface DeleteSnapshotProps {
  readonly snapshot: SnapshotSummary;
  /** Snapshots that are explained against it. */
  readonly dependents: readonly SnapshotSummary[];
  readonly onClose: () => void;
  readonly onDelete: () => void;
}

export function DeleteSnapshot({ snapshot, dependents, onClose, onDelete }: DeleteSnapshotProps) {
  const { present, zero, inParent } = snapshot.pages;
  return (
    <Dialog label="Delete a snapshot" onClose={onClose}>
      <h2>
        Delete {snapshot.container} {snapshot.name}?
      </h2>
      <p>
        The snapshot {snapshot.checkpointedAt ? `of ${formatTime(snapshot.checkpointedAt)}` : "without a time"} goes,
        with its {formatPlural(present + zero + inParent, "recorded page")} and the dump {snapshot.file} (
        {formatSize(snapshot.bytes)}), which can then no longer be given back. Pages that other snapshots hold stay.
      </p>
      {dependents.length > 0 && (
        <p className={styles.bad}>
          {dependents.map((dependent) => dependent.name).join(", ")} {dependents.length === 1 ? "is" : "are"} explained
          against it. Its reasons stay as they were counted.
        </p>
      )}
      <DialogButtons>
        <Button onPress={onClose}>Keep it</Button>
        <Button
          onPress={() => {
            onDelete();
            onClose();
          }}
        >
          <span className={styles.bad}>
            Delete {snapshot.container} {snapshot.name}
          </span>
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

export interface RemoveKnownSetProps {
  readonly set: KnownSet;
  readonly onClose: () => void;
  readonly onRemove: () => void;
}

export function RemoveKnownSet({ set, onClose, onRemove }: RemoveKnownSetProps) {
  return (
    <Dialog label="Remove a known set" onClose={onClose}>
      <h2>Remove {set.name}?</h2>
      <p>
        {formatPlural(set.files, "file")} with {formatPlural(set.pages, "distinct page")} are no longer known. What{" "}
        {formatPlural(set.sameContent, "recorded page")} owe to this set alone will count as what they are without it.
        No snapshot goes.
      </p>
      <DialogButtons>
        <Button onPress={onClose}>Keep it</Button>
        <Button
          onPress={() => {
            onRemove();
            onClose();
          }}
        >
          <span className={styles.bad}>Remove {set.name}</span>
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

export interface NameKnownSetProps {
  readonly file: string;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
}

export function NameKnownSet({ file, taken, onClose, onName }: NameKnownSetProps) {
  const [name, setName] = useState(file.replace(/(\.(tar|gz|tgz|zst))+$/i, "").slice(0, 128));
  const trimmed = name.trim();
  const unavailable =
    trimmed === "" ? "A known set needs a name." : taken.includes(trimmed) ? `${trimmed} is there already.` : undefined;
  return (
    <Dialog label="Add a known set" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (unavailable !== undefined) return;
          onName(trimmed);
          onClose();
        }}
      >
        <h2>Add a known set</h2>
        <p>The pages of the files in {file}, an OCI or docker image archive, explain what every container of it has.</p>
        <TextInput label="Name" value={name} onChange={setName} />
        {unavailable !== undefined && trimmed !== "" && <p className={styles.bad}>{unavailable}</p>}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            look="primary"
            unavailable={unavailable}
            onPress={() => {
              onName(trimmed);
              onClose();
            }}
          >
            Add {trimmed}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
