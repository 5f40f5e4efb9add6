import { readFileSync } from "node:fs";
import path from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { peaksOf, rowWidthsOf } from "./period.ts";

async function widthsOf(values: Int16Array, focus = values.length >> 1) {
  const widths = await rowWidthsOf(values, focus, new AbortController().signal);
  if (!widths) throw new Error("nobody stopped it");
  return widths;
}

/** Numbers in [0, 1) that follow from a seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A picture: waves and discs, each part of a pixel its own, and noise on each byte. */
function picture(width: number, pixelBytes: number, noise: number, seed: number, bytes = 32_768): Int16Array {
  const next = numbers(seed);
  const waves = Array.from({ length: 4 }, () => ({ x: 3 + next() * 20, y: 15 + next() * 30, at: next() * 6 }));
  const discs = Array.from({ length: 6 }, () => ({
    x: next() * width,
    y: next() * 200,
    r: (0.05 + next() / 8) * width,
  }));
  const values = Int16Array.from({ length: bytes }, (_, at) => {
    const part = at % pixelBytes;
    const x = Math.floor(at / pixelBytes) % width;
    const y = Math.floor(at / pixelBytes / width);
    const disc = discs.findIndex((one) => Math.hypot(x - one.x, y - one.y) < one.r);
    if (disc >= 0) return (disc * 41 + part * 90) & 255;
    return waves.reduce(
      (sum, wave) => sum + 20 * Math.sin(x / wave.x + wave.at + part) * Math.cos(y / wave.y + wave.at),
      110 + 40 * part,
    );
  });
  return values.map((value) => Math.min(255, Math.max(0, Math.round(value + (next() - 0.5) * 2 * noise))));
}

describe("the best width is that of the rows, no multiple and no pixel", () => {
  test.each([
    [100, 1],
    [256, 1],
    [320, 1],
    [640, 1],
    [100, 3],
    [256, 3],
    [320, 3],
    [640, 3],
    [100, 4],
  ])("%i pixels of %i bytes", async (width, pixelBytes) => {
    for (const noise of [0, 2])
      for (const seed of [1, 2]) {
        const { peaks } = await widthsOf(picture(width, pixelBytes, noise, seed));
        expect.soft(peaks[0]?.width, `noise ${noise}, seed ${seed}`).toBe(width * pixelBytes);
      }
  });

  test("of 40 pictures of as many widths in at least 38", async () => {
    // A measured rate, not a law: where a disc repeats itself a multiple may fit better.
    const right: boolean[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const width = 48 + seed * 15;
      const bytes = seed % 2 === 0 ? 1 : 3;
      const { peaks } = await widthsOf(picture(width, bytes, 1, seed));
      right.push(peaks[0]?.width === width * bytes);
    }
    expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(38);
  });

  test("among zeros and constant memory", async () => {
    const values = new Int16Array(65_536).fill(0, 0, 20_000).fill(7, 50_000);
    values.set(picture(256, 1, 1, 4, 20_000), 25_000);
    expect((await widthsOf(values)).peaks[0].width).toBe(256);
  });

  test("of two pictures in view, that of the one in the middle", async () => {
    const values = new Int16Array(65_536);
    values.set(picture(128, 3, 0, 5, 32_768));
    values.set(picture(256, 1, 0, 6, 32_768), 32_768);
    expect((await widthsOf(values, 32_768)).peaks[0].width).toBe(256);
    expect((await widthsOf(values, 32_767)).peaks[0].width).toBe(384);
    expect((await widthsOf(values, 8192)).peaks[0].width).toBe(384);
  });
});

describe("the sample's picture of 256 columns, with one of 128 pixels of three bytes before it", () => {
  const { planted } = JSON.parse(readFileSync(samples("expected.json"), "utf8")) as {
    planted: { picture: { t1: { offsetInPagesImage: number } } };
  };
  const pages = memberOf(zstdDecompressSync(readFileSync(samples("app-t1.tar.zst"))), "checkpoint/pages-1.img");
  const start = planted.picture.t1.offsetInPagesImage;
  const before = 12 * 4096;

  test.each([
    ["alone", start, 65_536, 0],
    ["a page of it", start + 6 * 4096, 4096, 0],
    ["half of the view, from its first byte on", start - 32_768, 65_536, 32_768],
    ["its mapping", start - before, before + 65_536, (before + 65_536) / 2],
    ["its mapping, with its last page looked at", start - before, before + 65_536, before + 65_535],
  ])("%s: 256", async (_name, from, length, focus) => {
    const { peaks } = await widthsOf(Int16Array.from(pages.subarray(from, from + length)), focus);
    expect(peaks[0].width).toBe(256);
  });

  test("the other one: 384", async () => {
    const { peaks } = await widthsOf(Int16Array.from(pages.subarray(start - before, start)));
    expect(peaks[0].width).toBe(384);
  });
});

function samples(file: string): string {
  return path.join(import.meta.dirname, "../../dumps/samples/podman", file);
}

function memberOf(tar: Buffer, name: string): Buffer {
  for (let header = 0; tar[header] !== 0; ) {
    const size = Number.parseInt(tar.toString("latin1", header + 124, header + 136), 8);
    if (tar.toString("latin1", header, header + name.length + 1) === `${name}\0`)
      return tar.subarray(header + 512, header + 512 + size);
    header += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`the sample has a member ${name}`);
}

test("rows of 256 bytes come before their multiples", async () => {
  const widths = await widthsOf(picture(256, 1, 0, 1, 16_384));
  expect(widths.peaks.slice(0, 4).map(({ width }) => width)).toContain(512);
  expect(widths.alike[256]).toBeGreaterThan(0.8);
  expect(widths.bytes).toBe(16_384);
});

test("memory that is alike everywhere, or nowhere, has no width of its own", async () => {
  const zeros = await widthsOf(new Int16Array(8192));
  expect(zeros.alike[77]).toBe(1);
  expect(zeros.peaks).toEqual([]);
  for (const seed of [1, 2]) {
    const next = numbers(seed);
    const noise = Int16Array.from({ length: 65_536 }, () => Math.floor(next() * 256));
    expect((await widthsOf(noise)).peaks).toEqual([]);
    // Numbers of four bytes: three that hardly change, one that does.
    const words = Int16Array.from({ length: 65_536 }, (_, at) => [40, 90, 0, Math.floor(next() * 256)][at & 3]);
    expect((await widthsOf(words)).peaks).toEqual([]);
  }
});

test("bytes that are not known are not compared", async () => {
  const values = picture(100, 1, 0, 1, 16_384);
  for (let at = 0; at < values.length; at += 5) values[at] = -1;
  const { bytes, alike, peaks } = await widthsOf(values);
  expect(bytes).toBe(16_384 - Math.ceil(16_384 / 5));
  expect(alike[100]).toBeGreaterThan(0.8);
  expect(peaks[0].width).toBe(100);
});

test("nothing at all gives nothing", async () => {
  expect((await widthsOf(new Int16Array(0))).peaks).toEqual([]);
  expect(peaksOf(new Float32Array(1))).toEqual([]);
});
