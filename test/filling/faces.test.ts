/** Filled pages as both faces show them: only when asked, never as the dump's, and always with where they come from. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { snapshotStrip } from "../../server/inspect/index.ts";
import { createKnownSets } from "../../server/known-sets/index.ts";
import { decodeRangeBytes, FILLED_STATE } from "../../shared/api/index.ts";
import { placeColors } from "../../shared/palette/index.ts";
import { provenanceCode } from "../../shared/provenance/index.ts";
import { stateCode } from "../../shared/snapshot/index.ts";
import { cellStateCode, decodeTiles, type Tile, tileCount } from "../../shared/tile/index.ts";
import { Face } from "../faces/face.ts";
import { samplePath } from "../ingest/temporary-store.ts";
import { GHOST, GHOST_PAGES } from "./ghost.ts";

const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");
const PAGE = 4096;
const FILLED = cellStateCode("filled");
const RECORDED = cellStateCode("recorded");
const SOURCE = { kind: "ghost", path: "/tmp/ghost.bin", member: "checkpoint/ghost-file-1.img" };
let folder: string;
/** Where app-t0 maps /tmp/ghost.bin. */
let ghostAt: string;

async function dumpscope(...args: string[]) {
  const options = { env: { ...process.env, DUMPSCOPE_DATA: path.join(folder, "store") }, encoding: "buffer" as const };
  const told = (status: number, out: Buffer, err: Buffer) => ({ status, out, err: err.toString() });
  return promisify(execFile)(process.execPath, [LAUNCHER, ...args], options).then(
    ({ stdout, stderr }) => told(0, stdout, stderr),
    (error: { code: number; stdout: Buffer; stderr: Buffer }) => told(error.code, error.stdout, error.stderr),
  );
}

