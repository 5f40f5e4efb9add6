/** A selection exported with what fills its pages left to files: beside the dump's bytes, listed, and in no figure. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addKnownSet } from "../../server/known-sets/index.ts";
import { FilledListSchema, SelectionFiguresSchema, SelectionSchema } from "../../shared/api/index.ts";
import { GHOST } from "../filling/ghost.ts";
import { expected, ingest, samplePath } from "../ingest/temporary-store.ts";
import { filesOf } from "./archive.ts";
import { Face } from "./face.ts";
import { hasRow } from "./legend-rows.ts";
import { textsOf } from "./png-texts.ts";

const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");
const PAGE = 4096;
const ZLIB = "/usr/lib/x86_64-linux-gnu/libz.so.1.2.13";
const SOURCE = { kind: "ghost", path: "/tmp/ghost.bin", member: "checkpoint/ghost-file-1.img" };
const { absentFileByPath: left } = expected<{ dumps: Record<string, { absentFileByPath: Record<string, number> }> }>(
  "podman",
).dumps["app-t0.tar.zst"];
const leftToFile = Object.values(left).reduce((sum, pages) => sum + pages, 0);

let folder: string;
let face: Face;
let url: string;
/** Where app-t0 maps /tmp/ghost.bin. */
let ghostAt: number;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  face = await Face.open(path.join(folder, "store"));
  const { snapshot } = await ingest(face.store, samplePath("podman", "app-t0.tar.zst"), "app");
  // A library of as many pages as the mapped one, each full of its own number.
  const root = path.join(folder, "root");
  mkdirSync(path.dirname(path.join(root, ZLIB)), { recursive: true });
  writeFileSync(path.join(root, ZLIB), Buffer.concat(Array.from({ length: 40 }, (_, i) => Buffer.alloc(PAGE, i + 1))));
  const signal = new AbortController().signal;
  await addKnownSet(face.store, root, "made", { signal, onProgress: () => undefined, withBytes: true });
  url = `${face.server.url}/api/snapshots/${snapshot.id}`;
  const ghost = face.store.manifest(snapshot).laid.find(({ mapping }) => mapping.path === "/tmp/ghost.bin");
  ghostAt = (ghost?.mapping.spaceStart ?? 0) * PAGE;
});
afterAll(async () => {
  await face.close();
  rmSync(folder, { recursive: true, force: true });
});

const part = (from: number, to: number) => `p1:${(ghostAt + from).toString(16)}-${(ghostAt + to).toString(16)}`;

