/** What a server answers of a selection: its figures as lines, and its files opened again. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  decodeRangeBytes,
  FiguresEventSchema,
  type FiguresRequest,
  SelectionFiguresSchema,
  SelectionSchema,
} from "../../shared/api/index.ts";
import { planeCell, planeShape } from "../../shared/layout/index.ts";
import { CLASS_OF_BYTE } from "../../shared/summary/index.ts";
import { ingest, samplePath } from "../ingest/temporary-store.ts";
import { filesOf } from "./archive.ts";
import { Face } from "./face.ts";
import { textsOf } from "./png-texts.ts";

const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");
/** The mapping of the planted secrets and what follows it in memory. */
const SELECTED = "p1:7fe203e1f012-7fe2040a0003";
let folder: string;
let face: Face;
let url: string;
let sha256: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  face = await Face.open(folder);
  const { snapshot } = await ingest(face.store, samplePath("podman", "app-t1.tar.zst"), "../app");
  url = `${face.server.url}/api/snapshots/${snapshot.id}`;
  sha256 = snapshot.sha256;
});
afterAll(async () => {
  await face.close();
  rmSync(folder, { recursive: true, force: true });
});

async function linesOf(body: FiguresRequest) {
  const response = await fetch(`${url}/figures`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const lines = (await response.text()).trim().split("\n");
  return { status: response.status, lines: lines.map((line) => JSON.parse(line) as unknown) };
}

async function memory(space: string, address: bigint, length: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < length; at += 65_536) {
    const start = address + BigInt(at);
    const size = Math.min(65_536, length - at);
    const answer = await fetch(`${url}/bytes?space=${space}&address=0x${start.toString(16)}&length=${size}`);
    const pages = Math.ceil((Number(start & 4095n) + size) / 4096);
    pieces.push(decodeRangeBytes(new Uint8Array(await answer.arrayBuffer()), pages, size)?.bytes ?? new Uint8Array(0));
  }
  return Buffer.concat(pieces);
}

test("figures come as lines that the schema knows, and the file has the same, with the dump's digest", async () => {
  const regions = [{ space: "p1", start: "0x7fe203e1f012", end: "0x7fe2040a0003" }];
  const { status, lines } = await linesOf({ regions });
  expect({ status, last: lines.at(-1) }).toMatchObject({ status: 200, last: { kind: "done" } });
  const last = FiguresEventSchema.parse(lines.at(-1));
  if (last.kind !== "done") throw new Error(`the last line is ${last.kind}`);
  const response = await fetch(`${url}/selection.json?in=${SELECTED}`);
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="__app-t0-selection.json"');
  const file = SelectionFiguresSchema.parse(await response.json());
  expect(file.figures).toEqual(last.figures);
  expect(file.sha256).toBe(sha256);
  expect(file.ranges.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(last.figures.bytes);
});

test("the archive has every byte of every range, and digests that are true of it", async () => {
  const response = await fetch(`${url}/selection.tar?in=${SELECTED}`);
  const files = await filesOf(new Uint8Array(await response.arrayBuffer()));
  expect([...files.keys()]).toEqual(["selection.json", "bytes.raw", "SHA256SUMS"]);
  const bytes = files.get("bytes.raw") ?? Buffer.alloc(0);
  const { ranges, in: asked } = SelectionSchema.parse(JSON.parse(String(files.get("selection.json"))));
  expect(asked).toBe(SELECTED);
  // Holes are in none of them.
  expect(ranges.length).toBeGreaterThan(1);
  let offset = 0;
  for (const range of ranges) {
    expect(range.offset).toBe(offset);
    const there = await memory(range.space, BigInt(range.address), range.bytes);
    expect(bytes.subarray(offset, offset + range.bytes).equals(there)).toBe(true);
    offset += range.bytes;
  }
  expect(bytes.length).toBe(offset);
  for (const line of String(files.get("SHA256SUMS")).trim().split("\n")) {
    const [digest, name] = line.split("  ");
    expect(
      createHash("sha256")
        .update(files.get(name) ?? "")
        .digest("hex"),
    ).toBe(digest);
  }
});

test.each([
  ["in=nowhere", 400, "is no selection"],
  ["in=p9", 404, "There is no space p9"],
  ["in=p1:2-1", 400, "is no selection"],
  ["among=sound", 400, "sound is no provenance"],
])("selection.tar?%s is refused with %i", async (query, status, message) => {
  const response = await fetch(`${url}/selection.tar?${query}`);
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(message);
});

test("among provenances the archive has only their pages", async () => {
  const { figures } = SelectionFiguresSchema.parse(await (await fetch(`${url}/selection.json?among=zero`)).json());
  expect(figures.zeroPages).toBe(figures.pages);
  const files = await filesOf(new Uint8Array(await (await fetch(`${url}/selection.tar?among=zero`)).arrayBuffer()));
  expect(files.get("bytes.raw")?.equals(Buffer.alloc(figures.bytes))).toBe(true);
});

test("the picture has the bytes of its pages and no others, and says in the file of what it is", async () => {
  // One page, alone in its block of 16.
  const address = 0x7fe203e1f000n;
  const selection = `p1:${address.toString(16)}-${(address + 4096n).toString(16)}`;
  const response = await fetch(`${url}/selection.png?in=${selection}&width=256`);
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="__app-t0-selection.png"');
  const png = Buffer.from(await response.arrayBuffer());
  const texts = textsOf(png);
  expect(texts.Source).toBe(`sha256:${sha256}`);
  expect(texts.Title).toBe("../app t0");
  expect(JSON.parse(texts.Description)).toMatchObject({ sha256, selection, bytes: 4096, pages: 1, channel: "class" });

  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const colorAt = (x: number, y: number) =>
    data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3).toString("hex");
  const bytes = await memory("p1", address, 4096);
  const shape = planeShape("hilbert", 16, 0, 256);
  const colors = new Map<number, Set<string>>();
  const drawn: boolean[] = [];
  const gap = colorAt(0, 0);
  for (let cell = 0; cell < 65_536; cell++) {
    const at = planeCell({ ...shape, layout: "hilbert" }, cell);
    const color = colorAt(16 + (at?.x ?? 0), 16 + (at?.y ?? 0));
    if (color !== gap) drawn[Math.floor(cell / 4096)] = true;
  }
  expect(drawn.filter(Boolean)).toHaveLength(1);
  const row = drawn.findIndex(Boolean);
  bytes.forEach((byte, i) => {
    const at = planeCell({ ...shape, layout: "hilbert" }, row * 4096 + i);
    const own = colors.get(CLASS_OF_BYTE[byte]) ?? new Set();
    colors.set(CLASS_OF_BYTE[byte], own.add(colorAt(16 + (at?.x ?? 0), 16 + (at?.y ?? 0))));
  });
  expect([...colors.values()].every((own) => own.size === 1)).toBe(true);
  expect(new Set([...colors.values()].flatMap((own) => [...own])).size).toBe(colors.size);

  const svg = await (await fetch(`${url}/selection-legend.svg?in=${selection}&width=256`)).text();
  const legend = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(legend.info.width).toBe(info.width);
  // It is what stands below the picture.
  const below = data.subarray((info.height - legend.info.height) * info.width * 3);
  const differing = below.reduce((sum, value, i) => sum + (Math.abs(value - legend.data[i]) > 8 ? 1 : 0), 0);
  expect(differing / below.length).toBeLessThan(0.001);
});

