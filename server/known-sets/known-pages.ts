/**
 * Which pages of a snapshot are known, now: looked up when asked, so that a known set that comes or goes explains old
 * snapshots at once. Answers are kept per snapshot and known sets.
 */
import { emptyProvenance, PROVENANCES, type ProvenanceCounts, provenanceCode } from "../../shared/provenance/index.ts";
import { type PageSet, pageSet } from "../explain/index.ts";
import { LeastRecent, type SnapshotRecord, type Store } from "../store/index.ts";
import { type KnownSet, openKnownSet } from "./known-set.ts";

/** Hashes looked up in one go: 64 Ki × 32 B = 2 MiB. */
const LOOKUP = 65_536;
const KNOWN = provenanceCode("known");

export interface KnownPages {
  /** Distinct known page numbers of the snapshot. */
  readonly set: PageSet;
  readonly count: number;
}

export interface LiveProvenance {
  readonly total: ProvenanceCounts;
  /** One for each laid mapping. */
  readonly laid: readonly ProvenanceCounts[];
}

/** Live answers about known pages, over one store. */
export interface KnownSets {
  sets(): readonly KnownSet[];
  /** Changes with the known sets. */
  generation(): string;
  pagesOf(snapshot: SnapshotRecord): KnownPages;
  /** Codes of a chunk's rows with known pages put in: known goes before moved, shared and new. */
  overlay(known: KnownPages, codes: Uint8Array, pages: Uint32Array): Uint8Array;
  provenance(snapshot: SnapshotRecord): LiveProvenance;
  /** Over all snapshots: pages left to files of the set, and recorded pages with the content of one of its pages. */
  usage(set: KnownSet): { readonly leftToFiles: number; readonly sameContent: number };
}

export function createKnownSets(store: Store): KnownSets {
  const opened = new LeastRecent<KnownSet>(64);
  const answers = new LeastRecent<KnownPages>(64);
  // Counts are a few numbers a mapping; a library of 4,096 snapshots is listed without counting again.
  const counted = new LeastRecent<LiveProvenance>(4096);
  const uses = new LeastRecent<ReturnType<KnownSets["usage"]>>(65_536);

  const known: KnownSets = {
    sets: () =>
      store.catalog
        .knownSets()
        .map((record) => opened.get(`${record.name} ${record.run}`, () => openKnownSet(store.blobs, record))),
    generation: () =>
      store.catalog
        .knownSets()
        .map((record) => `${record.name}:${record.run}`)
        .join(),
    pagesOf: (snapshot) =>
      answers.get(`${snapshot.manifest} ${known.generation()}`, () => lookUp(store, snapshot, known.sets())),
    overlay: ({ set }, codes, pages) =>
      codes.map((code, row) => (code > KNOWN && code < PROVENANCES.length && set.has(pages[row]) ? KNOWN : code)),
    provenance: (snapshot) =>
      counted.get(`${snapshot.id} ${known.generation()}`, () => countProvenance(store, snapshot, known)),
    usage(set) {
      const total = { leftToFiles: 0, sameContent: 0 };
      for (const snapshot of store.catalog.snapshots()) {
        const use = uses.get(`${snapshot.manifest} ${set.record.run}`, () => countUse(store, snapshot, set));
        total.leftToFiles += use.leftToFiles;
        total.sameContent += use.sameContent;
      }
      return total;
    },
  };
  return known;
}

function lookUp(store: Store, snapshot: SnapshotRecord, sets: readonly KnownSet[]): KnownPages {
  const found: number[] = [];
  if (sets.length > 0) {
    const distinct = store.manifest(snapshot).distinctPages();
    for (let at = 0; at < distinct.length; at += LOOKUP) {
      const pages = distinct.subarray(at, at + LOOKUP);
      const hashes = store.pages.hashes(pages);
      pages.forEach((page, i) => {
        if (sets.some((set) => set.has(hashes, i * 32))) found.push(page);
      });
    }
  }
  return { set: pageSet(Uint32Array.from(found)), count: found.length };
}

function countProvenance(store: Store, snapshot: SnapshotRecord, known: KnownSets): LiveProvenance {
  const manifest = store.manifest(snapshot);
  const provenance = store.provenance(snapshot);
  const pages = known.pagesOf(snapshot);
  const total = emptyProvenance();
  const laid = manifest.laid.map((mapping) => {
    const counts = emptyProvenance();
    for (const chunk of mapping.chunks) {
      const codes = known.overlay(pages, provenance.codes(chunk.row, chunk.rows), manifest.columns(chunk).page);
      for (const code of codes) {
        if (code >= PROVENANCES.length) continue;
        counts[PROVENANCES[code]]++;
        total[PROVENANCES[code]]++;
      }
    }
    return counts;
  });
  return { total, laid };
}

function countUse(store: Store, snapshot: SnapshotRecord, set: KnownSet): ReturnType<KnownSets["usage"]> {
  const manifest = store.manifest(snapshot);
  const pages = lookUp(store, snapshot, [set]).set;
  let leftToFiles = 0;
  let sameContent = 0;
  for (const { mapping, counts, chunks } of manifest.laid) {
    if (mapping.path !== null && set.hasFile(mapping.path)) leftToFiles += counts.absent.file;
    for (const chunk of chunks) for (const page of manifest.columns(chunk).page) if (pages.has(page)) sameContent++;
  }
  return { leftToFiles, sameContent };
}
