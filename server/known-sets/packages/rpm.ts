/**
 * rpm: headers of packages, in a database of one of three forms. A folder may hold several, the older ones left behind
 * by a change of form: only the newest that lists a package is read, the others are noted.
 */
import type { ListedPackage, PackageDatabase } from "./database.ts";
import { readBerkeleyDb } from "./rpm-bdb.ts";
import { readRpmHeader } from "./rpm-header.ts";
import { readNdb } from "./rpm-ndb.ts";
import { readSqlite } from "./rpm-sqlite.ts";

const FOLDERS = ["/var/lib/rpm/", "/usr/lib/sysimage/rpm/", "/usr/share/rpm/"];
/** Newest first. Berkeley DB until RHEL 8, Fedora 32, Amazon Linux 2; ndb on SUSE. */
const FORMS = ["rpmdb.sqlite", "Packages.db", "Packages"] as const;
const SQLITE_LOG = "rpmdb.sqlite-wal";

/** @param scratch a folder to which an SQLite database is copied for as long as it is read */
export function rpmDatabase(scratch: string): PackageDatabase {
  const files = new Map<string, Uint8Array>();
  const names: readonly string[] = [...FORMS, SQLITE_LOG];

  function blobsOf(folder: string, form: (typeof FORMS)[number], bytes: Uint8Array, lost: (what: string) => void) {
    switch (form) {
      case "rpmdb.sqlite":
        return readSqlite(bytes, files.get(folder + SQLITE_LOG), scratch, lost);
      case "Packages.db":
        return readNdb(bytes, lost);
      case "Packages":
        return readBerkeleyDb(bytes, lost);
      default:
        return form satisfies never;
    }
  }

  return {
    wants(place) {
      const folder = FOLDERS.find((folder) => place.startsWith(folder));
      return folder !== undefined && names.includes(place.slice(folder.length));
    },
    take: (place, bytes) => void files.set(place, bytes),
    *packages(notes) {
      for (const folder of FOLDERS) {
        let read: string | undefined;
        for (const form of FORMS) {
          const place = folder + form;
          const bytes = files.get(place);
          if (!bytes) continue;
          if (read !== undefined) {
            notes.push(`The rpm database ${place} lies beside the newer ${read} and was not read.`);
            continue;
          }
          const listed = yield* listedBy((lost) => blobsOf(folder, form, bytes, lost), place, notes);
          if (listed > 0) read = place;
        }
      }
    },
  } satisfies PackageDatabase;
}

/** @returns how many packages; what cannot be read is counted into one note, however much it is. */
function* listedBy(
  read: (lost: (what: string) => void) => Iterable<Uint8Array>,
  place: string,
  notes: string[],
): Generator<ListedPackage, number> {
  let listed = 0;
  let lostPlaces = 0;
  let firstLost = "";
  const lost = (what: string) => {
    if (lostPlaces++ === 0) firstLost = what;
  };
  try {
    for (const blob of read(lost)) {
      const found = readRpmHeader(blob);
      if (!found) {
        lost(`a record of ${blob.length} bytes is no header of a package`);
        continue;
      }
      listed++;
      yield found;
    }
  } catch (error) {
    lost(error instanceof Error ? error.message : String(error));
  }
  if (lostPlaces > 0) {
    const all = listed > 0 ? `cannot be read in full (${listed} packages were)` : "cannot be read";
    const more = lostPlaces > 1 ? `, and ${lostPlaces - 1} more faults` : "";
    notes.push(`The rpm database ${place} ${all}: ${firstLost}${more}.`);
  }
  return listed;
}