test("a picture and its legend have the colours of the palette that is asked for, or of none that the channel lacks", async () => {
  const ask = (place: string) => fetch(`${url}/${place}in=${SELECTED}&width=256&channel=entropy`);
  for (const place of ["selection.png?", "selection-legend.svg?"]) {
    const own = await (await ask(place)).text();
    expect(await (await ask(`${place}palette=magma&`)).text()).not.toBe(own);
    const refused = await ask(`${place}palette=classic&`);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain("has no palette classic");
  }
  const png = Buffer.from(await (await ask("selection.png?palette=magma&")).arrayBuffer());
  expect(JSON.parse(textsOf(png).Description)).toMatchObject({ channel: "entropy", palette: "magma" });
});

test("the command line tells the figures that the browser is told, with the most frequent pairs and the strings", async () => {
  const region = { space: "p1", start: "0x7fe203e1f012", end: "0x7fe2040a0003" };
  const { lines } = await linesOf({ regions: [region] });
  const done = FiguresEventSchema.parse(lines.at(-1));
  if (done.kind !== "done") throw new Error("there are no figures");
  const { pairs, classes, curve, windows: eighths, ...rest } = done.figures;
  const args = ["figures", "../app/t0", "--in", `p1:${region.start}-${region.end}`, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, ...args], {
    env: { ...process.env, DUMPSCOPE_DATA: face.store.directory },
    maxBuffer: 1 << 24,
  });
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ ...rest, entropy: { curve, eighths } });
  expect(Object.values(told.classes)).toEqual(classes);
  const most = [...pairs.keys()].filter((index) => pairs[index] > 0).sort((x, y) => pairs[y] - pairs[x] || x - y);
  expect(told.pairs).toEqual({
    count: pairs.reduce((sum, times) => sum + times, 0),
    different: most.length,
    top: most
      .slice(0, 16)
      .map((index) => ({ pair: Buffer.from([index >> 8, index]).toString("hex"), count: pairs[index] })),
  });
  const windows = curve.parts.reduce((sum, part) => sum + part.windows, 0);
  const mean = curve.parts.reduce((sum, part) => sum + part.mean * part.windows, 0) / windows;
  expect(told.entropy).toMatchObject({ windows, mean });
  const answer = await fetch(`${url}/strings`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ regions: [region] }),
  });
  const strings = JSON.parse((await answer.text()).trim().split("\n").at(-1) ?? "");
  expect(told.strings).toEqual({ count: strings.count, leastLength: 6, limitMet: false });
  expect(strings.count).toBeGreaterThan(100);
});
