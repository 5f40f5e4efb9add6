import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { CHANNELS as ALL_CHANNELS, type DrawnChannel, tilesOf } from "../../shared/channel/index.ts";
import { LAYOUTS, pictureCell, pictureIndex, picturePlane } from "../../shared/layout/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import {
  cellColor,
  filledMark,
  hatchMark,
  PALETTES,
  palettesOf,
  placeColors,
  type Rgb,
  verdictMark,
} from "../../shared/palette/index.ts";
import { layStrip, type Strip } from "../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS } from "../../shared/tile/index.ts";
import { cutTile, drawPicture, fittingLevel, pictureDifference, pictureExtent, picturePixels } from "./index.ts";
import { anyStrip, TestStrip } from "./model.testing.ts";

const CHANNELS: readonly DrawnChannel[] = [...ALL_CHANNELS, "verdict"];
const RECORDED = cellStateCode("recorded");
const FILLED = cellStateCode("filled");

const anyLaid: fc.Arbitrary<Strip> = fc
  .array(fc.record({ pages: fc.integer({ min: 1, max: 60 }), fold: fc.boolean() }), { minLength: 1, maxLength: 4 })
  .map((sources) => {
    let start = 16;
    return layStrip(
      sources.map(({ pages, fold }) => {
        const blocks = Math.ceil(pages / 16);
        const shown =
          fold && blocks > 2
            ? [
                { start: 0, end: 1 },
                { start: 2, end: blocks },
              ]
            : [{ start: 0, end: blocks }];
        const source = { space: "p1" as const, start: start as PageAddress, pages, shown };
        start += pages + 3;
        return source;
      }),
    );
  });

/** A strip and rows for each of its positions. */
const subjects = fc.tuple(anyLaid, anyStrip(40, true), anyStrip(40, false)).map(([strip, withVerdicts, plain]) => {
  const rows = (of: TestStrip) =>
    new TestStrip(
      Array.from({ length: strip.end }, (_, i) => of.rows[i % of.rows.length]),
      of.pages,
    );
  return { strip, verdicts: rows(withVerdicts), plain: rows(plain) };
});

function subjectOf(rows: TestStrip) {
  return { source: rows.source(), contents: rows.contents };
}

test("every pixel is the colour of the cell at its plane point", async () => {
  await fc.assert(
    fc.asyncProperty(
      subjects,
      fc.constantFrom(...CHANNELS),
      fc.constantFrom(...LAYOUTS),
      fc.constantFrom(0, 2, 3, 4, 6, 7, 9),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 700 }),
      fc.constantFrom(undefined, ...PALETTES),
      async ({ strip, verdicts, plain }, channel, layout, level, scale, rasterWidth, palette) => {
        fc.pre(level > 0 || (scale === 1 && rasterWidth > 100));
        const rows = channel === "verdict" ? verdicts : plain;
        const view = { strip, layout, level, rasterWidth };
        const drawn = await picturePixels(subjectOf(rows), view, channel, "dark", scale, undefined, palette);
        const plane = picturePlane(strip, layout, level, rasterWidth);
        const models = new Map<number, ReturnType<TestStrip["model"]>>();
        for (let y = 0; y < drawn.height; y++) {
          for (let x = 0; x < drawn.width; x++) {
            const index = pictureIndex(plane, Math.floor(x / scale), Math.floor(y / scale));
            let expected: Rgb = placeColors(cellStateCode("gap"), "dark").ground;
            if (index !== undefined && index < plane.cells) {
              const tile = Math.floor(index / TILE_CELLS);
              const model = models.get(tile) ?? rows.model(tilesOf(channel), level, tile);
              models.set(tile, model);
              const cell = index % TILE_CELLS;
              const [state, a, b] = [model.state[cell], model.a[cell], model.b[cell]];
              const showsBytes = state === RECORDED || (state === FILLED && !filledMark(x, y));
              if (showsBytes) expected = cellColor(channel, state, a, b, level, "dark", "full", palette ?? null);
              else if (channel === "verdict" && a > 0 && verdictMark(x, y))
                expected = cellColor(channel, RECORDED, a, 255, level, "dark");
              else expected = placeColors(state, "dark")[hatchMark(state, x, y) ? "mark" : "ground"];
            }
            const at = (y * drawn.width + x) * 4;
            const found = drawn.rgba.subarray(at, at + 4);
            if (found[0] !== expected[0] || found[1] !== expected[1] || found[2] !== expected[2] || found[3] !== 255) {
              throw new Error(`${x}, ${y} is ${found}, should be ${expected}`);
            }
          }
        }
      },
    ),
    // What fails here is too large to be made smaller in a test's time; the seed repeats it.
    { numRuns: 60, endOnFailure: true },
  );
});

