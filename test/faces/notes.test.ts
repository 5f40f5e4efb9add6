/** Notes by the command line and over HTTP, which see each other's. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { AddNoteSchema, MadeNoteSchema, NotesSchema, SnapshotNotesSchema } from "../../shared/api/index.ts";
import { ingest, samplePath, temporaryFolder } from "../ingest/temporary-store.ts";
import { Face } from "./face.ts";

const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");

async function open() {
  const data = temporaryFolder();
  const face = await Face.open(data);
  onTestFinished(() => face.close());
  const { snapshot } = await ingest(face.store, samplePath("podman", "tiny-t0.tar"), "tiny");
  const dumpscope = async (...args: string[]) => {
    const env = { ...process.env, DUMPSCOPE_DATA: data };
    return promisify(execFile)(process.execPath, [LAUNCHER, ...args], { env }).then(
      ({ stdout }) => ({ status: 0, out: stdout, err: "" }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        status: error.code,
        out: error.stdout,
        err: error.stderr,
      }),
    );
  };
  return { face, snapshot, dumpscope };
}

/** A page that both processes of tiny have at one address: one was forked from the other. */
async function sharedAddress({ face, snapshot }: Awaited<ReturnType<typeof open>>): Promise<string> {
  const manifest = face.store.manifest(snapshot);
  const seen = new Map<string, string>();
  for (const { mapping, chunks } of manifest.laid)
    for (const chunk of chunks) {
      const { page, state } = manifest.columns(chunk);
      for (let row = 0; row < page.length; row++) {
        const address = `0x${((chunk.start + row) * 4096).toString(16)}`;
        const key = `${page[row]} ${address}`;
        const other = seen.get(key);
        if (state[row] === 0 && other !== undefined && other !== mapping.space) return address;
        seen.set(key, mapping.space);
      }
    }
  throw new Error("no page stands in both processes");
}

test("a note's whole life by the command line", async () => {
  const world = await open();
  const { dumpscope, snapshot } = world;
  const address = await sharedAddress(world);
  const refused = await dumpscope("note", "add", "tiny/t0", address, "x");
  expect([refused.status, refused.err]).toEqual([
    2,
    expect.stringMatching(new RegExp(`Several processes have ${address}: --pid \\d+, \\d+\\.`)),
  ]);
  const pids = /--pid (\d+), (\d+)/.exec(refused.err)?.slice(1) ?? [];
  const hostile = "first <img src=x>\nof two \u202elines";
  const added = await dumpscope(
    "note",
    "add",
    "tiny/t0",
    address,
    hostile,
    "--pid",
    pids[1],
    "--length",
    "16",
    "--json",
  );
  const made = MadeNoteSchema.parse(JSON.parse(added.out));
  expect(made).toMatchObject({ from: 0, to: 16, text: hostile, changedAt: null });
  expect(made.madeIn).toEqual({ snapshot: snapshot.id, name: "tiny/t0", space: `p${pids[1]}`, address });

  const listed = await dumpscope("note", "list", "tiny/t0", "--json");
  const { notes } = SnapshotNotesSchema.parse(JSON.parse(listed.out));
  expect(notes[0].placeCount).toBe(2);
  expect(notes[0].places).toEqual(pids.map((pid) => ({ space: `p${pid}`, address })));
  // A terminal obeys nothing of it.
  expect((await dumpscope("note", "list", "tiny/t0")).out).toContain("first <img src=x> of two \\u{202e}lines");

  await dumpscope("note", "change", String(made.note), "short");
  const all = await dumpscope("note", "list", "--json");
  expect(NotesSchema.parse(JSON.parse(all.out)).notes.map(({ text }) => text)).toEqual(["short"]);
  expect((await dumpscope("note", "remove", String(made.note))).out).toBe(`note ${made.note} removed\n`);
  expect((await dumpscope("note", "list")).out).toBe("no notes\n");
  const gone = await dumpscope("note", "remove", String(made.note), "--json");
  expect([gone.status, JSON.parse(gone.err)]).toEqual([1, { error: expect.objectContaining({ code: "not-found" }) }]);
});

test.each([
  [["note"], /add, list, change or remove is missing/],
  [["note", "forget"], /note takes add, list, change or remove, not forget/],
  [["note", "list", "a", "b"], /note list takes no argument b/],
  [["note", "list", "--pid", "1"], /note list takes no --pid/],
  [["note", "remove", "x"], /A note is named by its number, not x/],
  [["note", "add", "tiny/t0", "nine"], /ADDRESS takes a hexadecimal address, not nine/],
])("%j is told what is wrong with it", async (args, why) => {
  const { dumpscope } = await open();
  const { status, err } = await dumpscope(...args);
  expect([status, err]).toEqual([2, expect.stringMatching(why)]);
});

test("a note's whole life over HTTP, also while a dump is being read", async () => {
  const world = await open();
  const { face, snapshot } = world;
  const address = await sharedAddress(world);
  const space = `p${face.store.manifest(snapshot).facts.processes[0].pid}`;
  const at = `/api/snapshots/${snapshot.id}/notes`;
  using _lock = await face.store.lock("ingest other.tar");
  const body = AddNoteSchema.parse({ space, address, text: "over HTTP" });
  const made = MadeNoteSchema.parse((await face.ask("POST", at, body)).answer);
  expect(made).toMatchObject({ from: 0, to: 1, text: "over HTTP" });
  const changed = await face.ask("PATCH", `/api/notes/${made.note}`, { text: "changed" });
  expect(MadeNoteSchema.parse(changed.answer).text).toBe("changed");
  const { notes } = SnapshotNotesSchema.parse((await face.ask("GET", at)).answer);
  expect(notes.map(({ text, placeCount }) => [text, placeCount])).toEqual([["changed", 2]]);
  const file = await fetch(`${face.server.url}${at}.json`);
  expect(file.headers.get("content-disposition")).toBe('attachment; filename="tiny-t0-notes.json"');
  expect(SnapshotNotesSchema.parse(await file.json())).toEqual({
    snapshot: snapshot.id,
    name: "t0",
    container: "tiny",
    sha256: snapshot.sha256,
    unpackedSha256: null,
    notes,
  });
  expect(NotesSchema.parse((await face.ask("GET", "/api/notes")).answer).notes).toHaveLength(1);

  const zero = await face.ask("POST", at, { space, address: "0x1000", text: "" });
  expect([zero.status, zero.answer.code]).toEqual([404, "address-unmapped"]);
  for (const wrong of [
    { space: "q1", address, text: "" },
    { space, address, text: "", length: 0 },
    { space, address },
  ])
    expect((await face.ask("POST", at, wrong)).status).toBe(400);
  expect((await face.ask("DELETE", `/api/notes/${made.note}`)).status).toBe(200);
  expect((await face.ask("DELETE", `/api/notes/${made.note}`)).status).toBe(404);
  expect((await face.ask("PATCH", "/api/notes/x", { text: "" })).status).toBe(404);
});
