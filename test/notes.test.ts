/** Notes over real checkpoints: bound to what a page holds, they stand wherever a dump holds it, and nowhere else. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { readBytes } from "../server/inspect/index.ts";
import { addNote, allNotes, changeNote, notesOf, removeNote } from "../server/notes/index.ts";
import {
  collectGarbage,
  deleteSnapshot,
  openStore,
  placesOf,
  type SnapshotRecord,
  type Store,
} from "../server/store/index.ts";
import { type Address, addressOfPage, formatAddress, type PageAddress } from "../shared/memory/index.ts";
import { PAGE_STATES, type PageState, type Space, stateCode } from "../shared/snapshot/index.ts";
import { expected, ingest, samplePath, temporaryFolder, temporaryStore } from "./ingest/temporary-store.ts";

const { planted } = expected<{ planted: { secretPage: { address: string } } }>("podman");
const SECRET = BigInt(planted.secretPage.address) as Address;

async function app(store: Store, name: "t0" | "t1"): Promise<SnapshotRecord> {
  return (await ingest(store, samplePath("podman", `app-${name}.tar.zst`), "app")).snapshot;
}

interface Held {
  readonly space: Space;
  readonly page: PageAddress;
  readonly state: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
}

/** Every page of a snapshot by its bytes, read one by one: what the manifest says of page numbers plays no part. */
function heldPages(store: Store, record: SnapshotRecord): Held[] {
  const held: Held[] = [];
  for (const { mapping } of store.manifest(record).laid) {
    const { spaceStart, range, space } = mapping;
    const rows = placesOf(store.manifest(record)).ranges(space, spaceStart, spaceStart + range.end - range.start);
    for (const [from, to] of rows)
      for (let page = from; page < to; page++) {
        const { states, bytes } = readBytes(store, record, space, BigInt(page) * 4096n, 4096);
        const state = PAGE_STATES[states[0]];
        if (state !== "data" && state !== "zero") continue;
        held.push({ space, page: page as PageAddress, state, hash: createHash("sha256").update(bytes).digest("hex") });
      }
  }
  return held;
}

function placesIn(held: readonly Held[], hash: string): string[] {
  return held
    .filter((one) => one.state === "data" && one.hash === hash)
    .map(({ space, page }) => `${space}:${formatAddress(addressOfPage(page, 0x25))}`);
}

test("a note stands at every place of its page in each snapshot, and in no other snapshot", async () => {
  const store = temporaryStore();
  const t0 = await app(store, "t0");
  const before = heldPages(store, t0);
  const noted = before.filter(({ state }) => state === "data").filter((_, index) => index % 150 === 7);
  expect(noted.length).toBeGreaterThan(4);
  for (const [index, { space, page }] of noted.entries())
    addNote(store, t0, { space, address: addressOfPage(page, 0x25), length: 4, text: `note ${index}` });
  const gone = addNote(store, t0, { space: "p1", address: SECRET, length: 1, text: "the secret" });

  const t1 = await app(store, "t1");
  const after = heldPages(store, t1);
  for (const [record, held] of [
    [t0, before],
    [t1, after],
  ] as const) {
    const { notes, sha256 } = await notesOf(store, record);
    expect(sha256).toBe(record.sha256);
    for (const [index, { hash }] of noted.entries()) {
      const note = notes.find(({ text }) => text === `note ${index}`);
      const places = placesIn(held, hash);
      expect(note?.places.map(({ space, address }) => `${space}:${address}`) ?? []).toEqual(places);
      expect(note?.placeCount ?? 0).toBe(places.length);
      if (note) expect([note.hash, note.from, note.to]).toEqual([hash, 0x25, 0x29]);
    }
  }
  // t1 has changed a byte of that page: the note does not stand there.
  expect((await notesOf(store, t0)).notes.map(({ note }) => note)).toContain(gone.note);
  expect((await notesOf(store, t1)).notes.map(({ note }) => note)).not.toContain(gone.note);
  expect(gone.madeIn).toEqual({ snapshot: t0.id, name: "app/t0", space: "p1", address: formatAddress(SECRET) });
});

test("a note outlives its snapshot and the page itself, and stands again when the content comes back", async () => {
  const store = temporaryStore();
  const t0 = await app(store, "t0");
  const { note } = addNote(store, t0, { space: "p1", address: SECRET, length: 3, text: "again" });
  const pageIn = (record: SnapshotRecord) =>
    placesOf(store.manifest(record)).columns("p1", Number(SECRET >> 12n), 1).page[0];
  const number = pageIn(t0);
  {
    using _lock = await store.lock("test");
    deleteSnapshot(store, t0);
    expect((await collectGarbage(store)).pages).toBeGreaterThan(0);
  }
  expect(allNotes(store).map((one) => one.note)).toEqual([note]);
  const other = await app(store, "t1");
  expect((await notesOf(store, other)).notes).toEqual([]);
  const again = (await ingest(store, samplePath("podman", "app-t0.tar.zst"), "other")).snapshot;
  expect(pageIn(again)).not.toBe(number);
  expect((await notesOf(store, again)).notes.map((one) => [one.note, one.places])).toEqual([
    [note, [{ space: "p1", address: formatAddress(SECRET) }]],
  ]);
});

