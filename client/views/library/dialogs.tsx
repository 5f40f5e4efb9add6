/** The questions that the library asks: what goes with a deletion, what something is called, what explains a snapshot. */
import { type ReactNode, useState } from "react";
import { FilePathSchema, type KnownSet, type SnapshotSummary } from "../../../shared/api/index.ts";
import { Button, Dialog, DialogButtons, Select, Switch, TextInput } from "../../controls/index.ts";
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

export interface RenameContainerProps {
  readonly container: string;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onRename: (name: string) => void;
}

export function RenameContainer({ container, taken, onClose, onRename }: RenameContainerProps) {
  const [name, setName] = useState(container);
  const trimmed = name.trim();
  const clash = trimmed !== container && taken.includes(trimmed) ? `There is a container ${trimmed} already.` : "";
  const unavailable =
    trimmed === "" ? "A container needs a name." : trimmed === container ? "This is its name." : clash || undefined;
  const rename = () => {
    if (unavailable !== undefined) return;
    onRename(trimmed);
    onClose();
  };
  return (
    <Dialog label="Rename a container" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename();
        }}
      >
        <h2>Rename {container}</h2>
        <p>Its snapshots keep their names, and links to them stay true. The log of what was received stays as it is.</p>
        <TextInput label="Name" value={name} onChange={setName} />
        {clash !== "" && <p className={styles.clash}>{clash}</p>}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" unavailable={unavailable} onPress={rename}>
            Rename
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

export interface ExplainAgainstProps {
  readonly snapshot: SnapshotSummary;
  /** All but this one, in the order of the library. */
  readonly others: readonly SnapshotSummary[];
  readonly onClose: () => void;
  /** @param parent a snapshot, or `none` */
  readonly onExplain: (parent: string) => void;
}

export function ExplainAgainst({ snapshot, others, onClose, onExplain }: ExplainAgainstProps) {
  const isSame = (other: SnapshotSummary) => other.container === snapshot.container;
  // Those of its own container first, the newest of them on top.
  const choices = [
    ...others
      .filter(isSame)
      .reverse()
      .map((other) => ({ value: other.snapshot, title: other.name })),
    { value: "none", title: "no snapshot" },
    ...others
      .filter((other) => !isSame(other))
      .map((other) => ({ value: other.snapshot, title: `${other.container} ${other.name}` })),
  ];
  const [parent, setParent] = useState(choices.find(({ value }) => value !== snapshot.parent)?.value ?? "none");
  const chosen = choices.find(({ value }) => value === parent)?.title ?? "";
  const now = others.find((other) => other.snapshot === snapshot.parent);
  const nowText = now ? (isSame(now) ? now.name : `${now.container} ${now.name}`) : "no snapshot";
  return (
    <Dialog label="Explain against another snapshot" onClose={onClose}>
      <h2>
        Explain {snapshot.container} {snapshot.name} against…
      </h2>
      <p>
        The dump {snapshot.file} is read again from the store, and becomes a new snapshot of {snapshot.container}.{" "}
        {snapshot.name} stays as it is, explained against {nowText}. Pages that are here already take no room.
      </p>
      <div className={styles.choice}>
        <Select label="Explain against" choices={choices} value={parent} onChoose={setParent} />
      </div>
      <DialogButtons>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          look="primary"
          onPress={() => {
            onExplain(parent);
            onClose();
          }}
        >
          Explain against {chosen}
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

export interface NameBaselineProps {
  readonly snapshot: SnapshotSummary;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
}

export function NameBaseline({ snapshot, taken, onClose, onName }: NameBaselineProps) {
  const label = `${snapshot.container} ${snapshot.name}`;
  return (
    <NameForm
      label="Make a baseline"
      heading={`Make ${label} a baseline`}
      suggested={`${label} clean`}
      about={
        "What other snapshots have as this one has it counts as known, or as alike where only its addresses differ. " +
        "Take a dump that you know to be clean. It cannot be deleted while the known set is here."
      }
      taken={taken}
      onClose={onClose}
      onName={onName}
    />
  );
}

export interface NameKnownSetProps {
  readonly file: string;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onName: (chosen: NamedKnownSet) => void;
}

/** As it is asked of the server. */
export interface NamedKnownSet {
  readonly kind: "known";
  readonly name: string;
  readonly withBytes: boolean;
  readonly filePath: string | undefined;
}

/** Of these only their own paths are asked for. */
const ARCHIVE_NAME = /\.(tar|tgz|tzst|tar\.gz|tar\.zst)$/i;

export function NameKnownSet({ file, taken, onClose, onName }: NameKnownSetProps) {
  const [withBytes, setWithBytes] = useState(false);
  const [typedPath, setTypedPath] = useState("");
  const filePath = typedPath.trim();
  const checked = FilePathSchema.safeParse(filePath);
  return (
    <NameForm
      label="Add a known set"
      heading="Add a known set"
      suggested={file.replace(/(\.(tar|gz|tgz|zst))+$/i, "")}
      about={
        `The pages of the files in ${file} explain what every container of it has. ` +
        "It is an OCI or docker image archive, a tar of a root file system, or a single file."
      }
      taken={taken}
      amiss={filePath === "" || checked.success ? undefined : `${checked.error.issues[0].message}.`}
      onClose={onClose}
      onName={(name) => onName({ kind: "known", name, withBytes, filePath: checked.data })}
    >
      {!ARCHIVE_NAME.test(file) && (
        <TextInput
          label="Of a single file: its path in containers"
          placeholder="/usr/lib/libexample.so.1"
          value={typedPath}
          maxLength={4096}
          onChange={setTypedPath}
        />
      )}
      <Switch on={withBytes} onChange={setWithBytes}>
        Keep the pages too, not their hashes alone
      </Switch>
    </NameForm>
  );
}

interface NameFormProps {
  readonly label: string;
  readonly heading: string;
  readonly about: string;
  readonly suggested: string;
  readonly taken: readonly string[];
  /** What else of the answers will not do. */
  readonly amiss?: string;
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
  /** Below the name. */
  readonly children?: ReactNode;
}

/** What a known set is to be called. */
function NameForm({ label, heading, about, suggested, taken, amiss, onClose, onName, children }: NameFormProps) {
  const [name, setName] = useState(suggested.slice(0, 128));
  const trimmed = name.trim();
  const unavailable =
    trimmed === "" ? "A known set needs a name." : taken.includes(trimmed) ? `${trimmed} is there already.` : amiss;
  const add = () => {
    if (unavailable !== undefined) return;
    onName(trimmed);
    onClose();
  };
  return (
    <Dialog label={label} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <h2>{heading}</h2>
        <p>{about}</p>
        <TextInput label="Name" value={name} onChange={setName} />
        {children}
        {unavailable !== undefined && trimmed !== "" && <p className={styles.clash}>{unavailable}</p>}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" unavailable={unavailable} onPress={add}>
            Add {trimmed}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
