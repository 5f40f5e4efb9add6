/** `dumpscope note`: notes on pages, which stand wherever their content does. */
import type { MadeNote, SnapshotNotes } from "../../../shared/api/index.ts";
import { DumpError } from "../../../shared/errors/index.ts";
import { type Address, formatAddress } from "../../../shared/memory/index.ts";
import { type Space, spaceOfProcess } from "../../../shared/snapshot/index.ts";
import { laidOf } from "../../inspect/index.ts";
import { addNote, allNotes, changeNote, notesOf, removeNote } from "../../notes/index.ts";
import type { Manifest, SnapshotRecord, Store } from "../../store/index.ts";
import { type Command, type CommandLine, parseHex } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { placedRanges } from "../memory-range.ts";
import { plural, table } from "../words.ts";

const ACTIONS = ["add", "list", "change", "remove"] as const;

export const note: Command = {
  name: "note",
  usage: "add SNAPSHOT ADDRESS [TEXT] [--pid PID] [--length N] | list [SNAPSHOT] | change NOTE TEXT | remove NOTE",
  summary: "notes on what pages hold: they stand in every snapshot that holds the same page; without TEXT a bookmark",
  positionals: 4,
  options: {
    pid: { value: "PID", help: "the address is one of this process; needed where several have it" },
    shm: { value: "ID", help: "the address is an offset in this shared memory segment" },
    length: { value: "N", help: "bytes from the address on, in one page; 1 without it" },
  },
  async run(line) {
    const action = ACTIONS.find((one) => one === line.positional(0, "add, list, change or remove"));
    if (!action) throw new DumpError("usage", `note takes add, list, change or remove, not ${line.positionals[0]}`);
    const most = { add: 4, list: 2, change: 3, remove: 2 }[action];
    if (line.positionals.length > most)
      throw new DumpError("usage", `note ${action} takes no argument ${line.positionals[most]}`);
    const option = ["pid", "shm", "length"].find((name) => line.text(name) !== undefined);
    if (action !== "add" && option !== undefined) throw new DumpError("usage", `note ${action} takes no --${option}`);
    const store = openDataStore();
    try {
      switch (action) {
        case "add":
          add(line, store);
          break;
        case "list":
          await list(line, store);
          break;
        case "change": {
          const changed = changeNote(store, noteNumber(line), line.positional(2, "TEXT"));
          line.print(changed, [`note ${changed.note} changed`]);
          break;
        }
        case "remove": {
          const number = noteNumber(line);
          removeNote(store, number);
          line.print({ removed: number }, [`note ${number} removed`]);
          break;
        }
        default:
          action satisfies never;
      }
      return 0;
    } finally {
      store.close();
    }
  },
};

function add(line: CommandLine, store: Store): void {
  const record = store.snapshot(line.positional(1, "SNAPSHOT"));
  const address = parseHex(line.positional(2, "ADDRESS"), "ADDRESS");
  const length = line.whole("length", 1, 4096) ?? 1;
  const added = addNote(store, record, {
    ...placeOf(line, store, record, address),
    length,
    text: line.positionals[3] ?? "",
  });
  line.print(added, [
    `note ${added.note} on ${plural(length, "byte")} at ${added.madeIn.address}, page ${added.hash.slice(0, 12)}…`,
  ]);
}

/** @throws DumpError `usage` where the address is of no space, or of several */
function placeOf(
  line: CommandLine,
  store: Store,
  record: SnapshotRecord,
  address: bigint,
): { readonly space: Space; readonly address: Address } {
  const pid = line.whole("pid", 0, 2 ** 31);
  const shm = line.whole("shm", 0, Number.MAX_SAFE_INTEGER);
  if (pid !== undefined && shm !== undefined) throw new DumpError("usage", "A place takes one of --pid and --shm");
  if (shm !== undefined) return { space: `s${shm}`, address: address as Address };
  const manifest = store.manifest(record);
  const pids = pid === undefined ? processesAt(manifest, address) : [pid];
  if (pids.length > 1)
    throw new DumpError(
      "usage",
      `Several processes have ${formatAddress(address as Address)}: --pid ${pids.join(", ")}`,
    );
  if (pids.length === 0) {
    const space = manifest.laid.find(({ mapping }) => mapping.space === "raw" || mapping.space === "physical")?.mapping
      .space;
    if (space) return { space, address: address as Address };
    throw new DumpError(
      "address-unmapped",
      `${formatAddress(address as Address)} is in no mapping of ${record.container}/${record.name}`,
      {},
    );
  }
  const [range] = placedRanges(store, record, { space: spaceOfProcess(pids[0]), pid: pids[0], address, length: 1 });
  return { space: range.space, address: range.address as Address };
}

function processesAt(manifest: Manifest, address: bigint): number[] {
  const page = Number(address >> 12n);
  const pids = new Set<number>();
  for (const { mapping } of manifest.laid)
    if (mapping.space === spaceOfProcess(mapping.pid) && laidOf(manifest, mapping.space, page)) pids.add(mapping.pid);
  for (const { mapping } of manifest.segmentMaps)
    if (mapping.range.start <= page && page < mapping.range.end) pids.add(mapping.pid);
  return [...pids].sort((a, b) => a - b);
}

async function list(line: CommandLine, store: Store): Promise<void> {
  const reference = line.positionals[1];
  if (reference === undefined) {
    const notes = allNotes(store);
    line.print({ notes }, linesOf(notes));
    return;
  }
  const notes = await notesOf(store, store.snapshot(reference));
  line.print(notes, linesHere(notes));
}

function linesOf(notes: readonly MadeNote[]): string[] {
  if (notes.length === 0) return ["no notes"];
  return table(
    ["note", "made in", "space", "address", "bytes", "text"],
    notes.map(({ note: number, madeIn, from, to, text }) => [
      String(number),
      madeIn.name,
      madeIn.space,
      madeIn.address,
      to - from,
      oneLine(text),
    ]),
  );
}

function linesHere({ container, name, notes }: SnapshotNotes): string[] {
  if (notes.length === 0) return [`no note on a page of ${container}/${name}`];
  return table(
    ["note", "space", "address", "bytes", "places", "made in", "text"],
    notes.map(({ note: number, places, placeCount, from, to, madeIn, text }) => [
      String(number),
      places[0].space,
      places[0].address,
      to - from,
      placeCount,
      madeIn.name,
      oneLine(text),
    ]),
  );
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line === "" ? "(bookmark)" : line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function noteNumber(line: CommandLine): number {
  const text = line.positional(1, "NOTE");
  if (!/^\d{1,15}$/.test(text)) throw new DumpError("usage", `A note is named by its number, not ${text}`);
  return Number(text);
}
