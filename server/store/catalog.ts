/**
 * The catalog: containers, snapshots, packs, index runs, known sets, and what arrived. What it names exists; what it
 * does not name is swept. Only this file knows that it is SQLite.
 */
import path from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { PageCounts } from "../../shared/api/index.ts";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import { decodePages, encodePages } from "../../shared/manifest/index.ts";
import type { ProvenanceCounts } from "../../shared/provenance/index.ts";
import type { DumpFormat } from "../../shared/snapshot/index.ts";
import type { BlobKind, BlobName } from "./blobs.ts";
import { type LinkRows, linkRows } from "./links-table.ts";
import { type NoteRows, noteRows } from "./notes-table.ts";
import type { PackInfo } from "./pack.ts";
import type { RunInfo } from "./page-index.ts";
import { asDiskError, isCut } from "./sqlite-failure.ts";

/** Of the whole store: folders, blobs and tables. */
const STORE_VERSION = 3;
/** Rows of known pages of one set: an ingest adds one, so a store of thousands would have thousands. */
const KNOWN_ROWS = 64;

/** What the catalog keeps of a snapshot. */
export interface SnapshotRecord {
  readonly id: string;
  readonly container: string;
  /** `t0`, `t1` …, never reused in its container. */
  readonly name: string;
  readonly createdAt: string;
  readonly checkpointedAt: string | null;
  readonly checkpointedFrom: string;
  readonly containerCreatedAt: string | null;
  /** The dump's own container id; `null` without one. */
  readonly containerId: string | null;
  readonly format: DumpFormat;
  readonly processes: number;
  readonly mappings: number | null;
  readonly pages: PageCounts;
  /** In-parent pages that no snapshot here resolves. */
  readonly unresolved: number;
  readonly distinctPages: number;
  /** As found at ingest, known sets left aside: `known` is 0 and its pages count as moved, shared or new. */
  readonly provenance: ProvenanceCounts;
  readonly parent: string | null;
  readonly pagesParent: string | null;
  readonly sha256: string;
  readonly unpackedSha256: string | null;
  readonly bytes: number;
  readonly file: string;
  readonly manifest: BlobName;
  readonly provenanceBlob: BlobName;
  readonly original: BlobName;
  /** What the library says of its container: leading process, its threads, the image. */
  readonly lead: {
    readonly process: string | null;
    readonly threads: number | null;
    readonly imageName: string | null;
  };
}

export interface PackRow extends PackInfo {
  /** Whether it has its final form; its summaries are another matter. */
  readonly isDense: boolean;
}

export interface KnownSetRecord {
  readonly name: string;
  readonly source: string;
  readonly digest: string | null;
  readonly files: number;
  readonly pages: number;
  /** Run of page hashes → row in the occurrences. */
  readonly run: BlobName;
  readonly occurrences: BlobName;
  /** Whether the store keeps its pages too: then all of them have page numbers, and `gc` leaves them. */
  readonly withBytes?: boolean;
  readonly addedAt: string;
}

/** Likenesses of the pages of a snapshot, as far as they are made. */
export interface LikenessRecord {
  /** Of the definition by which they were made. */
  readonly version: number;
  /** The rows of the manifest before this one are done. */
  readonly nextRow: number;
  readonly isWhole: boolean;
  /** Runs of likeness → row of the manifest, by row; equal likenesses keep all their rows. */
  readonly runs: readonly RunInfo[];
}

/** What was found out of a snapshot beside what its pages' contents tell, with the sets and snapshots of then. */
export interface StrippingRecord {
  /** Of what it was made with: another one means that it is to be made again. */
  readonly key: string;
  /** Rows of the manifest, ascending, that only the loader has changed. */
  readonly relocated: Uint32Array;
  /** Rows that are alike to others, ascending, and three numbers of each: row, index of the other snapshot, row there. */
  readonly alike: Uint32Array;
}

