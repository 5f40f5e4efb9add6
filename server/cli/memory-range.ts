/** A range of memory as commands are asked for it, its bytes, and which of them are filled. */
import { DumpError } from "../../shared/errors/index.ts";
import { type Space, spaceOfProcess, spaceOfSegment } from "../../shared/snapshot/index.ts";
import { type FilledRange, type Filling, filledRanges } from "../filling/index.ts";
import { type PlacedRange, rangesOfProcess, readExactly } from "../inspect/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { type CommandLine, type CommandOption, parseHex } from "./command.ts";

/** Bytes read in one piece. */
const PIECE = 1 << 20;

export const RANGE_USAGE = "--pid PID|--shm ID|--physical --address HEX --length N";
export const RANGE_OPTIONS = {
  pid: { value: "PID", help: "memory of this process, shared segments that it maps included" },
  shm: { value: "ID", help: "a shared memory segment; addresses are offsets in it" },
  physical: { help: "memory of a machine, or a raw file" },
  address: { value: "HEX", help: "first address" },
  length: { value: "N", help: "bytes" },
  filled: {
    help: "pages left to files are filled, from the dump's ghost files and from known sets; which, is said beside",
  },
} as const satisfies Readonly<Record<string, CommandOption>>;

export interface AskedRange {
  readonly space: Space | undefined;
  readonly pid: number | undefined;
  readonly address: bigint;
  readonly length: number;
}

/** What the line says. @throws DumpError `usage` */
export function askedRange(line: CommandLine): AskedRange {
  const address = parseHex(line.required("address"), "--address");
  line.required("length");
  const length = line.whole("length", 1, Number.MAX_SAFE_INTEGER) ?? 0;
  const given = [line.text("pid"), line.text("shm"), line.flag("physical") ? "physical" : undefined];
  if (given.filter((value) => value !== undefined).length !== 1)
    throw new DumpError("usage", "A range takes exactly one of --pid, --shm and --physical");
  const pid = line.whole("pid", 0, 2 ** 31);
  const shm = line.whole("shm", 0, Number.MAX_SAFE_INTEGER);
  const space = pid !== undefined ? spaceOfProcess(pid) : shm !== undefined ? spaceOfSegment(shm) : undefined;
  return { space, pid, address, length };
}

/** The range in spaces of the snapshot. @throws DumpError `address-unmapped` */
export function placedRanges(store: Store, record: SnapshotRecord, asked: AskedRange): readonly PlacedRange[] {
  const manifest = store.manifest(record);
  const spaces = new Set(manifest.laid.map(({ mapping }) => mapping.space));
  for (const { mapping } of manifest.segmentMaps) spaces.add(spaceOfProcess(mapping.pid));
  const space = asked.space ?? (spaces.has("raw") ? "raw" : "physical");
  if (!spaces.has(space))
    throw new DumpError("address-unmapped", `${record.container}/${record.name} has no ${nameOf(space)}`, { space });
  const { pid, address, length } = asked;
  return pid === undefined
    ? [{ space, address, length, shift: 0n }]
    : [...rangesOfProcess(manifest, pid, address, length)];
}

/** @throws DumpError `address-unmapped`, `page-absent` naming the first address without bytes */
export function* bytesOfRanges(
  store: Store,
  record: SnapshotRecord,
  ranges: readonly PlacedRange[],
  filling: Filling | undefined,
): Generator<Uint8Array> {
  for (const { space, address, length, shift } of ranges)
    for (let at = 0; at < length; at += PIECE)
      yield readExactly(store, record, space, address + BigInt(at), Math.min(PIECE, length - at), shift, filling);
}

/** Which of their bytes are not the dump's, by addresses as they were asked for. */
export function filledOfRanges(ranges: readonly PlacedRange[], filling: Filling | undefined): FilledRange[] {
  if (!filling) return [];
  const asked = ranges.map(({ space, address, length, shift }) => {
    return { space, start: address, end: address + BigInt(length), shift };
  });
  return filledRanges(filling, asked);
}

function nameOf(space: Space): string {
  const id = space.slice(1);
  return space.startsWith("s") ? `shared segment ${id}` : space === "physical" ? "physical memory" : `process ${id}`;
}
