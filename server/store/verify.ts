/**
 * Re-reads and re-hashes everything: each blob against its name, each page of each pack against its hash (which the
 * pack's name stands for), each reference against what it refers to. Problems name the snapshots they hurt.
 */
import { isDumpError } from "../../shared/errors/index.ts";
import { BLOB_KINDS, type BlobKind } from "./blobs.ts";
import type { KnownSetRecord, SnapshotRecord } from "./catalog.ts";
import { pagesOfRun } from "./common-pages.ts";
import { openManifest, openProvenance } from "./manifest.ts";
import { nameOfPack, readFrame, readPackTable, readTotals } from "./pack.ts";
import { openRun } from "./page-index.ts";
import type { PackPlace } from "./page-store.ts";
import type { Store } from "./store.ts";

export interface Problem {
  readonly what: string;
  /** `container/t1` of each snapshot that cannot be trusted because of it. */
  readonly snapshots: readonly string[];
}

export interface Verified {
  readonly ok: boolean;
  readonly blobs: number;
  readonly bytes: number;
  readonly pages: number;
  readonly problems: readonly Problem[];
}

export async function verifyStore(store: Store, signal?: AbortSignal): Promise<Verified> {
  const problems: Problem[] = [];
  const snapshots = store.catalog.snapshots();
  const label = (record: SnapshotRecord) => `${record.container}/${record.name}`;
  let blobs = 0;
  let bytes = 0;
  let pages = 0;

  // Manifests first: with them it can be said whom a damaged pack hurts.
  const needs = new Map<
    string,
    { readonly distinct: Uint32Array | undefined; readonly refersTo: ReadonlySet<string> }
  >();
  for (const record of snapshots) {
    try {
      const manifest = openManifest(store.blobs, record.manifest);
      for (const laid of manifest.laid) for (const chunk of laid.chunks) manifest.columns(chunk);
      openProvenance(store.blobs, record.provenanceBlob);
      needs.set(record.id, { distinct: manifest.distinctPages(), refersTo: manifest.refersTo });
    } catch (error) {
      needs.set(record.id, { distinct: undefined, refersTo: new Set() });
      if (store.catalog.snapshot(record.id) === undefined) continue;
      problems.push({ what: sentence(error), snapshots: [label(record)] });
    }
  }

  const packOf = new Map<string, PackPlace>();
  for (const pack of store.catalog.packs())
    packOf.set(`packs/${pack.name}`, pack).set(`summaries/${pack.summaries ?? pack.name}`, pack);
  const hurt = (kind: BlobKind, name: string): string[] => {
    if (kind === "index") return snapshots.map(label);
    const pack = packOf.get(`${kind}/${name}`);
    return snapshots
      .filter((record) => {
        if (record.manifest === name || record.provenanceBlob === name || record.original === name) return true;
        const need = needs.get(record.id);
        if (need?.refersTo.has(name)) return true;
        return (
          pack !== undefined &&
          (need?.distinct === undefined ||
            need.distinct.some((page) => page >= pack.firstPage && page <= pack.lastPage))
        );
      })
      .map(label);
  };

  // Another process may write meanwhile: what it has taken away is named no more, and not missed.
  const isNamedStill = (kind: BlobKind, name: string) => store.catalog.namedBlobs()[kind].has(name);
  const named = store.catalog.namedBlobs();
  for (const kind of BLOB_KINDS) {
    const there = new Set(store.blobs.list(kind));
    for (const name of named[kind]) {
      signal?.throwIfAborted();
      blobs++;
      const looked = there.has(name)
        ? await lookAt(store, kind, name)
        : { bytes: 0, wrong: `${kind}/${name} is missing` };
      bytes += looked.bytes;
      if (looked.wrong !== undefined && isNamedStill(kind, name))
        problems.push({ what: looked.wrong, snapshots: hurt(kind, name) });
    }
  }

  const present = new Uint8Array(Math.ceil(store.catalog.nextPage / 8));
  for (const pack of store.catalog.packs()) {
    signal?.throwIfAborted();
    try {
      const table = readPackTable(store.blobs, "packs", pack.name);
      for (const page of table.pages) present[page >> 3] |= 1 << (page & 7);
      for (let frame = 0; frame < table.frames.length / 4; frame++)
        readFrame(store.blobs, "packs", pack.name, table, frame);
      pages += table.rows;
      if (pack.summaries === null) continue;
      const summaries = readPackTable(store.blobs, "summaries", pack.summaries);
      for (let frame = 0; frame < summaries.frames.length / 4; frame++)
        readFrame(store.blobs, "summaries", pack.summaries, summaries, frame);
      if (summaries.totals) readTotals(store.blobs, pack.summaries, summaries);
    } catch (error) {
      if (isNamedStill("packs", pack.name))
        problems.push({ what: sentence(error), snapshots: hurt("packs", pack.name) });
    }
  }
  for (const set of store.catalog.knownSets()) {
    signal?.throwIfAborted();
    try {
      const wrong = wrongKnownPage(store, set, present);
      const lost = lostPages(store, set, present);
      if (lost > 0)
        problems.push({
          what: `${lost} of ${set.pages} pages that the known set ${set.name} keeps are in no pack`,
          snapshots: [],
        });
      if (wrong !== undefined)
        problems.push({ what: `Whether page ${wrong} is in the known set ${set.name} is kept wrongly`, snapshots: [] });
    } catch (error) {
      // A blob that has changed or is gone has been named above; one that is no run of hashes has not.
      const isTold = problems.some(({ what }) => what.startsWith(`known/${set.run} `));
      if (!isTold && isNamedStill("known", set.run)) problems.push({ what: sentence(error), snapshots: [] });
    }
  }
  for (const record of snapshots) {
    const lost = needs.get(record.id)?.distinct?.find((page) => (present[page >> 3] & (1 << (page & 7))) === 0);
    if (lost !== undefined && store.catalog.snapshot(record.id) !== undefined)
      problems.push({ what: `Page ${lost} is in no pack`, snapshots: [label(record)] });
    if (record.pagesParent !== null && record.unresolved > 0)
      problems.push({ what: "In-parent pages are unresolved though a parent is named", snapshots: [label(record)] });
  }
  return { ok: problems.length === 0, blobs, bytes, pages, problems };
}

