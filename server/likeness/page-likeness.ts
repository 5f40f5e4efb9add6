/**
 * The likenesses of a snapshot's pages, by row of its manifest: made from the pages' bytes and the mappings of the space
 * in which each stands.
 */
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { type Mapping, PAGE_STATES, parseSpace, type Space } from "../../shared/snapshot/index.ts";
import type { ChunkRef, LaidManifest, Manifest, Store } from "../store/index.ts";
import { mappingsOfProcess, nameMappings } from "./identities.ts";
import { createNormaliser, type Normaliser } from "./normalise.ts";

export const HASH = 32;

/** Rows of a manifest with their likenesses; a row that has none is left out. */
export interface LikenessRows {
  /** Ascending. */
  readonly rows: Uint32Array;
  /** 32 bytes a row. */
  readonly hashes: Uint8Array;
}

/** A chunk and the space it lies in, in the order of their rows. */
export interface PlacedChunk {
  readonly space: Space;
  readonly chunk: ChunkRef;
}

export function chunksByRow(manifest: Pick<Manifest, "laid">): readonly PlacedChunk[] {
  return manifest.laid
    .flatMap(({ mapping, chunks }: LaidManifest) => chunks.map((chunk) => ({ space: mapping.space, chunk })))
    .sort((a, b) => a.chunk.row - b.chunk.row);
}

/** @returns a function of a chunk: its likenesses; of a space whose mappings the dump does not tell, none. */
export function createPageLikeness(store: Store, manifest: Manifest): (placed: PlacedChunk) => LikenessRows {
  const normalisersIn = normalisersOf(manifest);
  const columnsOf = (chunk: ChunkRef) => {
    const { state, page, partial } = manifest.columns(chunk);
    // Of a page of which the dump holds a part, nobody knows what the rest points to.
    const isPart = new Set(partial.map(({ row }) => row));
    const rows = Uint32Array.from(state.keys()).filter((row) => hasContent(state[row]) && !isPart.has(row));
    return { rows, pages: Uint32Array.from(rows, (row) => page[row]) };
  };
  return ({ space, chunk }) => {
    const { rows, pages } = columnsOf(chunk);
    const bytes = store.pages.bytes(pages);
    const hashes = Buffer.alloc(rows.length * HASH);
    const pointers = new Uint16Array(rows.length);
    const normaliserAt = normalisersIn(space);
    for (let from = 0, to = 0; from < rows.length; from = to) {
      const normalise = normaliserAt(chunk.start + rows[from]);
      for (to = from + 1; to < rows.length && normaliserAt(chunk.start + rows[to]) === normalise; ) to++;
      normalise?.(
        bytes.subarray(from * PAGE_SIZE, to * PAGE_SIZE),
        hashes.subarray(from * HASH, to * HASH),
        pointers.subarray(from, to),
      );
    }
    return withPointers(rows, hashes, pointers, chunk.row);
  };
}

const WITH_CONTENT = new Set(["data", "parent"]);

function hasContent(state: number): boolean {
  return WITH_CONTENT.has(PAGE_STATES[state]);
}

function withPointers(rows: Uint32Array, hashes: Buffer, pointers: Uint16Array, firstRow: number): LikenessRows {
  let kept = 0;
  for (let i = 0; i < rows.length; i++) {
    if (pointers[i] === 0) continue;
    hashes.copyWithin(kept * HASH, i * HASH, i * HASH + HASH);
    rows[kept] = firstRow + rows[i];
    kept++;
  }
  return { rows: rows.subarray(0, kept), hashes: hashes.subarray(0, kept * HASH) };
}

/** By space and page: of a process its own; of a segment that of the first process, by pid, that maps the page. */
function normalisersOf(manifest: Manifest): (space: Space) => (page: number) => Normaliser | undefined {
  const { facts, segmentMaps } = manifest;
  const made = new Map<number, Normaliser | undefined>();
  const ofProcess = (pid: number) => {
    if (!made.has(pid)) made.set(pid, make(pid));
    return made.get(pid);
  };
  const make = (pid: number) => {
    const mappings = mappingsOfProcess(manifest, pid);
    if (!manifest.hasMappings || mappings.length === 0 || mappings.some(isUntold)) return undefined;
    const executable = facts.processes.find((process) => process.pid === pid)?.executable ?? null;
    return createNormaliser(nameMappings(mappings, executable, facts.byteOrder));
  };
  const mapsOf = Map.groupBy(
    segmentMaps.map(({ mapping }) => mapping).toSorted((a, b) => a.pid - b.pid),
    ({ space }) => space,
  );
  return (space) => {
    const parsed = parseSpace(space);
    if (parsed?.kind === "process") {
      const normalise = ofProcess(parsed.id);
      return () => normalise;
    }
    const maps = mapsOf.get(space) ?? [];
    return (page) => {
      const map = maps.find((mapping) => holds(mapping, page));
      return map && ofProcess(map.pid);
    };
  };
}

function isUntold({ kind }: Mapping): boolean {
  return kind === "unnamed" || kind === "raw" || kind === "physical";
}

function holds({ spaceStart, range }: Mapping, page: number): boolean {
  return page >= spaceStart && page < spaceStart + (range.end - range.start);
}

/** @returns where a row of the manifest lies; the row must be one of it */
export function placesByRow(
  manifest: Pick<Manifest, "laid">,
): (row: number) => { readonly space: Space; readonly page: number } {
  const chunks = chunksByRow(manifest);
  return (row) => {
    const { space, chunk } = chunks[bisect(chunks.length, (i) => chunks[i].chunk.row <= row) - 1];
    return { space, page: chunk.start + row - chunk.row };
  };
}