test("tiles of a large square stand in their places, however the curve is turned there", async () => {
  const [rows] = fc.sample(anyStrip(97, false), { numRuns: 1, seed: 5 });
  const strip = stripOf(1008);
  const subject = subjectOf(
    new TestStrip(
      Array.from({ length: strip.end }, (_, i) => rows.rows[(i * 5) % rows.rows.length]),
      rows.pages,
    ),
  );
  const view = { strip, layout: "hilbert" as const, level: 1, rasterWidth: 1 };
  const plane = picturePlane(strip, "hilbert", 1, 1);
  const drawn = await picturePixels(subject, view, "value", "dark");
  for (let tile = 0; tile < 16; tile++) {
    const { state, a } = await cutTile(subject.source, subject.contents, "value", 1, tile);
    for (let cell = 0; cell < TILE_CELLS && tile * TILE_CELLS + cell < plane.cells; cell++) {
      if (state[cell] !== RECORDED) continue;
      const { x, y } = pictureCell(plane, tile * TILE_CELLS + cell)!;
      const expected = cellColor("value", RECORDED, a[cell], 0, 1, "dark")[0];
      if (drawn.rgba[(y * drawn.width + x) * 4] !== expected) throw new Error(`tile ${tile}, cell ${cell}`);
    }
  }
});

test("the extent is the bounding rectangle of the strip's cells", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 3, max: 9 }),
      fc.constantFrom(...LAYOUTS),
      (blocks, level, layout) => {
        const strip = stripOf(blocks * 16);
        const view = { strip, layout, level, rasterWidth: 50 };
        const plane = picturePlane(strip, layout, level, 50);
        let [width, height] = [1, 1];
        for (let index = 0; index < plane.cells; index++) {
          const point = pictureCell(plane, index);
          if (!point) continue;
          width = Math.max(width, point.x + 1);
          height = Math.max(height, point.y + 1);
        }
        expect(pictureExtent(view)).toEqual({ width: layout === "raster" ? 50 : width, height });
      },
    ),
    { numRuns: 40 },
  );
});

describe("the level that fits", () => {
  test("is the finest at which a square layout is at most so wide", () => {
    // app-t0: 6,256 positions fill the upper half of a square of 8,192 × 8,192 bytes.
    expect(fittingLevel(stripOf(6256), "hilbert", 1024)).toBe(3);
    expect(pictureExtent({ strip: stripOf(6256), layout: "hilbert", level: 3, rasterWidth: 1024 })).toEqual({
      width: 1024,
      height: 512,
    });
    expect(fittingLevel(stripOf(6256), "hilbert", 1023)).toBe(4);
    expect(fittingLevel(stripOf(16), "hilbert", 1024)).toBe(0);
    expect(fittingLevel(stripOf(2 ** 24), "hilbert", 1024)).toBe(8);
  });

  test("is one at which a raster is about as high as wide", () => {
    const view = (level: number) => ({ strip: stripOf(6256), layout: "raster" as const, level, rasterWidth: 1024 });
    const level = fittingLevel(stripOf(6256), "raster", 1024);
    expect(pictureExtent(view(level)).height).toBeLessThanOrEqual(1024);
    expect(pictureExtent(view(level - 1)).height).toBeGreaterThan(1024);
  });

  test("is never one that cannot be drawn", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 20 }),
        fc.integer({ min: 64, max: 8192 }),
        fc.constantFrom(...LAYOUTS),
        (blocks, width, layout) => {
          const strip = stripOf(blocks * 16);
          const level = fittingLevel(strip, layout, width);
          const extent = pictureExtent({ strip, layout, level, rasterWidth: width });
          expect(extent.width).toBeLessThanOrEqual(width);
          expect(extent.width * extent.height).toBeLessThanOrEqual(2 ** 25);
        },
      ),
    );
  });

  test("asked for by number may be too fine, which is said", async () => {
    const subject = subjectOf(new TestStrip([], new Map()));
    const view = { strip: stripOf(2 ** 20), layout: "hilbert" as const, level: 0, rasterWidth: 1024 };
    await expect(picturePixels(subject, view, "class", "dark")).rejects.toMatchObject({ code: "bad-request" });
  });
});

