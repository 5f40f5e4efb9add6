/** Bytes of a range of a space, with the state of each page touched. What the dump does not hold is never zeros. */
import { DumpError } from "../../shared/errors/index.ts";
import { addressOfPage, formatAddress, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import { isRecorded, PAGE_STATES, type Space, stateCode } from "../../shared/snapshot/index.ts";
import { type LaidManifest, type Manifest, NO_ROW, placesOf, type SnapshotRecord, type Store } from "../store/index.ts";

export interface RangeBytes {
  /** One per page touched: index into PAGE_STATES, or `NO_ROW` where nothing is mapped. */
  readonly states: Uint8Array;
  /** The bytes of the range; 00 where a page has none. */
  readonly bytes: Uint8Array;
  readonly firstPage: number;
}

/** @param address of the first byte; at most 64 KiB are asked for at once by the faces. */
export function readBytes(
  store: Store,
  record: SnapshotRecord,
  space: Space,
  address: bigint,
  length: number,
): RangeBytes {
  const manifest = store.manifest(record);
  const firstPage = Number(address >> 12n);
  const skip = Number(address & 4095n);
  const pages = Math.ceil((skip + length) / PAGE_SIZE);
  const columns = placesOf(manifest).columns(space, firstPage, pages);
  const states = columns.state;
  const wanted = columns.page.filter((page) => page < 0xffff_fffe);
  const content = store.pages.bytes(wanted);
  const out = new Uint8Array(pages * PAGE_SIZE);
  let at = 0;
  for (let i = 0; i < pages; i++) {
    if (states[i] === NO_ROW) states[i] = absentState(manifest, space, firstPage + i);
    if (columns.page[i] >= 0xffff_fffe) continue;
    out.set(content.subarray(at, at + PAGE_SIZE), i * PAGE_SIZE);
    at += PAGE_SIZE;
  }
  return { states, bytes: out.subarray(skip, skip + length), firstPage };
}

/** State of a page of which no chunk has a row: absent as its mapping says, or not mapped. */
function absentState(manifest: Manifest, space: Space, page: number): number {
  const laid = laidOf(manifest, space, page);
  return laid ? stateCode(`absent-${laid.mapping.absent}`) : NO_ROW;
}

/** Laid mappings of each space, ascending, made once for each manifest: a dump may have 66,000 of them. */
const laidBySpace = new WeakMap<Manifest, ReadonlyMap<Space, readonly LaidManifest[]>>();

/** The laid mapping that holds a page of a space. */
export function laidOf(manifest: Manifest, space: Space, page: number): LaidManifest | undefined {
  let bySpace = laidBySpace.get(manifest);
  if (!bySpace) {
    bySpace = Map.groupBy(manifest.laid, ({ mapping }) => mapping.space);
    laidBySpace.set(manifest, bySpace);
  }
  const laid = bySpace.get(space) ?? [];
  let low = 0;
  let high = laid.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (laid[middle].mapping.spaceStart <= page) low = middle + 1;
    else high = middle;
  }
  const last = low > 0 ? laid[low - 1].mapping : undefined;
  return last && page < last.spaceStart + (last.range.end - last.range.start) ? laid[low - 1] : undefined;
}

/** @throws DumpError `address-unmapped`, `page-absent` naming the first address without bytes */
export function readExactly(
  store: Store,
  record: SnapshotRecord,
  space: Space,
  address: bigint,
  length: number,
): Uint8Array {
  const { states, bytes, firstPage } = readBytes(store, record, space, address, length);
  const bad = states.findIndex(
    (state) => state === NO_ROW || !isRecorded(state) || PAGE_STATES[state] === "parent-missing",
  );
  if (bad < 0) return bytes;
  const pageStart = addressOfPage((firstPage + bad) as PageAddress);
  const first = formatAddress(bad === 0 && address > pageStart ? (address as typeof pageStart) : pageStart);
  const facts = { address: first, space };
  if (states[bad] === NO_ROW)
    throw new DumpError("address-unmapped", `${first} is in no mapping of ${record.container}/${record.name}`, facts);
  throw new DumpError(
    "page-absent",
    `${first} is absent from the dump: ${PAGE_STATES[states[bad]].replace("absent-", "")}`,
    facts,
  );
}
