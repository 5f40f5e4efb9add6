/** Bytes of a range of a space, with the state of each page touched. What the dump does not hold is never zeros. */

import { FILLED_STATE, type RangeBytes } from "../../shared/api/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import {
  type Address,
  addressOfPage,
  bisect,
  formatAddress,
  PAGE_SIZE,
  type PageAddress,
} from "../../shared/memory/index.ts";
import {
  isRecorded,
  PAGE_STATES,
  type PageState,
  type Space,
  spaceOfProcess,
  stateCode,
} from "../../shared/snapshot/index.ts";
import type { Filling } from "../filling/index.ts";
import {
  type ChunkPlace,
  type LaidManifest,
  type LaidPages,
  type Manifest,
  NO_ROW,
  type PageReader,
  placesOf,
  type SnapshotRecord,
  type Store,
} from "../store/index.ts";

/** `states` and `partial` count pages from `firstPage`; a state is an index into PAGE_STATES, `FILLED_STATE` or `NO_ROW`. */
export interface LocatedBytes extends RangeBytes {
  readonly firstPage: number;
}

/**
 * @param address of the first byte. Everything asked for is in memory: faces ask in pieces of 1 MiB at most.
 * @param filling gives bytes for pages left to files; without it they have none
 */
export function readBytes(
  store: Store,
  record: SnapshotRecord,
  space: Space,
  address: bigint,
  length: number,
  filling?: Filling,
): LocatedBytes {
  const located = readLaid(store.manifest(record), store.pages, space, address, length);
  if (filling) fillBytes(located, filling, space, Number(address & 4095n));
  return located;
}

/** @param skip bytes of the first page before the ones asked for */
function fillBytes({ states, bytes, firstPage }: LocatedBytes, filling: Filling, space: Space, skip: number): void {
  const numbers = filling.numbers(space, firstPage, states.length);
  const content = filling.bytes(numbers.filter((number) => number < ZERO_PAGE));
  let at = 0;
  numbers.forEach((number, i) => {
    if (number === NO_PAGE) return;
    states[i] = FILLED_STATE;
    if (number === ZERO_PAGE) return;
    const from = i * PAGE_SIZE - skip;
    const page = content.subarray(at, at + PAGE_SIZE).subarray(Math.max(0, -from), bytes.length - from);
    bytes.set(page, Math.max(0, from));
    at += PAGE_SIZE;
  });
}

/** The same of whatever is laid, with what reads its pages. */
export function readLaid<Chunk extends ChunkPlace>(
  manifest: LaidPages<Chunk>,
  reader: Pick<PageReader, "bytes">,
  space: Space,
  address: bigint,
  length: number,
): LocatedBytes {
  const firstPage = Number(address >> 12n);
  const skip = Number(address & 4095n);
  const pages = Math.ceil((skip + length) / PAGE_SIZE);
  const columns = placesOf(manifest).columns(space, firstPage, pages);
  const states = columns.state;
  const wanted = columns.page.filter((page) => page < ZERO_PAGE);
  const content = reader.bytes(wanted);
  const out = new Uint8Array(pages * PAGE_SIZE);
  let at = 0;
  for (let i = 0; i < pages; i++) {
    if (states[i] === NO_ROW) states[i] = absentState(manifest, space, firstPage + i);
    if (columns.page[i] >= ZERO_PAGE) continue;
    out.set(content.subarray(at, at + PAGE_SIZE), i * PAGE_SIZE);
    at += PAGE_SIZE;
  }
  return { states, bytes: out.subarray(skip, skip + length), firstPage, partial: columns.partial };
}

/** State of a page of which no chunk has a row: absent as its mapping says, or not mapped. */
function absentState<Chunk extends ChunkPlace>(manifest: LaidPages<Chunk>, space: Space, page: number): number {
  const laid = laidOf(manifest, space, page);
  return laid ? stateCode(`absent-${laid.mapping.absent}`) : NO_ROW;
}

/** Indices of the laid mappings of each space, ascending, made once for each list: a dump may have 66,000 of them. */
const laidBySpace = new WeakMap<object, ReadonlyMap<Space, readonly number[]>>();

