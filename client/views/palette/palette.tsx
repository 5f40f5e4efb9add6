/** The command palette: every action with its key and, where it cannot be done, why; places, mappings, snapshots. */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useLibrary } from "../../api/index.ts";
import { Dialog, KeyCap } from "../../controls/index.ts";
import { formatTime } from "../../format/index.ts";
import { type LiveCommand, liveCommands, printKey } from "../../keys/index.ts";
import { type Found, findEverywhere } from "./finders.ts";
import styles from "./palette.module.css";

interface Row {
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly detail: string;
  readonly keys: readonly string[];
  readonly run: (() => void) | null;
}

const MOST_SNAPSHOTS = 12;

export function Palette({ text: initial, onClose }: { text: string; onClose: () => void }) {
  const [text, setText] = useState(initial);
  // Of the rows; `null`: the first that can be run.
  const [pointed, setPointed] = useState<number | null>(null);
  const list = useRef<HTMLDivElement>(null);
  // The commands as they stood when the palette was opened: its own focus must not change what they do.
  const [commands] = useState(() => liveCommands().filter((command) => !command.local && command.id !== "palette"));
  const snapshots = useSnapshotRows();

  const matching = useMemo(
    () =>
      commands
        .filter((command) => matches(command.title, text))
        .toSorted((a, b) => rankOf(a.title, text) - rankOf(b.title, text)),
    [commands, text],
  );
  const rows = useMemo<Row[]>(() => {
    const found = text.trim() === "" ? [] : findEverywhere(text.trim());
    const places = found.filter((item) => item.group === "Places").map(rowOfFound);
    const others = found.filter((item) => item.group !== "Places").map(rowOfFound);
    const named =
      text.trim() === "" ? [] : snapshots.filter((row) => matches(row.title, text)).slice(0, MOST_SNAPSHOTS);
    return [...places, ...byGroup(matching.map(rowOfCommand)), ...others, ...named];
  }, [matching, snapshots, text]);

  const chosen =
    pointed ??
    Math.max(
      0,
      rows.findIndex((row) => row.run !== null),
    );

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });

  const run = (row: Row | undefined) => {
    if (!row?.run) return;
    onClose();
    // After the focus went back, so that what runs may move it.
    const act = row.run;
    window.setTimeout(act, 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined && rows.length > 0) {
      const next = chosen + step;
      const single = Math.abs(step) === 1;
      setPointed(single ? (next + rows.length) % rows.length : Math.max(0, Math.min(rows.length - 1, next)));
    } else if (event.key === "Enter") run(rows[chosen]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label="Search, go to, run" shape="palette" className={styles.palette} onClose={onClose}>
      <div className={styles.head}>
        <input
          className={styles.input}
          value={text}
          autoFocus
          spellCheck={false}
          autoComplete="off"
          placeholder="Search, go to, run…"
          aria-label="Search, go to, run"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={rows[chosen] ? `palette-${chosen}` : undefined}
          onChange={(event) => {
            setText(event.target.value);
            setPointed(null);
          }}
          onKeyDown={onKeyDown}
        />
        <span className={styles.count}>
          {matching.length} of {commands.length} commands
        </span>
      </div>
      <div ref={list} id="palette-list" className={styles.list} role="listbox" aria-label="Results" tabIndex={-1}>
        {rows.length === 0 && <p className={styles.none}>Nothing here has that name.</p>}
        {rows.map((row, index) => (
          <PaletteRow
            key={row.key}
            row={row}
            index={index}
            heading={row.group !== rows[index - 1]?.group}
            chosen={index === chosen}
            onPoint={() => setPointed(index)}
            onRun={() => run(row)}
          />
        ))}
      </div>
      <div className={styles.foot}>
        <span>
          <KeyCap>↑</KeyCap>
          <KeyCap>↓</KeyCap> choose
        </span>
        <span>
          <KeyCap>Enter</KeyCap> run
        </span>
        <span>
          <KeyCap>Esc</KeyCap> close
        </span>
        <span>An address or a name works too</span>
      </div>
    </Dialog>
  );
}

interface PaletteRowProps {
  readonly row: Row;
  readonly index: number;
  readonly heading: boolean;
  readonly chosen: boolean;
  readonly onPoint: () => void;
  readonly onRun: () => void;
}

function PaletteRow({ row, index, heading, chosen, onPoint, onRun }: PaletteRowProps) {
  return (
    <>
      {heading && <div className={styles.group}>{row.group}</div>}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the focus and the keys */}
      <div
        id={`palette-${index}`}
        role="option"
        tabIndex={-1}
        aria-selected={chosen}
        aria-disabled={row.run === null}
        className={styles.row}
        onPointerMove={chosen ? undefined : onPoint}
        onClick={onRun}
      >
        <span className={styles.title}>{row.title}</span>
        <span className={styles.detail}>{row.detail}</span>
        <span className={styles.keys}>
          {row.keys.map((key) => (
            <KeyCap key={key}>{printKey(key)}</KeyCap>
          ))}
        </span>
      </div>
    </>
  );
}

function rowOfCommand(command: LiveCommand): Row {
  return {
    key: command.id,
    group: command.group,
    title: command.title,
    detail: command.unavailable ?? (command.inUse ? "in use" : ""),
    keys: command.keys.slice(0, 1),
    run: command.run,
  };
}

function rowOfFound(found: Found): Row {
  return { ...found, key: `${found.group}/${found.key}`, keys: [] };
}

function useSnapshotRows(): Row[] {
  const { data } = useLibrary();
  const [, navigate] = useLocation();
  return useMemo(
    () =>
      (data?.containers ?? []).flatMap((container) =>
        container.snapshots.map((snapshot) => ({
          key: `snapshot/${snapshot.snapshot}`,
          group: "Snapshots",
          title: `${container.name} ${snapshot.name}`,
          detail: snapshot.checkpointedAt ? formatTime(snapshot.checkpointedAt) : "time not in the dump",
          keys: [],
          run: () => navigate(`/s/${snapshot.snapshot}`),
        })),
      ),
    [data, navigate],
  );
}

/** Rows of one group stand together, groups in order of their first row. */
function byGroup(rows: readonly Row[]): Row[] {
  const groups = [...new Set(rows.map((row) => row.group))];
  return groups.flatMap((group) => rows.filter((row) => row.group === group));
}

/** Titles that begin with what is typed come before those of which another word does, and these before the rest. */
function rankOf(title: string, text: string): number {
  const typed = text.trim().toLowerCase();
  const at = title.toLowerCase().indexOf(typed);
  return at === 0 ? 0 : at > 0 && /[\s:/]/.test(title[at - 1]) ? 1 : 2;
}

/** Every word typed is somewhere in the title. */
function matches(title: string, text: string): boolean {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== "")
    .every((part) => title.toLowerCase().includes(part));
}