function stripOf(pages: number): Strip {
  const source = { space: "p1" as const, start: 16 as PageAddress, pages, shown: [{ start: 0, end: pages / 16 }] };
  return layStrip([source]);
}

const [example] = fc.sample(subjects, { numRuns: 1, seed: 21 });
const request = {
  ...subjectOf(example.plain),
  strip: example.strip,
  width: 300,
  title: ["app/t0", `sha256 ${"d31b2c62".repeat(8)}`],
  numbers: { counts: [10, 20, 30, 40, 50, 60], places: { image: 12_345, missing: 3 } },
  theme: "dark" as const,
};

async function decode(png: Buffer) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

describe("a drawn picture", () => {
  test("is the same every time", async () => {
    for (const layout of LAYOUTS) {
      const one = await drawPicture({ ...request, layout, channel: "class" });
      expect(await drawPicture({ ...request, layout, channel: "class" })).toEqual(one);
    }
  });

  test("holds the pixels of its strip, unmixed, with a margin around", async () => {
    for (const channel of CHANNELS) {
      const rows = channel === "verdict" ? example.verdicts : example.plain;
      const png = await decode(await drawPicture({ ...request, ...subjectOf(rows), layout: "hilbert", channel }));
      const level = fittingLevel(example.strip, "hilbert", 300);
      const view = { strip: example.strip, layout: "hilbert" as const, level, rasterWidth: 300 };
      const scale = Math.floor(300 / pictureExtent(view).width);
      const pixels = await picturePixels(subjectOf(rows), view, channel, "dark", scale);
      expect(png.channels).toBe(3);
      for (let y = 0; y < pixels.height; y++) {
        for (let x = 0; x < pixels.width; x++) {
          const at = ((y + 16) * png.width + x + 16) * 3;
          const from = (y * pixels.width + x) * 4;
          for (let c = 0; c < 3; c++) if (png.data[at + c] !== pixels.rgba[from + c]) throw new Error(`${x}, ${y}`);
        }
      }
    }
  });

  test("has the colours of its palette in picture and legend", async () => {
    for (const channel of ["class", "value", "entropy"] as const) {
      const drawn = await Promise.all(
        palettesOf(channel).map((palette) => drawPicture({ ...request, layout: "hilbert", channel, palette })),
      );
      expect(drawn[0]).toEqual(await drawPicture({ ...request, layout: "hilbert", channel }));
      expect(new Set(drawn.map((png) => png.toString("base64"))).size).toBe(drawn.length);
    }
    const png = await decode(
      await drawPicture({ ...request, layout: "hilbert", channel: "class", palette: "classic" }),
    );
    const below = png.data.subarray((png.height - 120) * png.width * 3);
    // The swatch of high bytes.
    const isRed = (at: number) => below[at] === 0xe4 && below[at + 1] === 0x1a && below[at + 2] === 0x1c;
    expect(Array.from({ length: below.length / 3 }, (_, n) => n * 3).filter(isRed).length).toBeGreaterThanOrEqual(144);
  });

  test("has a legend that names what it shows, in every theme", async () => {
    for (const theme of ["dark", "light"] as const) {
      for (const channel of CHANNELS) {
        const with_ = await decode(await drawPicture({ ...request, layout: "hilbert", channel, theme }));
        const without = await decode(
          await drawPicture({ ...request, layout: "hilbert", channel, theme, title: ["", ""], numbers: {} }),
        );
        const ink = theme === "dark" ? [0xe7, 0xe9, 0xec] : [0x14, 0x17, 0x1a];
        const inked = (image: typeof with_) => {
          let count = 0;
          for (let at = 0; at < image.data.length; at += 3) {
            if (ink.every((byte, c) => Math.abs(image.data[at + c] - byte) < 24)) count++;
          }
          return count;
        };
        // Letters of the name alone are some dozens of pixels in the text's full colour.
        expect(inked(with_) - inked(without)).toBeGreaterThan(30);
      }
    }
  });

  test("of nothing, of one byte and of one page is drawn", async () => {
    const page = new Map([[5, new Uint8Array(4096).fill(0x41)]]);
    const row = { state: "recorded" as const, content: 5, rank: 0, other: undefined, partial: undefined };
    const inked = async (rows: TestStrip, strip: Strip, layout: (typeof LAYOUTS)[number]) => {
      const png = await decode(await drawPicture({ ...request, ...subjectOf(rows), strip, layout, channel: "class" }));
      const [r, g, b] = cellColor("class", RECORDED, 1, 255, 3, "dark");
      let count = 0;
      for (let y = 16; y < png.height && y < 16 + png.width - 32; y++)
        for (let x = 16; x < png.width - 16; x++) {
          const at = (y * png.width + x) * 3;
          if (png.data[at] === r && png.data[at + 1] === g && png.data[at + 2] === b) count++;
        }
      return count;
    };
    for (const layout of LAYOUTS) {
      const nothing = await inked(new TestStrip([], page), layStrip([]), layout);
      const byte = await inked(new TestStrip([{ ...row, partial: [0, 1] }], page), stripOf(1), layout);
      const whole = await inked(new TestStrip([row], page), stripOf(1), layout);
      expect([byte > nothing, whole > byte]).toEqual([true, true]);
    }
  });

  test("bears names that a hostile dump gave itself", async () => {
    const title = [
      '</path><script>alert("1")</script>&amp;<!--',
      `${"\u0000\u202e日本\ud800\uffff"}${"x".repeat(5000)}`,
    ];
    const png = await decode(await drawPicture({ ...request, layout: "raster", channel: "provenance", title }));
    expect(png.width).toBe(512);
  });
});