async function json<T>(...args: string[]): Promise<T> {
  return JSON.parse((await dumpscope(...args, "--json")).out.toString()) as T;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  writeFileSync(path.join(folder, "ghost.raw"), GHOST);
  await dumpscope("ingest", samplePath("podman", "app-t0.tar.zst"), "--container", "app");
  await dumpscope("ingest", samplePath("podman", "tiny-t0.tar"), "--container", "tiny");
  await dumpscope("ingest", path.join(folder, "ghost.raw"), "--container", "raw", "--format", "raw");
  await dumpscope("known", "add", samplePath("images", "tiny-oci.tar"), "--name", "tiny", "--with-bytes");
  const { mappings } = await json<{ mappings: { path: string; start: string }[] }>("inspect", "app/t0");
  ghostAt = mappings.find(({ path: its }) => its === "/tmp/ghost.bin")?.start ?? "";
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const address = (offset: number) => `0x${(BigInt(ghostAt) + BigInt(offset)).toString(16)}`;
const range = (offset: number, length: number) => ["--pid", "1", "--address", address(offset), "--length", `${length}`];

describe("the command line", () => {
  test("strip and inspect count what is of deleted files and what can be filled, and no recorded page more", async () => {
    const filling = { leftToFile: 3263, ofDeletedFiles: 3, fromGhost: 3, fromImage: 0 };
    const report = await json<Record<string, unknown> & { byFile: Record<string, unknown>[] }>("strip", "app/t0");
    expect(report).toMatchObject({ ...filling, recorded: 1994, zero: 14, explained: 14 });
    expect(report.byFile.filter(({ ofDeletedFiles }) => ofDeletedFiles !== 0)).toEqual([
      expect.objectContaining({ path: "/tmp/ghost.bin", deleted: true, leftToFile: 3, fromGhost: 3, recorded: 0 }),
    ]);
    expect(await json("inspect", "app/t0")).toMatchObject({ filling });
    expect(await json("strip", "tiny/t0")).toMatchObject({ leftToFile: 12, ofDeletedFiles: 0, fromImage: 12 });
    const lines = (await dumpscope("strip", "app/t0")).out.toString();
    expect(lines).toContain(
      "  of deleted files: 3 pages, no image's\n  can be filled: 3 from the dump's ghost files, 0 known",
    );
    const once = /^each once {2}(.*)$/m.exec(lines)?.[1] ?? "";
    const counts = once.split(", ").map((part) => Number(part.replace(/[^0-9]/g, "")));
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(1994);
  });

  test("figures tell what was left to deleted files from what is the image's", async () => {
    expect(await json("figures", "app/t0")).toMatchObject({ absent: { file: 3263 }, ofDeletedFiles: 3 });
    const lines = (await dumpscope("figures", "app/t0")).out.toString();
    expect(lines).toContain("3 263 pages left to files (3 of them to deleted ones), 399 untouched");
    expect((await dumpscope("figures", "tiny/t0")).out.toString()).toContain("12 pages left to files, ");
  });

  test("read refuses what the dump does not hold, and with --filled says whose the bytes are", async () => {
    const refused = await dumpscope("read", "app/t0", ...range(5, 9000));
    expect(refused).toMatchObject({ status: 1, out: Buffer.alloc(0) });
    expect(refused.err).toContain(`${address(5)} is absent from the dump: it was left to its file`);
    const filled = await dumpscope("read", "app/t0", ...range(5, 9000), "--filled");
    expect(filled.out.equals(GHOST.subarray(5, 9005))).toBe(true);
    expect(filled.err).toBe(
      `${address(5)}: 9 000 bytes not in the dump. Filled from the dump's ghost file: /tmp/ghost.bin at 0x5, kept in checkpoint/ghost-file-1.img.\n`,
    );
  });

  test("export of a range lists its filled bytes beside it, and writes nothing without being asked for them", async () => {
    const out = path.join(folder, "range.bin");
    expect(await dumpscope("export", "app/t0", "--out", out, ...range(0, 12_288))).toMatchObject({ status: 1 });
    expect(existsSync(out)).toBe(false);
    const printed = await json<object>("export", "app/t0", "--out", out, ...range(0, 12_288), "--filled");
    expect(readFileSync(out).equals(GHOST)).toBe(true);
    const told = {
      bytes: 12_288,
      sha256: createHash("sha256").update(GHOST).digest("hex"),
      filled: [{ space: "p1", address: ghostAt, bytes: 12_288, source: SOURCE, offset: 0 }],
    };
    expect(printed).toMatchObject({ ...told, list: `${out}.filled.json` });
    expect(JSON.parse(readFileSync(`${out}.filled.json`, "utf8"))).toMatchObject(told);
    const whole = await dumpscope("export", "app/t0", "--out", out, "--filled");
    expect(whole.status).toBe(2);
    expect(whole.err).toContain("A dump is given back as it arrived");
  });

  test.each(["hex", "regex"])(
    "find --filled finds %s over two filled pages and names file and offset",
    async (form) => {
      const bytes = [...GHOST.subarray(PAGE - 4, PAGE + 4)].map((byte) => byte.toString(16).padStart(2, "0"));
      const pattern = form === "hex" ? bytes.join(" ") : bytes.map((byte) => `\\x${byte}`).join("");
      type Found = { hits: { filled?: object | null }[] };
      // The program has built in its heap what it wrote.
      const { hits: recorded } = await json<Found>("find", "app/t0", pattern, "--as", form);
      const { hits } = await json<Found>("find", "app/t0", pattern, "--as", form, "--filled");
      expect(hits.filter(({ filled }) => filled === null)).toEqual(recorded.map((hit) => ({ ...hit, filled: null })));
      expect(hits.filter(({ filled }) => filled !== null)).toEqual([
        {
          space: "p1",
          address: address(PAGE - 4),
          length: 8,
          mapping: "ghost.bin",
          filled: { source: SOURCE, offset: PAGE - 4 },
        },
      ]);
    },
  );

  test("strings --filled finds those of filled pages, over their borders, and says from what file and byte", async () => {
    interface Strings {
      readonly strings: { address: string; text: string; filled: unknown }[];
      readonly notSearched: { absent: { file: number }; mappings: unknown[] };
    }
    const scope = ["strings", "app/t0", "--in", ghostAt, "--length", "5", "--reveal"];
    const without = await json<Strings>(...scope);
    expect(without).toMatchObject({ strings: [], notSearched: { absent: { file: 3 }, mappings: { length: 1 } } });
    const runs = [...GHOST.toString("latin1").matchAll(/[\t\x20-\x7e]{5,}/g)];
    expect(runs.length).toBeGreaterThan(20);
    const { strings, notSearched } = await json<Strings>(...scope, "--filled");
    expect(strings.map(({ address: at, text, filled }) => ({ at, text, filled }))).toEqual(
      runs.map(({ 0: text, index }) => ({ at: address(index), text, filled: { source: SOURCE, offset: index } })),
    );
    expect(notSearched).toMatchObject({ absent: { file: 0 }, mappings: [] });
    const { out } = await dumpscope(...scope, "--filled");
    expect(out.toString()).toContain("ghost file");
  });

  test("find --filled tells filled hits from recorded ones", async () => {
    const elf = ["find", "tiny/t0", "7f 45 4c 46", "--as", "hex"];
    const recorded = (await json<{ hits: object[] }>(...elf)).hits;
    const { hits } = await json<{ hits: { filled: object | null }[] }>(...elf, "--filled");
    expect(hits.filter(({ filled }) => filled === null)).toHaveLength(recorded.length);
    expect(hits.filter(({ filled }) => filled !== null)).toEqual(
      [1, 2].map((pid) =>
        expect.objectContaining({
          space: `p${pid}`,
          filled: { source: expect.objectContaining({ kind: "image", path: "/tiny", set: "tiny" }), offset: 0 },
        }),
      ),
    );
  });
});

/** Pixels of a PNG that have the ground of a place left to its file. */
async function leftGround(png: Uint8Array): Promise<number> {
  const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const [red, green, blue] = placeColors(cellStateCode("image"), "dark").ground;
  let found = 0;
  for (let i = 0; i < data.length; i += 3)
    if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) found++;
  return found;
}

