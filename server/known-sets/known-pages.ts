/**
 * Which pages are known, now: asked when looked at, so that a known set that comes or goes explains old snapshots at once.
 * The question is a bit for each page number (`members.ts`); snapshots that hold none of a set's pages are not read again.
 */
import { emptyProvenance, PROVENANCES, type ProvenanceCounts, provenanceCode } from "../../shared/provenance/index.ts";
import { type PageSet, pageSet } from "../explain/index.ts";
import {
  type KnownSetRecord,
  LeastRecent,
  type SnapshotRecord,
  type Store,
  type StrippingRecord,
} from "../store/index.ts";
import { type KnownSet, openKnownSet } from "./known-set.ts";
import { hasMember, type Members, readMembers, unionOf } from "./members.ts";
import { alikeRowsOf, createOthers, type Other, type Others } from "./others.ts";

const KNOWN = provenanceCode("known");
const RELOCATED = provenanceCode("relocated");
const ALIKE = provenanceCode("alike");
const NEW = provenanceCode("new");

const NO_ROWS = new Uint32Array(0);

/** What is known of the pages of a snapshot now. */
export interface KnownPages {
  /** Known page numbers of the store. */
  readonly set: PageSet;
  /** Rows of its manifest; none until it is stripped. */
  readonly relocated: PageSet;
  readonly alike: PageSet;
}

/** Live answers about known pages, over one store. */
export interface KnownSets {
  sets(): readonly KnownSet[];
  /** Changes with whatever the live provenance of the snapshot is made of. */
  generation(snapshot: SnapshotRecord): string;
  /** As far as the store has pages now: all of the snapshot's, and others. */
  pagesOf(snapshot: SnapshotRecord): KnownPages;
  /**
   * Codes of a chunk's rows with what is known now put in, where it goes before what the ingest has found out.
   * @param firstRow of the manifest
   */
  overlay(known: KnownPages, codes: Uint8Array, pages: Uint32Array, firstRow: number): Uint8Array;
  /** The snapshots to which its pages may be alike; `Stripping` counts them from 0. */
  othersOf(snapshot: SnapshotRecord): readonly Other[];
  /** What a stripping of the snapshot would be made with now. */
  strippingKey(snapshot: SnapshotRecord): string;
  /** What is relocated and alike of it; `undefined` until that is made with the sets and snapshots of now. */
  strippingOf(snapshot: SnapshotRecord): StrippingRecord | undefined;
  isStripped(snapshot: SnapshotRecord): boolean;
  provenance(snapshot: SnapshotRecord): ProvenanceCounts;
  /** One for each laid mapping. */
  laidProvenance(snapshot: SnapshotRecord): readonly ProvenanceCounts[];
  /** Of the pages left to files those of files that had been deleted, which no set explains. */
  ofDeletedFiles(snapshot: SnapshotRecord): number;
  /** Of the image that the dump says its container has, as sets have it; `undefined` when it does not say. */
  imageDigestOf(snapshot: SnapshotRecord): string | undefined;
  /** Over all snapshots: pages left to files of the set, and recorded pages with the content of one of its pages. */
  usage(set: KnownSet): { readonly leftToFiles: number; readonly sameContent: number };
}

/** Tells a set from one that was added before under the same name, of the same content too: its pages may have other numbers. */
export function keyOfKnownSet({ name, run, occurrences, addedAt }: KnownSetRecord): string {
  return `${name}:${run}:${occurrences}:${addedAt}`;
}