test("what has no content of its own carries no note, and the refusal says why", async () => {
  const store = temporaryStore();
  const t0 = await app(store, "t0");
  const manifest = store.manifest(t0);
  const pageOf = (state: PageState) => {
    for (const { mapping, chunks } of manifest.laid)
      for (const chunk of chunks) {
        const row = manifest.columns(chunk).state.indexOf(stateCode(state));
        if (row >= 0) return { space: mapping.space, page: chunk.start + row };
      }
    throw new Error(`no page is ${state}`);
  };
  const zero = pageOf("zero");
  const file = pageOf("absent-file");
  const add =
    (space: Space, page: number, length = 1, offset = 0) =>
    () =>
      addNote(store, t0, { space, address: addressOfPage(page as PageAddress, offset), length, text: "x" });
  expect(add(zero.space, zero.page)).toThrow(/is all zero: a note is bound to what its page holds/);
  expect(add(file.space, file.page)).toThrow(/The dump has no bytes of the page at 0x/);
  expect(add("p1", 1)).toThrow(/0x1000 is in no mapping of app\/t0/);
  expect(add("p99", Number(SECRET >> 12n))).toThrow(/is in no mapping/);
  expect(add("p1", Number(SECRET >> 12n), 2, 4095)).toThrow(/on bytes of one page: from 0x[0-9a-f]+fff it has 1/);
  expect(allNotes(store)).toEqual([]);
});

test.each([
  ["\u001b[31mred", /control character/],
  ["a\u0000b", /control character/],
  ["half \ud800", /half a character/],
  ["x".repeat(2001), /at most 2000 characters, not 2001/],
])("the text %j is refused, and nothing is kept", async (text, why) => {
  const store = temporaryStore();
  const t0 = await app(store, "t0");
  const made = addNote(store, t0, { space: "p1", address: SECRET, length: 1, text: " kept\r\nas it is\t<b> " });
  expect(made.text).toBe("kept\nas it is\t<b>");
  expect(() => addNote(store, t0, { space: "p1", address: SECRET, length: 1, text })).toThrow(why);
  expect(() => changeNote(store, made.note, text)).toThrow(why);
  expect(allNotes(store)).toEqual([made]);
});

test("notes are changed and removed, survive a start, and their numbers are not used twice", async () => {
  const store = temporaryStore();
  const t0 = await app(store, "t0");
  const add = (text: string) => addNote(store, t0, { space: "p1", address: SECRET, length: 1, text });
  const [first, second] = [add(""), add("second")];
  const changed = changeNote(store, first.note, "first");
  expect(changed).toEqual({ ...first, text: "first", changedAt: changed.changedAt });
  expect(changed.changedAt).not.toBeNull();
  removeNote(store, second.note);
  expect(() => removeNote(store, second.note)).toThrow(/There is no note/);
  expect(() => changeNote(store, second.note, "x")).toThrow(/There is no note/);
  expect(add("third").note).toBeGreaterThan(second.note);
  const other = openStore(store.directory);
  expect(allNotes(other).map(({ text }) => text)).toEqual(["first", "third"]);
  other.close();
});

test("of a content that stands often the first 256 places are told, in order, and how many there are", async () => {
  const store = temporaryStore();
  const often = new Uint8Array(4096).fill(0xaa);
  const file = path.join(temporaryFolder(), "often.raw");
  // Two pages, a zero one, 300 of one content, another one, once more the content.
  const pages = [1, 2, 0, ...Array.from({ length: 300 }, () => 0xaa), 3, 0xaa];
  writeFileSync(file, Buffer.concat(pages.map((value) => (value === 0xaa ? often : new Uint8Array(4096).fill(value)))));
  const { snapshot } = await ingest(store, file, "often", { asRaw: true, base: 0x10000n });
  const add = (page: number) =>
    addNote(store, snapshot, {
      space: "raw",
      address: (0x10000n + BigInt(page) * 4096n) as Address,
      length: 1,
      text: "",
    });
  add(9);
  add(303);
  expect(() => add(2)).toThrow(/is all zero/);
  const [{ places, placeCount }, single] = (await notesOf(store, snapshot)).notes;
  expect(placeCount).toBe(301);
  expect(places.map(({ address }) => address)).toEqual(
    Array.from({ length: 256 }, (_, n) => `0x${(0x13000 + n * 4096).toString(16)}`),
  );
  expect(single.places).toEqual([{ space: "raw", address: `0x${(0x10000 + 303 * 4096).toString(16)}` }]);
});