test("a picture is filled when it is asked for, hatched, and says how many pages are not the dump's", async () => {
  const out = (name: string) => path.join(folder, name);
  const picture = (container: string, name: string, ...more: string[]) =>
    json<{ filled: object | null }>("picture", `${container}/t0`, "--out", out(name), "--width", "512", ...more);
  expect((await picture("tiny", "tiny.png")).filled).toBeNull();
  expect((await picture("tiny", "tiny-filled.png", "--filled")).filled).toMatchObject({ fromImage: 12, fromGhost: 0 });
  expect((await picture("app", "app-filled.png", "--filled")).filled).toMatchObject({ fromImage: 0, fromGhost: 3 });
  // Where nothing is filled, it says so.
  const ofPages = ["--filled", "--channel", "permissions", "--width", "512"] as const;
  expect((await picture("app", "app-pages.png", ...ofPages)).filled).toBeNull();
  const { out: said } = await dumpscope("picture", "app/t0", "--out", out("app-pages.png"), ...ofPages);
  expect(String(said)).toContain("the channel colours recorded pages: filling changes nothing in it");
  const [plain, filled] = [readFileSync(out("tiny.png")), readFileSync(out("tiny-filled.png"))];
  // Of the legend's swatch, 12 × 12 pixels, three of four in both.
  const [before, after] = [(await leftGround(plain)) - 108, (await leftGround(filled)) - 108];
  expect(before).toBeGreaterThan(0);
  // Of a filled place one pixel of eight, and of the swatch that says so 18.
  expect(Math.abs((after - 18) * 6 - before)).toBeLessThan(before / 8);
});