/** Which pages of some packs have a content of a known set. */
export interface KnownPagesRow {
  /** Page numbers [from, to) of the packs that were looked up; those in between may be of packs to come. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Ascending. */
  readonly pages: Uint32Array;
}

export interface ReceiptRecord {
  readonly receipt: number;
  readonly at: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly container: string | null;
  readonly snapshot: string | null;
  readonly result: string;
  /** Problem as JSON, of a refused dump. */
  readonly problem: string | null;
  readonly upload: string | null;
  readonly dismissed: boolean;
}

export interface Catalog extends NoteRows, LinkRows {
  snapshots(container?: string): SnapshotRecord[];
  snapshot(id: string): SnapshotRecord | undefined;
  /** The name that the next snapshot of a container will have. */
  nextName(container: string): string;
  addSnapshot(record: SnapshotRecord, refersTo: Iterable<BlobName>): void;
  removeSnapshot(id: string): void;
  /** To a name that no container has or had. */
  renameContainer(from: string, to: string): void;
  packs(): readonly PackRow[];
  addPack(pack: PackInfo, isDense: boolean): void;
  removePack(name: BlobName): void;
  /** Whether some pack lacks its summaries or its final form. */
  hasUnfinished(): boolean;
  setSummaries(pack: BlobName, summaries: BlobName): void;
  /** Puts the final form of a pack in its place. */
  replacePack(pack: BlobName, dense: BlobName): void;
  runs(): readonly RunInfo[];
  replaceRuns(runs: readonly RunInfo[]): void;
  readonly nextPage: number;
  setNextPage(page: number): void;
  knownSets(): readonly KnownSetRecord[];
  addKnownSet(set: KnownSetRecord): void;
  removeKnownSet(name: string): void;
  likeness(snapshot: string): LikenessRecord | undefined;
  /** In the place of what was kept before. */
  setLikeness(snapshot: string, likeness: LikenessRecord): void;
  stripping(snapshot: string): StrippingRecord | undefined;
  /** Of all snapshots that have a stripping, by id. */
  strippingKeys(): ReadonlyMap<string, string>;
  /** In the place of what was kept before. */
  setStripping(snapshot: string, stripping: StrippingRecord): void;
  /**
   * What has been looked up of a known set, in rows.
   * @param since leave out rows up to this one; what they said stays true
   */
  knownPages(name: string, since?: number): readonly (KnownPagesRow & { readonly row: number })[];
  addKnownPages(name: string, row: KnownPagesRow): void;
  /** Newest first; without a number all. */
  receipts(newest?: number): readonly ReceiptRecord[];
  receiptCount(): number;
  /** Of refused dumps that nobody has dismissed and that have not come again since; newest first. */
  refusals(): readonly ReceiptRecord[];
  addReceipt(receipt: Omit<ReceiptRecord, "receipt" | "dismissed">): number;
  /** @returns the upload that it kept, if any. */
  dismissReceipt(receipt: number): string | null;
  /** Dismisses what was said of an upload that was taken in after all. */
  dismissReceiptsOf(upload: string): void;
  /** Everything that some row names. */
  namedBlobs(): Record<BlobKind, Set<BlobName>>;
  /** All changes of `work` or none. */
  transaction<T>(work: () => T): T;
  /** Makes sure that a commit that has failed does not come back. @returns whether that is so */
  settle(): boolean;
  /** Changes whenever another connection has committed; own commits change `revision` too. */
  revision(): string;
  close(): void;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS containers (name TEXT PRIMARY KEY, next_ordinal INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS snapshots (
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, container TEXT NOT NULL REFERENCES containers (name),
    name TEXT NOT NULL, sha256 TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (container, name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS manifest_references (snapshot TEXT NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE, blob TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS packs (name TEXT PRIMARY KEY, summaries TEXT, first_page INTEGER NOT NULL, last_page INTEGER NOT NULL, pages INTEGER NOT NULL, is_dense INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS runs (position INTEGER PRIMARY KEY, name TEXT NOT NULL, count INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS known_sets (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS known_pages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, known_set TEXT NOT NULL REFERENCES known_sets (name) ON DELETE CASCADE,
    ranges TEXT NOT NULL, pages BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS known_pages_of ON known_pages (known_set, row);
  CREATE TABLE IF NOT EXISTS strippings (
    snapshot TEXT PRIMARY KEY REFERENCES snapshots (id) ON DELETE CASCADE,
    key TEXT NOT NULL, relocated BLOB NOT NULL, alike BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS receipts (
    receipt INTEGER PRIMARY KEY, at TEXT NOT NULL, file TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT, container TEXT,
    snapshot TEXT, result TEXT NOT NULL, problem TEXT, upload TEXT, dismissed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
`;

/** Made when there is something to keep in it: stores of before there were likenesses have none. */
const LIKENESS = `
  CREATE TABLE IF NOT EXISTS likeness (snapshot TEXT PRIMARY KEY REFERENCES snapshots (id) ON DELETE CASCADE, record TEXT NOT NULL) STRICT;
`;

/** @throws DumpError `store-version` for a store of another version; `store-damaged`, `disk-full`, `io-failed`, `file-unreadable` */
export function openCatalog(directory: string): Catalog {
  const database = openDatabase(directory);
  /** What SQLite says, in the words of the store. */
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw asDiskError(cause, `the catalog in ${directory}`);
    }
  };
  let isNew = false;
  let hasKnownPages = true;
  let version = String(STORE_VERSION);
  try {
    database.exec(
      "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
    );
    isNew = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'meta'").get()?.n === 0;
    if (!isNew) version = String(database.prepare("SELECT value FROM meta WHERE key = 'version'").get()?.value);
    hasKnownPages = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'known_pages'").get() !== undefined;
  } catch (cause) {
    database.close();
    throw whyUnopened(cause, directory);
  }
  if (version !== String(STORE_VERSION)) {
    database.close();
    throw new DumpError(
      "store-version",
      `The store in ${directory} has version ${version}; this program reads version ${STORE_VERSION}`,
      { version, reads: STORE_VERSION },
    );
  }
  // A store made before known pages were kept has no table of them; they are looked up again.
  if (isNew || !hasKnownPages) {
    try {
      database.exec(
        `BEGIN IMMEDIATE; ${TABLES} INSERT OR IGNORE INTO meta VALUES ('version', '${STORE_VERSION}'), ('next_page', '0'); COMMIT`,
      );
    } catch (cause) {
      database.close();
      throw asDiskError(cause, `the catalog in ${directory}`);
    }
  }

  const all = (sql: string, ...values: SQLInputValue[]) => attempt(() => database.prepare(sql).all(...values));
  const get = (sql: string, ...values: SQLInputValue[]) => attempt(() => database.prepare(sql).get(...values));
  const run = (sql: string, ...values: SQLInputValue[]) => attempt(() => database.prepare(sql).run(...values));
  // Rows are written by this file alone, from the types they are read back as.
  const recordOf = <T>(row: Record<string, unknown>): T => JSON.parse(String(row.record)) as T;
  const hasLikeness = () => get("SELECT 1 AS one FROM sqlite_schema WHERE name = 'likeness'") !== undefined;
  let ownCommits = 0;
  /** A commit has failed whose frames may be whole in the log: should the process die now, the next one finds them. */
  let isUncertain = false;

  return {
    ...noteRows({ all, get, run }),
    ...linkRows({ get, run }),
    snapshots: (container) =>
      (container === undefined
        ? all("SELECT record FROM snapshots ORDER BY sequence")
        : all("SELECT record FROM snapshots WHERE container = ? ORDER BY sequence", container)
      ).map(recordOf<SnapshotRecord>),
    snapshot(id) {
      const row = get("SELECT record FROM snapshots WHERE id = ?", id);
      return row && recordOf<SnapshotRecord>(row);
    },
    nextName: (container) => `t${get("SELECT next_ordinal AS n FROM containers WHERE name = ?", container)?.n ?? 0}`,
    addSnapshot(record, refersTo) {
      run(
        "INSERT INTO containers VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET next_ordinal = next_ordinal + 1",
        record.container,
      );
      run(
        "INSERT INTO snapshots (id, container, name, sha256, record) VALUES (?, ?, ?, ?, ?)",
        record.id,
        record.container,
        record.name,
        record.sha256,
        JSON.stringify(record),
      );
      for (const blob of refersTo) run("INSERT INTO manifest_references VALUES (?, ?)", record.id, blob);
    },
    removeSnapshot(id) {
      run("DELETE FROM snapshots WHERE id = ?", id);
    },
    renameContainer(from, to) {
      run("INSERT INTO containers SELECT ?, next_ordinal FROM containers WHERE name = ?", to, from);
      run(
        "UPDATE snapshots SET container = ?1, record = json_set(record, '$.container', ?1) WHERE container = ?2",
        to,
        from,
      );
      run("DELETE FROM containers WHERE name = ?", from);
    },
    packs: () =>
      all("SELECT name, summaries, first_page, last_page, pages, is_dense FROM packs ORDER BY first_page").map(
        (row) => ({
          name: String(row.name),
          summaries: textOrNull(row.summaries),
          firstPage: Number(row.first_page),
          lastPage: Number(row.last_page),
          pages: Number(row.pages),
          isDense: row.is_dense === 1,
        }),
      ),
    addPack(pack, isDense) {
      run(
        "INSERT INTO packs VALUES (?, ?, ?, ?, ?, ?)",
        pack.name,
        pack.summaries,
        pack.firstPage,
        pack.lastPage,
        pack.pages,
        isDense ? 1 : 0,
      );
    },
    removePack(name) {
      run("DELETE FROM packs WHERE name = ?", name);
    },
    hasUnfinished: () =>
      get("SELECT 1 AS one FROM packs WHERE summaries IS NULL OR is_dense = 0 LIMIT 1") !== undefined,
    setSummaries(pack, summaries) {
      run("UPDATE packs SET summaries = ? WHERE name = ?", summaries, pack);
    },
    replacePack(pack, dense) {
      run("UPDATE packs SET name = ?, is_dense = 1 WHERE name = ?", dense, pack);
    },
    runs: () =>
      all("SELECT name, count FROM runs ORDER BY position").map((row) => ({
        name: String(row.name),
        count: Number(row.count),
      })),
    replaceRuns(runs) {
      run("DELETE FROM runs");
      runs.forEach((entry, position) => {
        run("INSERT INTO runs VALUES (?, ?, ?)", position, entry.name, entry.count);
      });
    },
    get nextPage() {
      return Number(get("SELECT value FROM meta WHERE key = 'next_page'")?.value);
    },
    setNextPage(page) {
      run("UPDATE meta SET value = ? WHERE key = 'next_page'", String(page));
    },
    knownSets: () => all("SELECT record FROM known_sets ORDER BY name").map(recordOf<KnownSetRecord>),
    addKnownSet(set) {
      run("INSERT INTO known_sets VALUES (?, ?)", set.name, JSON.stringify(set));
    },
    removeKnownSet(name) {
      run("DELETE FROM known_sets WHERE name = ?", name);
    },
    likeness(snapshot) {
      const row = hasLikeness() ? get("SELECT record FROM likeness WHERE snapshot = ?", snapshot) : undefined;
      return row && recordOf<LikenessRecord>(row);
    },
    setLikeness(snapshot, likeness) {
      run(LIKENESS);
      run("INSERT OR REPLACE INTO likeness VALUES (?, ?)", snapshot, JSON.stringify(likeness));
    },
    stripping(snapshot) {
      const row = get("SELECT key, relocated, alike FROM strippings WHERE snapshot = ?", snapshot);
      return row && { key: String(row.key), relocated: numbersOf(row.relocated), alike: numbersOf(row.alike) };
    },
    strippingKeys: () =>
      new Map(all("SELECT snapshot, key FROM strippings").map((row) => [String(row.snapshot), String(row.key)])),
    setStripping(snapshot, { key, relocated, alike }) {
      run("INSERT OR REPLACE INTO strippings VALUES (?, ?, ?, ?)", snapshot, key, bytesOf(relocated), bytesOf(alike));
    },
    knownPages: (name, since = 0) =>
      all("SELECT row, ranges, pages FROM known_pages WHERE known_set = ? AND row > ? ORDER BY row", name, since).map(
        (found) => ({
          row: Number(found.row),
          ranges: JSON.parse(String(found.ranges)) as KnownPagesRow["ranges"],
          pages: unpackPages(found.pages),
        }),
      ),
    addKnownPages(name, { ranges, pages }) {
      const add = (itsRanges: KnownPagesRow["ranges"], itsPages: Uint32Array) => {
        const values = [name, JSON.stringify(itsRanges), zstdCompressSync(encodePages(itsPages))] as const;
        run("INSERT INTO known_pages (known_set, ranges, pages) VALUES (?, ?, ?)", ...values);
      };
      const rows = Number(get("SELECT count(*) AS n FROM known_pages WHERE known_set = ?", name)?.n);
      if (rows < KNOWN_ROWS) {
        add(ranges, pages);
        return;
      }
      const before = this.knownPages(name);
      // Under a number above all before: whoever has read those reads it again.
      add(
        joined([...before.flatMap((row) => row.ranges), ...ranges]),
        Uint32Array.from([...before.map((row) => row.pages), pages].flatMap((some) => [...some])).sort(),
      );
      run("DELETE FROM known_pages WHERE known_set = ? AND row <= ?", name, before[before.length - 1].row);
    },
    // Without a limit is -1.
    receipts: (newest = -1) => all("SELECT * FROM receipts ORDER BY receipt DESC LIMIT ?", newest).map(receiptOf),
    receiptCount: () => Number(get("SELECT count(*) AS n FROM receipts")?.n),
    refusals: () =>
      all(`SELECT * FROM receipts AS refused WHERE problem IS NOT NULL AND dismissed = 0 AND NOT EXISTS (
        SELECT 1 FROM receipts AS newer
        WHERE newer.receipt > refused.receipt AND newer.file = refused.file AND newer.bytes = refused.bytes
      ) ORDER BY receipt DESC`).map(receiptOf),
    addReceipt(receipt) {
      const { at, file, bytes, sha256, container, snapshot, result, problem, upload } = receipt;
      const columns = "at, file, bytes, sha256, container, snapshot, result, problem, upload";
      ownCommits++;
      return Number(
        run(
          `INSERT INTO receipts (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          at,
          file,
          bytes,
          sha256,
          container,
          snapshot,
          result,
          problem,
          upload,
        ).lastInsertRowid,
      );
    },
    dismissReceipt(receipt) {
      ownCommits++;
      const upload = textOrNull(get("SELECT upload FROM receipts WHERE receipt = ?", receipt)?.upload);
      run("UPDATE receipts SET dismissed = 1, upload = NULL WHERE receipt = ?", receipt);
      return upload;
    },
    dismissReceiptsOf(upload) {
      ownCommits++;
      run("UPDATE receipts SET dismissed = 1, upload = NULL WHERE upload = ?", upload);
    },
    namedBlobs() {
      const named: Record<BlobKind, Set<BlobName>> = {
        packs: new Set(),
        summaries: new Set(),
        manifests: new Set(),
        index: new Set(),
        originals: new Set(),
        known: new Set(),
        likeness: new Set(),
      };
      for (const row of all("SELECT name, summaries FROM packs")) {
        named.packs.add(String(row.name));
        if (row.summaries !== null) named.summaries.add(String(row.summaries));
      }
      for (const row of all("SELECT record FROM snapshots")) {
        const { manifest, provenanceBlob, original } = recordOf<SnapshotRecord>(row);
        named.manifests.add(manifest).add(provenanceBlob);
        named.originals.add(original);
      }
      for (const row of all("SELECT blob FROM manifest_references")) named.manifests.add(String(row.blob));
      for (const row of all("SELECT name FROM runs")) named.index.add(String(row.name));
      for (const row of all("SELECT record FROM known_sets")) {
        const { run: runName, occurrences } = recordOf<KnownSetRecord>(row);
        named.known.add(runName).add(occurrences);
      }
      for (const row of hasLikeness() ? all("SELECT record FROM likeness") : [])
        for (const { name } of recordOf<LikenessRecord>(row).runs) named.likeness.add(name);
      return named;
    },
    transaction(work) {
      attempt(() => database.exec("BEGIN IMMEDIATE"));
      try {
        const result = work();
        try {
          database.exec("COMMIT");
        } catch (cause) {
          isUncertain ||= !isCut(cause);
          throw asDiskError(cause, `the catalog in ${directory}`);
        }
        isUncertain = false;
        ownCommits++;
        return result;
      } catch (error) {
        // SQLite has rolled back by itself after some errors; the first error is the one to tell.
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    },
    settle() {
      if (!isUncertain) return true;
      try {
        // Written over what has failed. It must change something: SQLite writes no page that stays the same.
        this.transaction(() =>
          run(
            "INSERT INTO meta VALUES ('settled', '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value + 1 AS TEXT)",
          ),
        );
      } catch {
        return false;
      }
      return true;
    },
    revision: () => `${get("PRAGMA data_version")?.data_version}.${ownCommits}`,
    close: () => database.close(),
  };
}

/** Ranges in order, those that touch each other as one. */
function joined(ranges: KnownPagesRow["ranges"]): KnownPagesRow["ranges"] {
  const all: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((x, y) => x[0] - y[0])) {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}

function bytesOf(numbers: Uint32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function numbersOf(bytes: unknown): Uint32Array {
  if (!(bytes instanceof Uint8Array) || bytes.length % 4 !== 0)
    throw new DumpError("store-damaged", "A stripping in the catalog is no row of numbers");
  return new Uint32Array(bytes.slice().buffer);
}

function unpackPages(packed: unknown): Uint32Array {
  if (!(packed instanceof Uint8Array)) throw new DumpError("store-damaged", "Known pages in the catalog are no bytes");
  // Not a Buffer: its `slice` would share memory.
  return decodePages(new Uint8Array(zstdDecompressSync(packed)));
}

function receiptOf(row: Record<string, unknown>): ReceiptRecord {
  return {
    receipt: Number(row.receipt),
    at: String(row.at),
    file: String(row.file),
    bytes: Number(row.bytes),
    sha256: textOrNull(row.sha256),
    container: textOrNull(row.container),
    snapshot: textOrNull(row.snapshot),
    result: String(row.result),
    problem: textOrNull(row.problem),
    upload: textOrNull(row.upload),
    dismissed: row.dismissed === 1,
  };
}

function openDatabase(directory: string): DatabaseSync {
  try {
    return new DatabaseSync(path.join(directory, "catalog.sqlite"));
  } catch (cause) {
    throw whyUnopened(cause, directory);
  }
}

function whyUnopened(cause: unknown, directory: string): unknown {
  const error = asDiskError(cause, `the catalog in ${directory}`);
  if (isDumpError(error)) return error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DumpError(
    "file-unreadable",
    `The catalog in ${directory} cannot be opened: ${why}`,
    { directory },
    { cause },
  );
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
