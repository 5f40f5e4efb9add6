import sharp from "sharp";
import { expect, test } from "vitest";
import { fitText, textPath, textWidth } from "./lettering.ts";

/** Pixels with ink in each of `columns` equal parts of a line. */
async function ink(path: string, width: number, columns: number): Promise<number[]> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="32"><path d="${path}"/></svg>`;
  const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const counts = new Array<number>(columns).fill(0);
  for (let at = 3; at < data.length; at += 4) {
    const x = ((at - 3) / 4) % width;
    if (data[at] > 128) counts[Math.floor((x * columns) / width)]++;
  }
  return counts;
}

test("every letter that the legend can need leaves ink, on a machine with or without fonts", async () => {
  const letters = Array.from({ length: 0x7e - 0x20 }, (_, i) => String.fromCharCode(0x21 + i)).join("");
  for (const letter of `${letters}→−·…–×äéß`) {
    const [pixels] = await ink(textPath(letter, 4, 24, 20), 40, 1);
    expect({ letter, hasInk: pixels > 3 }).toEqual({ letter, hasInk: true });
  }
});

test("what the font lacks is a box, not nothing", async () => {
  const box = await ink(textPath("\u0000", 4, 24, 20), 40, 1);
  for (const letter of ["日", "\u202e", "\ud800"]) expect(await ink(textPath(letter, 4, 24, 20), 40, 1)).toEqual(box);
  expect(box[0]).toBeGreaterThan(10);
});

test("letters stand where their widths say", async () => {
  const width = Math.round(textWidth("iiii", 20) * 2);
  const [, second] = await ink(textPath("iiii", 0, 24, 20), width, 2);
  expect(second).toBe(0);
  expect(textWidth("0000", 12)).toBeCloseTo(4 * textWidth("0", 12));
});

test("a line that is too wide ends in an ellipsis and fits", () => {
  expect(fitText("short", 12, 200)).toBe("short");
  const cut = fitText("a rather long name of a snapshot", 12, 80);
  expect(cut.endsWith("…")).toBe(true);
  expect(textWidth(cut, 12)).toBeLessThanOrEqual(80);
});