describe("HTTP", () => {
  let face: Face;
  beforeAll(async () => {
    face = await Face.open(path.join(folder, "store"));
  });
  afterAll(() => face.close());

  const idOf = (container: string) => face.store.snapshot(`${container}/t0`).id;
  async function bytesOf(place: string): Promise<Uint8Array> {
    const response = await fetch(face.server.url + place);
    expect(response.status).toBe(200);
    return new Uint8Array(await response.arrayBuffer());
  }
  async function tiles(container: string, channel: string, level: number, filled: boolean): Promise<Tile[]> {
    const record = face.store.snapshot(`${container}/t0`);
    const { end: positions } = snapshotStrip(face.store, createKnownSets(face.store), record);
    const end = tileCount(positions, level);
    const found: Tile[] = [];
    for (let first = 0; first < end; first += 32) {
      const indices = Array.from({ length: Math.min(32, end - first) }, (_, i) => first + i);
      const query = `level=${level}&tiles=${indices.join(",")}${filled ? "&filled=1" : ""}`;
      found.push(...decodeTiles(await bytesOf(`/api/snapshots/${idOf(container)}/tiles/${channel}?${query}`)));
    }
    return found;
  }
  const cells = (all: readonly Tile[], wanted: number) =>
    all.flatMap(({ state, a, b }) =>
      Array.from(state.keys()).flatMap((cell) => (state[cell] === wanted ? [[a[cell], b[cell]]] : [])),
    );

  test("a picture is the one that the command line draws, filled or not", async () => {
    for (const [query, name] of [
      ["", "plain.png"],
      ["&filled=1", "filled.png"],
    ]) {
      const out = path.join(folder, name);
      await dumpscope("picture", "tiny/t0", "--out", out, "--width", "512", ...(query === "" ? [] : ["--filled"]));
      const sent = await bytesOf(`/api/snapshots/${idOf("tiny")}/picture.png?width=512${query}`);
      expect(Buffer.from(sent).equals(readFileSync(out)), name).toBe(true);
    }
  });

  test("the filling names sources, and what a set fills is gone with the set", async () => {
    const { answer } = await face.ask("GET", `/api/snapshots/${idOf("app")}/filling`);
    const start = Number(BigInt(ghostAt) / 4096n);
    expect(answer).toEqual({
      snapshot: idOf("app"),
      ofDeletedFiles: 3,
      fromGhost: 3,
      fromImage: 0,
      fillers: [{ space: "p1", start, end: start + 3, offset: 0, source: SOURCE }],
    });
  });

  test("tiles of filled pages have the planes of the same bytes recorded, in a state of their own", async () => {
    for (const channel of ["class", "value", "entropy"]) {
      for (const level of [3, 6]) {
        const plain = await tiles("app", channel, level, false);
        const filled = await tiles("app", channel, level, true);
        expect(cells(plain, FILLED)).toEqual([]);
        expect(cells(filled, FILLED)).toEqual(cells(await tiles("raw", channel, level, false), RECORDED));
        expect(cells(filled, RECORDED)).toEqual(cells(plain, RECORDED));
      }
    }
  });

  test("in provenance what an image fills is known, and a ghost file's page, which nothing explains, stays left to its file", async () => {
    expect(cells(await tiles("app", "provenance", 6, true), FILLED)).toEqual([]);
    const filled = cells(await tiles("tiny", "provenance", 6, true), FILLED);
    expect(filled).toHaveLength(12);
    expect(new Set(filled.map(([rank]) => rank))).toEqual(new Set([provenanceCode("known")]));
  });

  test("bytes are filled only when asked, and their state says so", async () => {
    const place = `/api/snapshots/${idOf("app")}/bytes?space=p1&address=${address(-4096 + 7)}&length=16384`;
    const plain = decodeRangeBytes(await bytesOf(place), 5, 16_384);
    expect(Array.from(plain?.states.subarray(1, 4) ?? [])).toEqual(Array(3).fill(stateCode("absent-file")));
    expect(plain?.bytes.subarray(PAGE - 7, 4 * PAGE - 7).every((byte) => byte === 0)).toBe(true);
    const filled = decodeRangeBytes(await bytesOf(`${place}&filled=1`), 5, 16_384);
    expect(Array.from(filled?.states.subarray(1, 4) ?? [])).toEqual(Array(3).fill(FILLED_STATE));
    expect(Buffer.from(filled?.bytes.subarray(PAGE - 7, 4 * PAGE - 7) ?? []).equals(GHOST)).toBe(true);
    for (const page of [0, 4]) expect(filled?.states[page]).toBe(plain?.states[page]);
    // A part of one page.
    const inside = await bytesOf(
      `/api/snapshots/${idOf("app")}/bytes?space=p1&address=${address(PAGE + 9)}&length=20&filled=1`,
    );
    expect(Buffer.from(decodeRangeBytes(inside, 1, 20)?.bytes ?? []).equals(GHOST_PAGES[1].subarray(9, 29))).toBe(true);
  });

  test("a page says what it can be filled with, and stays absent", async () => {
    const { answer } = await face.ask("GET", `/api/snapshots/${idOf("app")}/page?space=p1&address=${address(PAGE)}`);
    expect(answer).toMatchObject({
      state: "absent-file",
      provenance: null,
      hash: null,
      reason: `Left to /tmp/ghost.bin at 0x1000. The dump has no bytes here. The file was deleted; the dump carries its content. Filled from the dump's ghost file: /tmp/ghost.bin at 0x1000, kept in checkpoint/ghost-file-1.img.`,
      filled: { source: SOURCE, offset: PAGE, hash: createHash("sha256").update(GHOST_PAGES[1]).digest("hex") },
    });
  });

  test("hits in filled pages say so", async () => {
    const body = { pattern: { form: "hex", text: GHOST.subarray(100, 116).toString("hex") } };
    const hits = async (more: object) => {
      const place = `${face.server.url}/api/snapshots/${idOf("app")}/hits`;
      const headers = { "Content-Type": "application/json" };
      const response = await fetch(place, { method: "POST", headers, body: JSON.stringify({ ...body, ...more }) });
      const events = (await response.text()).trim().split("\n");
      return events.flatMap((line) => (JSON.parse(line) as { found?: object[] }).found ?? []);
    };
    const recorded = await hits({});
    expect(await hits({ filled: true })).toEqual([
      ...recorded,
      { address: address(100), length: 16, filled: { source: SOURCE, offset: 100 } },
    ]);
  });

  test("with the set its filling is gone at once: tiles, counts and bytes", async () => {
    const start = await face.ask("GET", `/api/snapshots/${idOf("tiny")}/filling`);
    expect(start.answer).toMatchObject({ fromImage: 12 });
    expect((await face.ask("DELETE", "/api/known/tiny")).status).toBe(200);
    expect((await face.ask("GET", `/api/snapshots/${idOf("tiny")}/filling`)).answer).toMatchObject({ fromImage: 0 });
    expect(cells(await tiles("tiny", "class", 6, true), FILLED)).toEqual([]);
  });
});