describe("the picture difference", () => {
  test("counts every pixel that differs, however little", async () => {
    await fc.assert(
      fc.asyncProperty(
        subjects,
        fc.constantFrom(...CHANNELS),
        fc.constantFrom(...LAYOUTS),
        fc.constantFrom(3, 4, 6),
        async ({ strip, verdicts, plain }, channel, layout, level) => {
          const [a, b] = [subjectOf(plain), subjectOf(verdicts)];
          const result = await pictureDifference({ a, b, strip, layout, channel, level });
          const view = { strip, layout, level, rasterWidth: 1024 };
          const left = await picturePixels(a, view, channel, "dark");
          const right = await picturePixels(b, view, channel, "dark");
          let differing = 0;
          const words = new Uint32Array(right.rgba.buffer);
          new Uint32Array(left.rgba.buffer).forEach((pixel, i) => {
            if (pixel !== words[i]) differing++;
          });
          expect(result).toMatchObject({ pixels: differing, width: left.width, height: left.height, level });
        },
      ),
      { numRuns: 30, endOnFailure: true },
    );
  });

  test("two pictures one pixel apart, where it looks like anti-aliasing, differ by 1", async () => {
    const page = new Uint8Array(4096).fill(0x41);
    const other = page.slice();
    other.fill(0x40, 64, 128); // one cell of level 3, one step of grey away
    const pages = new Map([
      [1, page],
      [2, other],
    ]);
    const row = { state: "recorded" as const, content: 1, rank: 0, other: undefined, partial: undefined };
    const a = new TestStrip(new Array(16).fill(row), pages);
    const b = new TestStrip([{ ...row, content: 2 }, ...a.rows.slice(1)], pages);
    const strip = stripOf(16);
    const sides = { a: subjectOf(a), b: subjectOf(b), strip, layout: "hilbert" as const };
    const result = await pictureDifference({ ...sides, channel: "value", level: 3 });
    expect(result.pixels).toBe(1);
    const png = await decode(await result.png());
    const changed = Array.from({ length: png.width * png.height }, (_, i) =>
      png.data.subarray(i * 3, i * 3 + 3),
    ).filter(([r, g, b]) => r === 0xff && g === 0xb8 && b === 0x3d);
    expect(changed).toHaveLength(1);
    const same = await pictureDifference({ ...sides, b: sides.a, channel: "class" });
    expect(same).toMatchObject({ pixels: 0, level: 0, width: 256, height: 256 });
  });
});