export function createKnownSets(store: Store): KnownSets {
  const opened = new LeastRecent<KnownSet>(64);
  const members = new Map<string, { readonly revision: string; readonly members: Members }>();
  let union: { readonly key: string; readonly set: PageSet } | undefined;
  const rows = new LeastRecent<Pick<KnownPages, "relocated" | "alike">>(64);
  // Counts are a few numbers; a library of 4,096 snapshots is listed without counting again.
  const counted = new LeastRecent<ProvenanceCounts>(4096);
  const laid = new LeastRecent<readonly ProvenanceCounts[]>(64);
  const held = new LeastRecent<boolean>(65_536);
  const deleted = new LeastRecent<number>(4096);
  const imageIds = new LeastRecent<string>(4096);
  const uses = new LeastRecent<ReturnType<KnownSets["usage"]>>(65_536);

  /** Its members, as far as the store has packs now. */
  function membersOf(set: KnownSet): Members {
    const key = keyOfKnownSet(set.record);
    const revision = store.catalog.revision();
    const before = members.get(key);
    if (before?.revision === revision) return before.members;
    const now = readMembers(store, set, before?.members);
    members.set(key, { revision, members: now });
    return now;
  }

  /** Whether the snapshot holds a page of the set. */
  function holds(snapshot: SnapshotRecord, set: KnownSet): boolean {
    return held.get(`${snapshot.manifest} ${keyOfKnownSet(set.record)}`, () => {
      const its = membersOf(set);
      if (its.isEmpty) return false;
      return store
        .manifest(snapshot)
        .distinctPages()
        .some((page) => hasMember(its, page));
    });
  }

  /** Tells apart what a snapshot is counted with: the sets of which it holds pages. */
  function heldSets(snapshot: SnapshotRecord): string {
    return known
      .sets()
      .filter((set) => holds(snapshot, set))
      .map(({ record }) => keyOfKnownSet(record))
      .join();
  }

  let asked:
    | { readonly revision: string; readonly others: Others; readonly keys: ReadonlyMap<string, string> }
    | undefined;
  /** What strippings were made with and would be made with, as long as nothing in the catalog changes. */
  function strippings(): NonNullable<typeof asked> {
    const revision = store.catalog.revision();
    if (asked?.revision !== revision) {
      const others = createOthers(store.catalog.snapshots(), known.sets());
      asked = { revision, others, keys: store.catalog.strippingKeys() };
    }
    return asked;
  }

  const allKeys = () => store.catalog.knownSets().map(keyOfKnownSet).join();

  /** The key of its stripping, when that was made with the sets and snapshots of now. */
  function strippedWith(snapshot: SnapshotRecord): string | undefined {
    const key = strippings().keys.get(snapshot.id);
    return key !== undefined && key === known.strippingKey(snapshot) ? key : undefined;
  }

  const known: KnownSets = {
    othersOf: (snapshot) => strippings().others.of(snapshot),
    strippingKey: (snapshot) => strippings().others.keyOf(snapshot),
    isStripped: (snapshot) => strippedWith(snapshot) !== undefined,
    strippingOf: (snapshot) =>
      strippedWith(snapshot) === undefined ? undefined : store.catalog.stripping(snapshot.id),
    sets: () =>
      store.catalog
        .knownSets()
        .map((record) => opened.get(keyOfKnownSet(record), () => openKnownSet(store.blobs, record))),
    generation: (snapshot) => `${allKeys()} ${strippedWith(snapshot) ?? ""}`,
    pagesOf(snapshot) {
      const key = `${store.catalog.revision()} ${allKeys()}`;
      if (union?.key !== key) {
        const sets = known.sets();
        const keys = new Set(sets.map(({ record }) => keyOfKnownSet(record)));
        for (const gone of members.keys()) if (!keys.has(gone)) members.delete(gone);
        const all = unionOf(sets.map(membersOf));
        union = { key, set: { has: (page) => hasMember(all, page) } };
      }
      const { relocated, alike } = rows.get(`${snapshot.id} ${strippedWith(snapshot) ?? ""}`, () => {
        const stripping = known.strippingOf(snapshot);
        return {
          relocated: pageSet(stripping?.relocated ?? NO_ROWS),
          alike: pageSet(stripping ? alikeRowsOf(stripping) : NO_ROWS),
        };
      });
      return { set: union.set, relocated, alike };
    },
    overlay: ({ set, relocated, alike }, codes, pages, firstRow) =>
      codes.map((code, row) => {
        if (code <= KNOWN || code >= PROVENANCES.length) return code;
        if (set.has(pages[row])) return KNOWN;
        if (relocated.has(firstRow + row)) return RELOCATED;
        return code === NEW && alike.has(firstRow + row) ? ALIKE : code;
      }),
    provenance(snapshot) {
      const sets = heldSets(snapshot);
      const stripped = strippedWith(snapshot);
      if (sets === "" && stripped === undefined) return snapshot.provenance;
      return counted.get(`${snapshot.id} ${sets} ${stripped ?? ""}`, () => sumOf(known.laidProvenance(snapshot)));
    },
    laidProvenance: (snapshot) =>
      laid.get(`${snapshot.id} ${heldSets(snapshot)} ${strippedWith(snapshot) ?? ""}`, () =>
        countLaid(store, snapshot, known),
      ),
    ofDeletedFiles: (snapshot) =>
      snapshot.pages.absent.file === 0 ? 0 : deleted.get(snapshot.manifest, () => countDeleted(store, snapshot)),
    imageDigestOf(snapshot) {
      const id = imageIds.get(snapshot.manifest, () => store.manifest(snapshot).facts.imageId ?? "");
      // podman writes the digits alone, others name the algorithm.
      return id === "" ? undefined : `sha256:${id.replace(/^sha256:/, "")}`;
    },
    usage(set) {
      const total = { leftToFiles: 0, sameContent: 0 };
      for (const snapshot of store.catalog.snapshots()) {
        const use = uses.get(`${snapshot.manifest} ${keyOfKnownSet(set.record)}`, () =>
          countUse(store, snapshot, set, holds(snapshot, set) ? membersOf(set) : undefined),
        );
        total.leftToFiles += use.leftToFiles;
        total.sameContent += use.sameContent;
      }
      return total;
    },
  };
  return known;
}

