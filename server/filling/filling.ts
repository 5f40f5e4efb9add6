/**
 * What fills the pages that a dump has left to files: a file that was deleted only the dump's own ghost file, every other
 * one a known set that keeps its bytes, unless the container had changed it. Path and offset are those of the mapping. Nothing of it is kept: a known set that
 * comes or goes counts at once. Filled pages are never recorded ones.
 */
import { NO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { type Mapping, type Space, stateCode } from "../../shared/snapshot/index.ts";
import { type KnownSets, keyOfKnownSet } from "../known-sets/index.ts";
import { LeastRecent, type Manifest, NO_ROW, placesOf, type SnapshotRecord, type Store } from "../store/index.ts";
import { type Carried, openCarried } from "./carried.ts";
import { FIRST_GHOST, type GhostPages } from "./ghost-pages.ts";
import { imageFilesOf } from "./image-files.ts";
import { interleave } from "./interleave.ts";
import type { FillingFile, FillingSource } from "./source.ts";

const LEFT_TO_FILE = stateCode("absent-file");
/** Page numbers of the files of a snapshot's mappings: 4 B a page of theirs. */
const OPEN_FILLINGS = 8;
/** Pages looked at in one piece. */
const PIECE = 4096;

/** What fills the pages [start, end) of a mapping that are left to its file. */
export interface Filler {
  /** Index into the manifest's `laid`. */
  readonly laid: number;
  readonly space: Space;
  readonly start: number;
  readonly end: number;
  /** Byte of the file at `start`. */
  readonly offset: number;
  readonly source: FillingSource;
  /** Page number at a page of the space, or `ZERO_PAGE`; those from 2^31 on are `Filling.bytes`'s alone. */
  numberOf(page: number): number;
}

/** Neighbouring pages [page, page + count) of a space that are filled from one file. */
export interface FilledRun {
  readonly space: Space;
  readonly page: number;
  readonly count: number;
  /** Byte of the file. */
  readonly offset: number;
  readonly source: FillingSource;
}

/** Pages; none of them is recorded. */
export interface FillingCounts {
  /** Of those left to files, the ones of files that were deleted: no image's. */
  readonly ofDeletedFiles: number;
  readonly fromGhost: number;
  readonly fromImage: number;
}

const NOTHING_FILLED: FillingCounts = { ofDeletedFiles: 0, fromGhost: 0, fromImage: 0 };

/** Of parts that have no page in common. */
export function sumOfFillingCounts(parts: readonly FillingCounts[]): FillingCounts {
  const sum = (name: keyof FillingCounts) => parts.reduce((total, counts) => total + counts[name], 0);
  return { ofDeletedFiles: sum("ofDeletedFiles"), fromGhost: sum("fromGhost"), fromImage: sum("fromImage") };
}

export interface Filling {
  /** Equal for equal fillings of a snapshot. */
  readonly key: string;
  /** By strip order; of each mapping one at most. */
  readonly fillers: readonly Filler[];
  /** One for each laid mapping. */
  readonly laidCounts: readonly FillingCounts[];
  readonly counts: FillingCounts;
  /** The filler of a page that is left to its file; whether it is, the manifest says. */
  fillerOf(space: Space, page: number): Filler | undefined;
  /** Of pages [page, page + count) of a space: their numbers, `NO_PAGE` where nothing is filled. */
  numbers(space: Space, page: number, count: number): Uint32Array;
  /** In strip order. */
  runs(): Generator<FilledRun>;
  /** @param numbers of pages that are not all zero. @throws DumpError `store-damaged` */
  bytes(numbers: Uint32Array): Uint8Array;
}

/** Live fillings of the snapshots of one store. */
export interface Fillings {
  /** @throws DumpError `store-damaged` */
  of(snapshot: SnapshotRecord): Promise<Filling>;
}

export function createFillings(store: Store, known: KnownSets): Fillings {
  const made = new LeastRecent<Filling>(OPEN_FILLINGS);
  const opened = new LeastRecent<Carried>(OPEN_FILLINGS);

  async function carriedBy(snapshot: SnapshotRecord): Promise<Carried> {
    const carried = opened.find(snapshot.original) ?? (await openCarried(store, snapshot));
    opened.set(snapshot.original, carried);
    return carried;
  }

  return {
    async of(snapshot) {
      const sets = known.sets().map(({ record }) => keyOfKnownSet(record));
      const key = JSON.stringify([snapshot.manifest, snapshot.original, ...sets]);
      const before = made.find(key);
      if (before) return before;
      const manifest = store.manifest(snapshot);
      const isAnyKept = known.sets().some(({ record }) => record.withBytes);
      const isFillable = manifest.laid.some(
        ({ mapping, counts }) => counts.absent.file > 0 && (mapping.deleted || isAnyKept),
      );
      const carried = isFillable ? await carriedBy(snapshot) : undefined;
      const imageFileOf = imageFilesOf(known, snapshot);
      const filling = fill(store, manifest, key, {
        ghost: carried?.ghost,
        imageFileOf: (path) => (carried?.changed.has(path) ? undefined : imageFileOf(path)),
      });
      made.set(key, filling);
      return filling;
    },
  };
}

interface Contents {
  readonly ghost: GhostPages | undefined;
  imageFileOf(path: string): FillingFile | undefined;
}

function fill(store: Store, manifest: Manifest, key: string, contents: Contents): Filling {
  const fillers = manifest.laid.flatMap(({ mapping, counts }, laid) => {
    const filler = counts.absent.file > 0 ? fillerOf(mapping, laid, contents) : undefined;
    return filler ? [filler] : [];
  });
  const bySpace = Map.groupBy(fillers, ({ space }) => space);
  const places = placesOf(manifest);

  /** Ranges that the pages of a filler which are left to their file make, cut anywhere. */
  function* filled({ space, start, end }: Filler): Generator<readonly [page: number, count: number]> {
    const rows = places.ranges(space, start, end);
    let at = start;
    for (const [from, to] of [...rows, [end, end]]) {
      if (at < from) yield [at, from - at];
      for (let page = from; page < to; page += PIECE) {
        const { state } = places.columns(space, page, Math.min(PIECE, to - page));
        for (let row = 0; row < state.length; ) {
          if (state[row] !== LEFT_TO_FILE) {
            row++;
            continue;
          }
          const first = row;
          while (row < state.length && state[row] === LEFT_TO_FILE) row++;
          yield [page + first, row - first];
        }
      }
      at = to;
    }
  }

  const laidCounts = manifest.laid.map(
    ({ mapping, counts }): FillingCounts => ({
      ...NOTHING_FILLED,
      ofDeletedFiles: mapping.deleted ? counts.absent.file : 0,
    }),
  );
  for (const filler of fillers) {
    let pages = 0;
    for (const [, count] of filled(filler)) pages += count;
    const counts = laidCounts[filler.laid];
    laidCounts[filler.laid] =
      filler.source.kind === "ghost" ? { ...counts, fromGhost: pages } : { ...counts, fromImage: pages };
  }
  const at = (space: Space, page: number) => bySpace.get(space)?.find(({ start, end }) => start <= page && page < end);
  return {
    key,
    fillers,
    laidCounts,
    counts: sumOfFillingCounts(laidCounts),
    fillerOf: at,
    numbers(space, page, count) {
      const numbers = new Uint32Array(count).fill(NO_PAGE);
      const own = (bySpace.get(space) ?? []).filter(({ start, end }) => start < page + count && page < end);
      if (own.length === 0) return numbers;
      const { state } = places.columns(space, page, count);
      for (const filler of own) {
        const end = Math.min(count, filler.end - page);
        for (let row = Math.max(0, filler.start - page); row < end; row++)
          if (state[row] === LEFT_TO_FILE || state[row] === NO_ROW) numbers[row] = filler.numberOf(page + row);
      }
      return numbers;
    },
    *runs() {
      for (const filler of fillers) {
        const { space, start, offset, source } = filler;
        const run = (page: number, end: number): FilledRun => ({
          space,
          page,
          count: end - page,
          offset: offset + (page - start) * PAGE_SIZE,
          source,
        });
        let open: [number, number] | undefined;
        for (const [page, count] of filled(filler)) {
          if (open && open[1] !== page) yield run(...open);
          open = [open?.[1] === page ? open[0] : page, page + count];
        }
        if (open) yield run(...open);
      }
    },
    bytes(numbers) {
      const ofStore = store.pages.bytes(numbers.filter((number) => number < FIRST_GHOST));
      return interleave(numbers, PAGE_SIZE, ofStore, (own) => contents.ghost?.bytes(own) ?? new Uint8Array(0));
    },
  };
}

function fillerOf(mapping: Mapping, laid: number, { ghost, imageFileOf }: Contents): Filler | undefined {
  const { space, path, range, spaceStart, offset, deleted } = mapping;
  if (mapping.kind !== "file" || mapping.absent !== "file" || path === null || offset % PAGE_SIZE !== 0)
    return undefined;
  const file = deleted ? ghost?.fileOf(path) : imageFileOf(path);
  if (!file) return undefined;
  const firstOfFile = offset / PAGE_SIZE;
  const pages = Math.min(range.end - range.start, file.pages - firstOfFile);
  if (pages <= 0) return undefined;
  return {
    laid,
    space,
    start: spaceStart,
    end: spaceStart + pages,
    offset,
    source: file.source,
    numberOf: (page) => file.numberOf(firstOfFile + page - spaceStart),
  };
}