/** The first page of which the catalog says something else than the set itself. @throws when a blob cannot be read */
function wrongKnownPage(store: Store, set: KnownSetRecord, present: Uint8Array): number | undefined {
  const run = openRun(store.blobs, "known", set.run);
  const rows = store.catalog.knownPages(set.name);
  const isLookedUp = (page: number) =>
    rows.some(({ ranges }) => ranges.some(([from, to]) => from <= page && page < to));
  const bits = new Uint8Array(present.length);
  for (const { pages } of rows) for (const page of pages) bits[page >> 3] |= 1 << (page & 7);
  for (const page of pagesOfRun(store.blobs, store.catalog, run)) {
    const bit = 1 << (page & 7);
    if ((bits[page >> 3] & bit) === 0 && isLookedUp(page)) return page;
    bits[page >> 3] &= ~bit;
  }
  // What is left is said to be known and was not found in the index: gc may have taken it out, or its content came twice.
  for (let byte = 0; byte < bits.length; byte++) {
    for (let left = bits[byte] & present[byte]; left !== 0; left &= left - 1) {
      const page = byte * 8 + 31 - Math.clz32(left & -left);
      if (run.find(store.pages.hashes(Uint32Array.of(page)), 0) < 0) return page;
    }
  }
  return undefined;
}

/** Of a set that keeps its bytes. */
function lostPages(store: Store, { name, pages, withBytes }: KnownSetRecord, present: Uint8Array): number {
  if (!withBytes) return 0;
  let there = 0;
  for (const row of store.catalog.knownPages(name))
    for (const page of row.pages) if ((present[page >> 3] & (1 << (page & 7))) !== 0) there++;
  return pages - there;
}

interface Looked {
  readonly bytes: number;
  /** In a sentence. */
  readonly wrong: string | undefined;
}

/** Re-reads a blob; a disk that cannot read it is wrong too. */
async function lookAt(store: Store, kind: BlobKind, name: string): Promise<Looked> {
  try {
    const bytes = store.blobs.size(kind, name);
    const digest = kind === "packs" ? nameOfPack(store.blobs, name) : await store.blobs.digest(kind, name);
    const wrong = digest === name ? undefined : `${kind}/${name} has the digest ${digest}: its bytes have changed`;
    return { bytes, wrong };
  } catch (error) {
    return { bytes: 0, wrong: `${kind}/${name} cannot be read: ${sentence(error)}` };
  }
}

function sentence(error: unknown): string {
  if (isDumpError(error)) return error.message;
  if (error instanceof Error) return error.message;
  return String(error);
}
