/**
 * rpm's database since 4.16: an SQLite table of headers. It comes from an image, so it is hostile: it is copied to a
 * scratch folder, only a plain table of the form that rpm makes is read, and nothing of its schema is run.
 * @see docs/decisions/0008-rpm-databases-are-read-with-sqlite.md
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

/** As rpm makes it; a generated column or a view could run anything. */
const TABLE =
  /^CREATE TABLE '?"?Packages"?'?\s*\(\s*hnum INTEGER PRIMARY KEY AUTOINCREMENT,\s*blob BLOB NOT NULL\s*\)$/;
/** A kernel's header has some MiB. */
const HEADER_LIMIT = 64 << 20;

/**
 * @param log headers that rpm has committed and not yet moved into the database
 * @param scratch a folder to which both are copied for as long as they are read
 * @param lost told what cannot be read
 * @returns blobs of headers
 * @throws what SQLite says of a file that is no database
 */
export function* readSqlite(
  bytes: Uint8Array,
  log: Uint8Array | undefined,
  scratch: string,
  lost: (what: string) => void,
): Generator<Uint8Array> {
  const folder = mkdtempSync(path.join(scratch, "rpmdb-"));
  const copy = path.join(folder, "rpmdb.sqlite");
  try {
    writeFileSync(copy, bytes);
    if (log) writeFileSync(`${copy}-wal`, log);
    const database = new DatabaseSync(copy, { allowExtension: false, enableForeignKeyConstraints: false });
    try {
      database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
      const made = database.prepare("SELECT type, sql FROM sqlite_schema WHERE name = 'Packages'").get();
      if (made?.type !== "table" || !TABLE.test(String(made.sql))) {
        lost("it has no table of packages in rpm's form");
        return;
      }
      const rows = database.prepare("SELECT blob FROM Packages WHERE length(blob) <= ?").iterate(HEADER_LIMIT);
      for (const { blob } of rows) if (blob instanceof Uint8Array) yield blob;
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
