/**
 * The strips of a snapshot by choice: the blocks in which a page of the chosen kind stands, found in its columns once and
 * kept while they are looked at. Where a page stands on the strip of residual pages depends on what explains them now, so
 * each strip has a name of its content: who lays it elsewhere asks for tiles of that name.
 */
import { createHash } from "node:crypto";
import { provenanceCode } from "../../shared/provenance/index.ts";
import { isRecorded } from "../../shared/snapshot/index.ts";
import { BLOCK_PAGES, type StripChoice } from "../../shared/strip/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { type ChunkRef, type LaidManifest, LeastRecent, type SnapshotRecord, type Store } from "../store/index.ts";
import { type SnapshotStrip, snapshotStrip, unrankedStrip } from "./strip-source.ts";

const NEW = provenanceCode("new");

/** Blocks of 16 pages from a mapping's start, [from, to), ascending and apart. */
export type Blocks = readonly (readonly [number, number])[];

export interface ChosenStrip {
  /** 16 hexadecimal digits: equal names, equal strips. */
  readonly content: string;
  /** Blocks that are shown, of each laid mapping in order. */
  readonly shown: readonly Blocks[];
  /** Pages of the chosen kind; of `all` those recorded or left to a file. */
  readonly pages: number;
}

export interface Strips {
  choose(record: SnapshotRecord, choice: StripChoice): ChosenStrip;
  /** The columns of that strip, as the pages are explained now. */
  source(record: SnapshotRecord, choice: StripChoice): SnapshotStrip;
  /** The same without ranks. */
  unranked(record: SnapshotRecord, choice: StripChoice): SnapshotStrip;
}

/** Strips that are kept. Of a snapshot of 64 GiB one takes 16 MiB at most, if every other block is folded away. */
const MOST_KEPT = 4;

export function createStrips(store: Store, known: KnownSets): Strips {
  const kept = new LeastRecent<ChosenStrip>(MOST_KEPT);
  const choose = (record: SnapshotRecord, choice: StripChoice): ChosenStrip => {
    const explained = choice === "residual" ? `${record.provenanceBlob} ${known.generation(record)}` : "";
    return kept.get(`${record.manifest} ${choice} ${explained}`, () => chooseBlocks(store, known, record, choice));
  };
  const shownOf = (record: SnapshotRecord, choice: StripChoice) =>
    choice === "all" ? undefined : choose(record, choice).shown;
  return {
    choose,
    source: (record, choice) => snapshotStrip(store, known, record, shownOf(record, choice)),
    unranked: (record, choice) => unrankedStrip(store, record, shownOf(record, choice)),
  };
}

function chooseBlocks(store: Store, known: KnownSets, record: SnapshotRecord, choice: StripChoice): ChosenStrip {
  const { laid } = store.manifest(record);
  if (choice === "all") {
    const { present, zero, inParent, absent } = record.pages;
    const shown = laid.map((entry) => entry.shown);
    return { content: contentOf(shown), shown, pages: present + zero + inParent + absent.file };
  }
  const isChosen = chosenRows(store, known, record, choice);
  let pages = 0;
  const shown = laid.map((entry) => {
    const found = blocksOf(entry, entry.mapping.spaceStart, isChosen);
    pages += found.pages;
    return found.blocks;
  });
  return { content: contentOf(shown), shown, pages };
}

/** Of each row of a chunk 1 when its page is of the chosen kind, as pages are explained now. */
export function chosenRows(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  choice: Exclude<StripChoice, "all">,
): (chunk: ChunkRef) => Uint8Array {
  const manifest = store.manifest(record);
  if (choice === "recorded")
    return (chunk) => manifest.columns(chunk).state.map((state) => (isRecorded(state) ? 1 : 0));
  const provenance = store.provenance(record);
  const knownPages = known.pagesOf(record);
  return (chunk) =>
    known
      .overlay(knownPages, provenance.codes(chunk.row, chunk.rows), manifest.columns(chunk).page, chunk.row)
      .map((code) => (code === NEW ? 1 : 0));
}

/** The blocks of a mapping in which a chosen page stands. @param start page from which blocks are counted */
export function blocksOf(
  { chunks }: LaidManifest,
  start: number,
  isChosen: (chunk: ChunkRef) => Uint8Array,
): { readonly blocks: Blocks; readonly pages: number } {
  const blocks: [number, number][] = [];
  let pages = 0;
  for (const chunk of chunks) {
    const chosen = isChosen(chunk);
    for (let row = 0; row < chunk.rows; row++) {
      if (chosen[row] === 0) continue;
      pages++;
      const block = Math.floor((chunk.start + row - start) / BLOCK_PAGES);
      const last = blocks.at(-1);
      if (last && block < last[1]) continue;
      if (last && block === last[1]) last[1]++;
      else blocks.push([block, block + 1]);
    }
  }
  return { blocks, pages };
}

/** Equal names, equal blocks. */
export function contentOf(shown: readonly Blocks[]): string {
  return createHash("sha256").update(JSON.stringify(shown)).digest("hex").slice(0, 16);
}