function sumOf(all: readonly ProvenanceCounts[]): ProvenanceCounts {
  const total = emptyProvenance();
  for (const counts of all) for (const provenance of PROVENANCES) total[provenance] += counts[provenance];
  return total;
}

function countDeleted(store: Store, snapshot: SnapshotRecord): number {
  const { laid } = store.manifest(snapshot);
  return laid.reduce((sum, { mapping, counts }) => sum + (mapping.deleted ? counts.absent.file : 0), 0);
}

function countLaid(store: Store, snapshot: SnapshotRecord, known: KnownSets): readonly ProvenanceCounts[] {
  const manifest = store.manifest(snapshot);
  const provenance = store.provenance(snapshot);
  const pages = known.pagesOf(snapshot);
  return manifest.laid.map((mapping) => {
    const counts = emptyProvenance();
    for (const chunk of mapping.chunks) {
      const codes = known.overlay(
        pages,
        provenance.codes(chunk.row, chunk.rows),
        manifest.columns(chunk).page,
        chunk.row,
      );
      for (const code of codes) if (code < PROVENANCES.length) counts[PROVENANCES[code]]++;
    }
    return counts;
  });
}

/** @param members `undefined` when the snapshot holds none */
function countUse(
  store: Store,
  snapshot: SnapshotRecord,
  set: KnownSet,
  members: Members | undefined,
): ReturnType<KnownSets["usage"]> {
  const manifest = store.manifest(snapshot);
  let leftToFiles = 0;
  let sameContent = 0;
  for (const { mapping, counts, chunks } of manifest.laid) {
    if (mapping.path !== null && !mapping.deleted && set.hasFile(mapping.path)) leftToFiles += counts.absent.file;
    if (!members) continue;
    for (const chunk of chunks)
      for (const page of manifest.columns(chunk).page) if (hasMember(members, page)) sameContent++;
  }
  return { leftToFiles, sameContent };
}
