import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { samplePath, temporaryFolder } from "../../../test/ingest/temporary-store.ts";
import { rpmDatabase } from "./rpm.ts";
import { readBerkeleyDb } from "./rpm-bdb.ts";
import { readRpmHeader } from "./rpm-header.ts";
import { readNdb } from "./rpm-ndb.ts";

const sample = (name: string) => zstdDecompressSync(readFileSync(samplePath("rpm", `${name}.zst`)));
const BERKELEY = sample("Packages");
const BERKELEY_BIG_ENDIAN = sample("Packages-big-endian");
const NDB = sample("Packages.db");
/** Two packages, one of which is `sample-tool`. */
const SQLITE = gunzipSync(readFileSync(samplePath("images", "rpmdb.sqlite.gz")));

/** `name version path` of each file, by rpm itself. */
const TRUTH = readFileSync(samplePath("rpm", "files.tsv"), "utf8").trimEnd().split("\n").sort();

/** What one set of files lists, in the same words. */
function listed(files: Readonly<Record<string, Uint8Array>>) {
  const database = rpmDatabase(temporaryFolder());
  for (const [place, bytes] of Object.entries(files)) if (database.wants(place)) database.take(place, bytes);
  const notes: string[] = [];
  const lines: string[] = [];
  const names: string[] = [];
  for (const { package: owner, files } of database.packages(notes)) {
    names.push(owner.name);
    for (const file of files) lines.push(`${owner.name}\t${owner.version}\t${file}`);
  }
  return { notes, lines: lines.sort(), names };
}

/** The same file as Berkeley DB before 4.6 would have written it: it knew one type of page only. */
function asVersion8(database: Uint8Array): Uint8Array {
  const old = Uint8Array.from(database);
  const view = new DataView(old.buffer);
  view.setUint32(16, 8, true);
  const pageSize = view.getUint32(20, true);
  for (let at = pageSize; at < old.length; at += pageSize) if (old[at + 25] === 13) old[at + 25] = 2;
  return old;
}

describe("285 packages with 1,407 paths, as rpm lists them", () => {
  test("are in the sample", () => {
    expect(TRUTH.length).toBe(1407);
    expect(new Set(TRUTH.map((line) => line.split("\t")[0])).size).toBe(285);
  });
  test.each([
    ["ndb", "/usr/lib/sysimage/rpm/Packages.db", NDB],
    ["ndb of older places", "/var/lib/rpm/Packages.db", NDB],
    ["Berkeley DB", "/var/lib/rpm/Packages", BERKELEY],
    ["Berkeley DB, big-endian, with 16 buckets", "/var/lib/rpm/Packages", BERKELEY_BIG_ENDIAN],
    ["Berkeley DB of version 8", "/usr/share/rpm/Packages", asVersion8(BERKELEY)],
  ])("are read from %s at %s", (_name, place, bytes) => {
    const { notes, lines, names } = listed({ [place]: bytes });
    expect(notes).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(285);
    expect(lines).toEqual(TRUTH);
  });
});

describe("a folder with several forms", () => {
  test("is read in the newest, the others are noted", () => {
    const { notes, names } = listed({
      "/var/lib/rpm/Packages": BERKELEY,
      "/var/lib/rpm/Packages.db": NDB,
      "/var/lib/rpm/rpmdb.sqlite": SQLITE,
    });
    expect(names.sort()).toEqual(["sample-lib", "sample-tool"]);
    expect(notes).toEqual([
      "The rpm database /var/lib/rpm/Packages.db lies beside the newer /var/lib/rpm/rpmdb.sqlite and was not read.",
      "The rpm database /var/lib/rpm/Packages lies beside the newer /var/lib/rpm/rpmdb.sqlite and was not read.",
    ]);
  });
  test("is read in the older when the newer lists nothing", () => {
    const { notes, names } = listed({
      "/var/lib/rpm/Packages": BERKELEY,
      "/var/lib/rpm/Packages.db": NDB.subarray(0, 20),
    });
    expect(names.length).toBe(285);
    expect(notes).toEqual([
      "The rpm database /var/lib/rpm/Packages.db cannot be read: it does not begin as an ndb does.",
    ]);
  });
  test("does not hide another folder's", () => {
    expect(listed({ "/var/lib/rpm/Packages": BERKELEY, "/usr/share/rpm/rpmdb.sqlite": SQLITE }).names.length).toBe(287);
  });
});

const digest = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest("base64");

const forms = [
  { name: "ndb", read: readNdb, bytes: NDB, pageSize: 4096, every: 1 },
  { name: "Berkeley DB", read: readBerkeleyDb, bytes: BERKELEY, pageSize: 4096, every: 1 },
  { name: "Berkeley DB, big-endian", read: readBerkeleyDb, bytes: BERKELEY_BIG_ENDIAN, pageSize: 512, every: 7 },
];

function readAll(read: typeof readNdb, bytes: Uint8Array) {
  const lost: string[] = [];
  const blobs = [...read(bytes, (what) => lost.push(what))];
  for (const blob of blobs) readRpmHeader(blob);
  return { blobs: blobs.map(digest), size: blobs.reduce((sum, blob) => sum + blob.length, 0), lost };
}

describe.each(forms)("a damaged $name", ({ read, bytes, pageSize, every }) => {
  const whole = readAll(read, bytes);
  const known = new Set(whole.blobs);

  test("that is cut gives what is there, and says that something is lost", () => {
    let before = 0;
    for (let size = 0; size < bytes.length; size += every * pageSize) {
      const { blobs, lost } = readAll(read, bytes.subarray(0, size));
      expect(blobs.every((blob) => known.has(blob))).toBe(true);
      expect(blobs.length).toBeGreaterThanOrEqual(before);
      expect(lost.length > 0).toBe(blobs.length < 285);
      before = blobs.length;
    }
    expect(before).toBeGreaterThan(250);
  });

  test("never gives more bytes than the file has, whatever is written into it", () => {
    const flip = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
    // Half of them where places and lengths are: at the beginnings of pages.
    const steering = flip.map(({ at, value }) => ({ at: at - (at % pageSize) + (at % 64), value }));
    fc.assert(
      fc.property(fc.array(fc.oneof(flip, steering), { minLength: 1, maxLength: 40 }), (flips) => {
        const damaged = Uint8Array.from(bytes);
        for (const { at, value } of flips) damaged[Math.min(at, bytes.length - 1)] = value;
        const { blobs, size, lost } = readAll(read, damaged);
        expect(size).toBeLessThanOrEqual(bytes.length);
        expect(lost.length).toBeLessThan(bytes.length / 16);
        // Only ndb has checksums.
        if (read === readNdb) expect(blobs.every((blob) => known.has(blob))).toBe(true);
      }),
    );
  });

  test("is noted once, however much is lost", () => {
    const place = read === readNdb ? "/var/lib/rpm/Packages.db" : "/var/lib/rpm/Packages";
    const { notes, names } = listed({ [place]: bytes.subarray(0, bytes.length - 20 * pageSize) });
    expect(notes).toEqual([
      expect.stringMatching(
        new RegExp(`^The rpm database ${place} cannot be read in full \\(${names.length} packages were\\): .+\\.$`),
      ),
    ]);
  });
});

test("no bytes at all hold a reader up", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), fc.constantFrom(...forms), (tail, { read, bytes }) => {
      const { size } = readAll(read, Buffer.concat([bytes.subarray(0, 512), tail]));
      expect(size).toBeLessThanOrEqual(512 + tail.length);
    }),
  );
});