/** The laid mapping that holds a page of a space. */
export function laidOf<Chunk extends ChunkPlace>(
  { laid }: Pick<LaidPages<Chunk>, "laid">,
  space: Space,
  page: number,
): LaidManifest<Chunk> | undefined {
  let bySpace = laidBySpace.get(laid);
  if (!bySpace) {
    bySpace = Map.groupBy(laid.keys(), (index) => laid[index].mapping.space);
    laidBySpace.set(laid, bySpace);
  }
  const inSpace = bySpace.get(space) ?? [];
  const behind = bisect(inSpace.length, (i) => laid[inSpace[i]].mapping.spaceStart <= page);
  if (behind === 0) return undefined;
  const last = laid[inSpace[behind - 1]];
  const { spaceStart, range } = last.mapping;
  return page < spaceStart + (range.end - range.start) ? last : undefined;
}

const ABSENT_BECAUSE: Readonly<Partial<Record<PageState, string>>> = {
  "absent-file": "it was left to its file",
  "absent-untouched": "it was never written",
  "absent-excluded": "the dumper left it out",
  "parent-missing": "the parent that holds it is not here",
};

/** A part of a range of a process: in its private memory, or in a shared segment that it maps there. */
export interface PlacedRange {
  readonly space: Space;
  /** Of the first byte, in the space. */
  readonly address: bigint;
  readonly length: number;
  /** What an address of the space is in the process, less itself. */
  readonly shift: bigint;
}

/** Cuts a range of a process where it passes into or out of a shared mapping, whose pages lie in a space of their own. */
export function* rangesOfProcess(
  manifest: Manifest,
  pid: number,
  address: bigint,
  length: number,
): Generator<PlacedRange> {
  const maps = manifest.segmentMaps.map(({ mapping }) => mapping).filter((mapping) => mapping.pid === pid);
  const end = address + BigInt(length);
  for (let at = address; at < end; ) {
    const page = Number(at >> 12n);
    const map = maps.find(({ range }) => range.start <= page && page < range.end);
    const next = map?.range.end ?? Math.min(...maps.map(({ range }) => (range.start > page ? range.start : Infinity)));
    const stop = Number.isFinite(next) && BigInt(next) * 4096n < end ? BigInt(next) * 4096n : end;
    const shift = map ? BigInt(map.range.start - map.spaceStart) * 4096n : 0n;
    yield { space: map?.space ?? spaceOfProcess(pid), address: at - shift, length: Number(stop - at), shift };
    at = stop;
  }
}

/**
 * @param shift what addresses are in words, less what they are in the space.
 * @param filling as of `readBytes`
 * @throws DumpError `address-unmapped`, `page-absent` naming the first address without bytes
 */
export function readExactly(
  store: Store,
  record: SnapshotRecord,
  space: Space,
  address: bigint,
  length: number,
  shift = 0n,
  filling?: Filling,
): Uint8Array {
  const { states, bytes, firstPage, partial } = readBytes(store, record, space, address, length, filling);
  const bad = states.findIndex(
    (state) => state !== FILLED_STATE && (!isRecorded(state) || PAGE_STATES[state] === "parent-missing"),
  );
  const cut = firstUnknown(partial, firstPage, address, length);
  if (cut !== undefined && (bad < 0 || cut < addressOfPage((firstPage + bad) as PageAddress))) {
    const at = formatAddress((cut + shift) as Address);
    throw new DumpError("page-absent", `${at} is absent from the dump: it holds only a part of this page`, {
      address: at,
      space,
    });
  }
  if (bad < 0) return bytes;
  const pageStart = addressOfPage((firstPage + bad) as PageAddress);
  const first = formatAddress(((bad === 0 && address > pageStart ? address : pageStart) + shift) as Address);
  const facts = { address: first, space };
  if (states[bad] === NO_ROW)
    throw new DumpError("address-unmapped", `${first} is in no mapping of ${record.container}/${record.name}`, facts);
  throw new DumpError(
    "page-absent",
    `${first} is absent from the dump: ${ABSENT_BECAUSE[PAGE_STATES[states[bad]]] ?? "it was lost"}`,
    facts,
  );
}

/** The first address of the range that lies in a page known in part, and outside that part. */
function firstUnknown(
  partial: RangeBytes["partial"],
  firstPage: number,
  address: bigint,
  length: number,
): Address | undefined {
  for (const [row, [from, to]] of [...partial].sort(([x], [y]) => x - y)) {
    const page = addressOfPage((firstPage + row) as PageAddress);
    const start = address > page ? address : page;
    const end = address + BigInt(length) < page + 4096n ? address + BigInt(length) : page + 4096n;
    if (start < page + BigInt(from)) return start as Address;
    if (end > page + BigInt(to)) return (start > page + BigInt(to) ? start : page + BigInt(to)) as Address;
  }
  return undefined;
}
