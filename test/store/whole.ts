/** What must be true of a store after anything has happened to it, and how it is found out. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { exportDump } from "../../server/export/index.ts";
import { openCatalog } from "../../server/store/catalog.ts";
import { BLOB_KINDS, openStore, type SnapshotRecord, verifyStore } from "../../server/store/index.ts";

export const FOLDERS = [...BLOB_KINDS, "scratch", "uploads"] as const;

/** Names of everything in the store but the catalog and its lock. */
export function namesIn(directory: string): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(path.join(directory, folder)).map((name) => `${folder}/${name}`),
  ).sort();
}

/** `namesIn`, each with the digest of its bytes. */
export function filesIn(directory: string): Record<string, string> {
  return Object.fromEntries(
    namesIn(directory).map((name) => {
      const bytes = readFileSync(path.join(directory, name));
      return [name, createHash("sha256").update(bytes).digest("hex")];
    }),
  );
}

export interface Told {
  /** `container/t1`, sorted. */
  readonly snapshots: readonly string[];
  /** What is said of each, without what differs from run to run. */
  readonly records: Readonly<Record<string, unknown>>;
  /** Changes with every commit that a person sees the effect of. */
  readonly signature: string;
  /** Names of all files that the catalog names. */
  readonly named: readonly string[];
}

/** What the catalog says, without opening the store, which would sweep. */
export function toldBy(directory: string): Told {
  const catalog = openCatalog(directory);
  try {
    const records = catalog.snapshots();
    const named = catalog.namedBlobs();
    return {
      snapshots: records.map(label).sort(),
      records: Object.fromEntries(records.map((record) => [label(record), lasting(record)])),
      signature: JSON.stringify([
        catalog.packs(),
        catalog.runs(),
        records.map(({ id }) => id),
        catalog.knownSets().map(({ name, run }) => [name, run, catalog.knownPages(name).map(({ ranges }) => ranges)]),
      ]),
      named: BLOB_KINDS.flatMap((kind) => [...named[kind]].map((name) => `${kind}/${name}`)).sort(),
    };
  } finally {
    catalog.close();
  }
}

function label({ container, name }: SnapshotRecord): string {
  return `${container}/${name}`;
}

/** A snapshot is there wholly: everything that is said of it but when it was taken in, and under which ids and blobs. */
function lasting(record: SnapshotRecord): unknown {
  const { container, name, pages, unresolved, distinctPages, provenance, sha256, bytes, file, processes } = record;
  return { container, name, pages, unresolved, distinctPages, provenance, sha256, bytes, file, processes };
}

/**
 * Opens the store anew and expects it whole: verified, every snapshot exported to the bytes that arrived, and not one
 * file that nothing names.
 * @param contents name of a dump's file → SHA-256 of its uncompressed bytes, computed without the store
 */
export async function expectWhole(directory: string, contents: ReadonlyMap<string, string>): Promise<Told> {
  const store = openStore(directory);
  try {
    expect(await verifyStore(store)).toMatchObject({ ok: true, problems: [] });
    const receipts = new Set(store.catalog.receipts().map(({ snapshot }) => snapshot));
    for (const record of store.catalog.snapshots()) {
      const hash = createHash("sha256");
      for await (const piece of exportDump(store, record)) hash.update(piece);
      expect(hash.digest("hex"), `${label(record)} exported`).toBe(contents.get(record.file));
      expect(receipts, `the receipt of ${label(record)}`).toContain(record.id);
    }
  } finally {
    store.close();
  }
  const told = toldBy(directory);
  expect(namesIn(directory)).toEqual(told.named);
  return told;
}