async function sent(place: string): Promise<Buffer> {
  const response = await fetch(`${url}/${place}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

async function archiveOf(query: string) {
  const files = await filesOf(await sent(`selection.tar?${query}`));
  const member = (name: string) => files.get(name) ?? Buffer.alloc(0);
  return {
    names: [...files.keys()],
    member,
    bytes: member("bytes.raw"),
    about: SelectionSchema.parse(JSON.parse(String(member("selection.json")))),
  };
}

const figuresOf = async (query: string) =>
  SelectionFiguresSchema.parse(JSON.parse(String(await sent(`selection.json?${query}`))));

test("a part of a deleted file is exported with the bytes of its ghost file, and the list that the command line writes", async () => {
  const { names, member, bytes, about } = await archiveOf(`in=${part(5, 9005)}&filled=1`);
  expect(names).toEqual(["selection.json", "bytes.raw", "bytes.raw.filled.json", "SHA256SUMS"]);
  expect(bytes.equals(GHOST.subarray(5, 9005))).toBe(true);
  const address = `0x${(ghostAt + 5).toString(16)}`;
  expect(about).toMatchObject({
    leftToFile: 3,
    ofDeletedFiles: 3,
    ranges: [{ space: "p1", address, bytes: 9000, offset: 0, filled: true }],
  });
  const list = FilledListSchema.parse(JSON.parse(String(member("bytes.raw.filled.json"))));
  const out = path.join(folder, "bytes.raw");
  const range = ["--pid", "1", "--address", address, "--length", "9000", "--filled"];
  await promisify(execFile)(process.execPath, [LAUNCHER, "export", "app/t0", "--out", out, ...range], {
    env: { ...process.env, DUMPSCOPE_DATA: face.store.directory },
  });
  expect(`${JSON.stringify({ ...list, out }, null, 2)}\n`).toBe(readFileSync(`${out}.filled.json`, "utf8"));
  expect(list.filled).toEqual([{ space: "p1", address, bytes: 9000, source: SOURCE, offset: 5 }]);
  for (const line of String(member("SHA256SUMS")).trim().split("\n")) {
    const [digest, name] = line.split("  ");
    expect(createHash("sha256").update(member(name)).digest("hex"), name).toBe(digest);
  }
  expect(String(member("SHA256SUMS")).match(/ {2}\S+$/gm)).toHaveLength(3);
});

test("nobody is given filled bytes who did not ask, but the number of pages left to files", async () => {
  for (const query of [`in=${part(0, GHOST.length)}`, `in=${part(0, GHOST.length)}&filled=0`]) {
    const { names, bytes, about } = await archiveOf(query);
    expect(names).toEqual(["selection.json", "bytes.raw", "SHA256SUMS"]);
    expect(bytes).toHaveLength(0);
    expect(about).toMatchObject({ leftToFile: 3, ofDeletedFiles: 3, ranges: [] });
    expect(await figuresOf(query)).toMatchObject({ leftToFile: 3, ofDeletedFiles: 3, ranges: [], filled: null });
  }
});

test("of everything the dump's ranges and bytes are what they are unfilled, and the filled ones each from their file", async () => {
  const plain = await archiveOf("");
  const { member, bytes, about } = await archiveOf("filled=1");
  const bytesAt = ({ offset, bytes: length }: (typeof about.ranges)[number], all: Buffer) =>
    all.subarray(offset, offset + length);
  const recorded = about.ranges.filter(({ filled }) => !filled);
  expect(Buffer.concat(recorded.map((range) => bytesAt(range, bytes))).equals(plain.bytes)).toBe(true);
  const places = (ranges: typeof recorded) =>
    ranges.map(({ space, address, bytes: length }) => [space, address, length]);
  expect(places(recorded)).toEqual(places(plain.about.ranges));

  const { filled } = FilledListSchema.parse(JSON.parse(String(member("bytes.raw.filled.json"))));
  const pages = (kind: string) =>
    filled.reduce((sum, { source, bytes: length }) => sum + (source.kind === kind ? length / PAGE : 0), 0);
  expect([pages("ghost"), pages("image")]).toEqual([left["/tmp/ghost.bin"], left[ZLIB]]);
  expect(about.ranges.reduce((sum, range) => sum + (range.filled ? range.bytes / PAGE : 0), 0)).toBe(
    left["/tmp/ghost.bin"] + left[ZLIB],
  );
  // Every byte of the list stands where its range says, and is its file's.
  for (const { space, address, bytes: length, source, offset } of filled) {
    const range = about.ranges.find((one) => {
      const behind = BigInt(address) - BigInt(one.address);
      return one.filled && one.space === space && behind >= 0n && behind < BigInt(one.bytes);
    });
    if (!range) throw new Error(`${address} is in no filled range`);
    const from = range.offset + Number(BigInt(address) - BigInt(range.address));
    const file =
      source.kind === "ghost"
        ? GHOST.subarray(offset, offset + length)
        : Buffer.from(Uint8Array.from({ length }, (_, i) => Math.floor((offset + i) / PAGE) + 1));
    expect(bytes.subarray(from, from + length).equals(file), address).toBe(true);
    if (source.kind === "image") expect(source).toMatchObject({ path: ZLIB, set: "made" });
  }
});

test("the figures are those of what the dump holds, filled or not, and say what was left to files", async () => {
  const plain = await figuresOf("");
  const filled = await figuresOf("filled=1");
  expect(filled.figures).toEqual(plain.figures);
  expect(filled.figures.pages).toBe(1994);
  expect(filled).toMatchObject({ leftToFile, ofDeletedFiles: 3 });
  const addresses = filled.filled?.map(({ address }) => Number(address)) ?? [];
  expect(addresses).toEqual(addresses.toSorted((x, y) => x - y));
  expect(filled.filled?.filter(({ source }) => source.kind === "ghost")).toEqual([
    { space: "p1", address: `0x${ghostAt.toString(16)}`, bytes: GHOST.length, source: SOURCE, offset: 0 },
  ]);
});

test("among provenances every page is the dump's: nothing is filled", async () => {
  expect(await figuresOf("among=new&filled=1")).toMatchObject({ leftToFile: null, ofDeletedFiles: null, filled: null });
  const { names, about, bytes } = await archiveOf("among=zero&filled=1");
  expect(names).toEqual(["selection.json", "bytes.raw", "SHA256SUMS"]);
  expect(about.ranges.some(({ filled }) => filled)).toBe(false);
  expect(bytes).toHaveLength(14 * PAGE);
});

test("overlapping parts are exported once, in order", async () => {
  const { bytes, member } = await archiveOf(`in=${part(PAGE, 3 * PAGE)},${part(5, 2 * PAGE)}&filled=1`);
  expect(bytes.equals(GHOST.subarray(5))).toBe(true);
  const { filled } = FilledListSchema.parse(JSON.parse(String(member("bytes.raw.filled.json"))));
  expect(filled.map(({ bytes: length, offset }) => [length, offset])).toEqual([[GHOST.length - 5, 5]]);
});

/** The first rows of a picture. */
async function rowsOf(png: Buffer, height: number): Promise<Buffer> {
  const { width = 0 } = await sharp(png).metadata();
  return sharp(png).extract({ left: 0, top: 0, width, height }).raw().toBuffer();
}

async function heightOf(image: Buffer): Promise<number> {
  return (await sharp(image).metadata()).height ?? 0;
}

test.each([
  ["class", 32, 3260 - 29, 0],
  ["provenance", 29, 3260 - 29, 3],
] as const)(
  "the picture of everything in %s is hatched as that of the snapshot, and says how many are not the dump's",
  async (channel, filled, image, deleted) => {
    const query = `channel=${channel}&width=512`;
    const png = await sent(`selection.png?${query}&filled=1`);
    const svg = await sent(`selection-legend.svg?${query}&filled=1`);
    const unfilled = await sent(`selection.png?${query}`);
    // Cells are above the legend.
    const height = (await heightOf(png)) - (await heightOf(svg));
    const cells = await rowsOf(png, height);
    expect(cells.equals(await rowsOf(await sent(`picture.png?${query}&filled=1`), height))).toBe(true);
    expect(cells.equals(await rowsOf(unfilled, height))).toBe(false);
    expect(JSON.parse(textsOf(png).Description)).toMatchObject({
      pages: 1994,
      filled: { fromGhost: filled - 29, fromImage: 29 },
    });
    expect(JSON.parse(textsOf(unfilled).Description)).toMatchObject({ pages: 1994, filled: null });
    for (const legend of [png, svg]) {
      expect(await hasRow(legend, "filled, not in the dump", `${filled} pages`)).toBe(true);
      expect(await hasRow(legend, "left to file", `${String(image).replace(/^(\d)/, "$1\u00a0")} pages`)).toBe(true);
      expect(await hasRow(legend, "left to deleted file", deleted === 0 ? "" : `${deleted} pages`)).toBe(deleted > 0);
    }
  },
);

test("channels of recorded pages have none that is filled: the cells are the same, and a line of the legend says so", async () => {
  const query = "channel=kind&width=512";
  const [png, unfilled] = [await sent(`selection.png?${query}&filled=1`), await sent(`selection.png?${query}`)];
  const height = (await heightOf(unfilled)) - (await heightOf(await sent(`selection-legend.svg?${query}`)));
  expect((await rowsOf(png, height)).equals(await rowsOf(unfilled, height))).toBe(true);
  expect(textsOf(png).Description).toBe(textsOf(unfilled).Description);
  expect(await heightOf(png)).toBeGreaterThan(await heightOf(unfilled));
});

test.each(["tar", "json", "png"])("selection.%s?filled=2 is refused", async (extension) => {
  const response = await fetch(`${url}/selection.${extension}?filled=2`);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("filled");
});
