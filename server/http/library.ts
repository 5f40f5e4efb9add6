/** The library in the words of the API. */
import { statSync } from "node:fs";
import path from "node:path";
import { type Container, type Library, ProblemSchema, type Receipt } from "../../shared/api/index.ts";
import { snapshotSummary } from "../inspect/index.ts";
import type { Jobs } from "../jobs/index.ts";
import { imageOf, type KnownSets } from "../known-sets/index.ts";
import type { ReceiptRecord, SnapshotRecord, Store } from "../store/index.ts";

export interface SampleFile {
  readonly file: string;
  readonly container: string;
}

const SAMPLES = path.join(import.meta.dirname, "../../dumps/samples/podman");
/** The bundled sample: two snapshots of one service. */
export const SAMPLE: readonly SampleFile[] = ["app-t0.tar.zst", "app-t1.tar.zst"].map((file) => ({
  file: path.join(SAMPLES, file),
  container: "app",
}));

export interface LibraryParts {
  readonly store: Store;
  readonly known: KnownSets;
  readonly jobs: Jobs;
  readonly address: string;
  /** Of all files of the store but the catalog. */
  storedBytes(): number;
}

/** Receipts that are told with the library; the whole log is asked for. */
const NEWEST = 100;
/** What a commit no longer names is swept behind it: until then the files are counted anew each time. */
const SETTLED_MS = 5000;

/** The library is asked for several times a second while a dump is read: the store's files are counted once a commit. */
export function createStoredBytes(
  store: { readonly catalog: Pick<Store["catalog"], "revision"> } & Pick<Store, "storedBytes">,
  now = () => performance.now(),
): () => number {
  let revision: string | undefined;
  let since = 0;
  let settled: number | undefined;
  return () => {
    const current = store.catalog.revision();
    if (current !== revision) {
      revision = current;
      since = now();
      settled = undefined;
    }
    if (settled !== undefined) return settled;
    const bytes = store.storedBytes();
    if (now() - since >= SETTLED_MS) settled = bytes;
    return bytes;
  };
}

export function receiptsOf(
  records: readonly ReceiptRecord[],
  snapshots: readonly Pick<SnapshotRecord, "id">[],
): Receipt[] {
  const here = new Set(snapshots.map(({ id }) => id));
  return records.map((receipt) => ({
    ...receipt,
    result:
      receipt.snapshot === null || here.has(receipt.snapshot) ? receipt.result : `${receipt.result}; deleted since`,
    problem: receipt.problem === null ? null : ProblemSchema.parse(JSON.parse(receipt.problem)),
  }));
}

export function libraryOf({ store, known, jobs, address, storedBytes }: LibraryParts): Library {
  const snapshots = store.catalog.snapshots();
  const catalogBytes = statSync(path.join(store.directory, "catalog.sqlite")).size;
  const containers = containersOf(known, snapshots);
  return {
    containers,
    knownSets: known.sets().map((set) => ({
      name: set.record.name,
      source: set.record.source,
      digest: set.record.digest,
      files: set.record.files,
      pages: set.record.pages,
      withBytes: set.record.withBytes ?? false,
      imageOf: imageOf(known, set, snapshots),
      addedAt: set.record.addedAt,
      ...known.usage(set),
    })),
    receipts: receiptsOf(store.catalog.receipts(NEWEST), snapshots),
    received: store.catalog.receiptCount(),
    // That a file is here already is no longer so when its snapshot has been deleted.
    refused: receiptsOf(store.catalog.refusals(), snapshots).filter(
      ({ problem }) =>
        problem?.code !== "received-already" || snapshots.some(({ id }) => id === problem.facts.snapshot),
    ),
    jobs: [...jobs.list()],
    totals: {
      containers: containers.length,
      snapshots: snapshots.length,
      distinctPages: store.catalog.packs().reduce((sum, pack) => sum + pack.pages, 0),
      dumpBytes: snapshots.reduce((sum, snapshot) => sum + snapshot.bytes, 0),
      storedBytes: storedBytes() + catalogBytes,
    },
    store: path.relative(process.cwd(), store.directory).startsWith("..")
      ? store.directory
      : path.relative(process.cwd(), store.directory),
    address,
    sample: sampleOf(),
  };
}

function containersOf(known: KnownSets, snapshots: readonly SnapshotRecord[]): Container[] {
  const byName = new Map<string, SnapshotRecord[]>();
  for (const record of snapshots) byName.set(record.container, [...(byName.get(record.container) ?? []), record]);
  // Snapshots come in the order of ingest: the container whose last one is newest goes first.
  return [...byName.entries()]
    .reverse()
    .map(([name, records]) => {
      const last = records[records.length - 1];
      const told = records.findLast((record) => record.lead.process !== null) ?? last;
      return {
        name,
        process: told.lead.process,
        processes: told.processes,
        threads: told.lead.threads,
        imageName: told.lead.imageName,
        containerId: last.containerId,
        snapshots: records.map((record) => snapshotSummary(known, record)),
      };
    })
    .sort((x, y) =>
      x.snapshots[x.snapshots.length - 1].createdAt < y.snapshots[y.snapshots.length - 1].createdAt ? 1 : -1,
    );
}

function sampleOf(): Library["sample"] {
  const sizes = SAMPLE.map(({ file }) => statSync(file, { throwIfNoEntry: false })?.size);
  return sizes.includes(undefined)
    ? null
    : { name: "app, two snapshots", bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) };
}
