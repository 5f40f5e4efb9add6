/**
 * rpm: an SQLite database of headers. The two older forms (Berkeley DB, ndb) are named as not read.
 * The database comes from an image, so it is hostile: it is copied to a scratch folder, only a plain table of the form
 * that rpm makes is read, and nothing of its schema is run.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ListedPackage, PackageDatabase } from "./database.ts";
import { readRpmHeader } from "./rpm-header.ts";

const FOLDERS = ["/var/lib/rpm/", "/usr/lib/sysimage/rpm/", "/usr/share/rpm/"];
const OTHERS: Readonly<Record<string, string>> = { Packages: "Berkeley DB", "Packages.db": "ndb" };
/** As rpm makes it; a generated column or a view could run anything. */
const TABLE =
  /^CREATE TABLE '?"?Packages"?'?\s*\(\s*hnum INTEGER PRIMARY KEY AUTOINCREMENT,\s*blob BLOB NOT NULL\s*\)$/;
/** A kernel's header has some MiB. */
const HEADER_LIMIT = 64 << 20;

/** @param scratch a folder to which the database is copied for as long as it is read */
export function rpmDatabase(scratch: string): PackageDatabase {
  const files = new Map<string, Uint8Array>();
  const folderOf = (place: string) => FOLDERS.find((folder) => place.startsWith(folder));
  return {
    wants(place) {
      const name = place.slice(folderOf(place)?.length ?? place.length);
      return name === "rpmdb.sqlite" || name === "rpmdb.sqlite-wal" || name in OTHERS;
    },
    take: (place, bytes) => void files.set(place, bytes),
    *packages(notes) {
      for (const [place, bytes] of files) {
        const name = path.posix.basename(place);
        if (name in OTHERS) notes.push(`The rpm database ${place} is a ${OTHERS[name]} and was not read.`);
        if (name !== "rpmdb.sqlite") continue;
        try {
          yield* readDatabase(bytes, files.get(`${place}-wal`), scratch, place, notes);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          notes.push(`The rpm database ${place} cannot be read: ${why}.`);
        }
      }
    },
  } satisfies PackageDatabase;
}

function* readDatabase(
  bytes: Uint8Array,
  log: Uint8Array | undefined,
  scratch: string,
  place: string,
  notes: string[],
): Generator<ListedPackage> {
  const folder = mkdtempSync(path.join(scratch, "rpmdb-"));
  const copy = path.join(folder, "rpmdb.sqlite");
  try {
    writeFileSync(copy, bytes);
    // Headers that rpm has committed and not yet moved into the database.
    if (log) writeFileSync(`${copy}-wal`, log);
    const database = new DatabaseSync(copy, { allowExtension: false, enableForeignKeyConstraints: false });
    try {
      database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
      const made = database.prepare("SELECT type, sql FROM sqlite_schema WHERE name = 'Packages'").get();
      if (made?.type !== "table" || !TABLE.test(String(made.sql))) {
        notes.push(`The rpm database ${place} has no table of packages in rpm's form; it was not read.`);
        return;
      }
      const rows = database.prepare("SELECT blob FROM Packages WHERE length(blob) <= ?").iterate(HEADER_LIMIT);
      for (const { blob } of rows) {
        const found = blob instanceof Uint8Array ? readRpmHeader(blob) : undefined;
        if (found) yield found;
      }
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
