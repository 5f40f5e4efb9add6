/** What the tokens promise: text that can be read on its ground, edges that can be seen, in both themes; and no motion. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  CLASS_TEXT_COLORS,
  PERMISSION_COLORS,
  PROVENANCE_COLORS,
  type Rgb,
  VERDICT_COLORS,
} from "../../shared/palette/index.ts";
import { HEX_COLORS } from "../hex/hex-colors.ts";
import { CHROME } from "../viewer/chrome-colors.ts";
import type { Theme } from "../viewer/contract.ts";

const THEMES = ["dark", "light"] as const;
const css = readFileSync(path.join(import.meta.dirname, "tokens.css"), "utf8");

function tokensIn(selector: string): ReadonlyMap<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("\n}")[0];
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}
const TOKENS = { dark: tokensIn(":root"), light: tokensIn('[data-theme="light"]') };

function rgbOf(theme: Theme, name: string): Rgb {
  const hex = TOKENS[theme].get(name);
  if (hex === undefined) throw new Error(`${theme} has no token --${name}`);
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(color: Rgb): number {
  const [r, g, b] = [...color].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const SURFACES = ["stage", "app", "panel", "raised", "hover", "sel"];
/** What is written, or drawn as an edge; on which grounds; and the least contrast. */
const PROMISES: readonly (readonly [what: string, grounds: readonly string[], least: number])[] = [
  ["t1", SURFACES, 7],
  ["t2", SURFACES, 4.5],
  // Never on what is chosen.
  ["t3", SURFACES.filter((name) => name !== "sel"), 4.5],
  ["acc", SURFACES.filter((name) => name !== "sel"), 4.5],
  ["bad", ["stage", "app", "panel", "raised", "badbg"], 4.5],
  ["onacc", ["acc"], 4.5],
  ["diff-text", ["diff"], 4.5],
  ["ctl", ["app", "panel", "raised"], 3],
  ["cur", ["halo", "stage"], 3],
  ["hit", ["stage", "halo", "app", "hover", "sel-bytes"], 3],
  // The contour of selected bytes, and words of rows without bytes.
  ["t3", ["sel-bytes"], 4.5],
];

describe.each(THEMES)("%s", (theme) => {
  test("both themes have the same colours", () => {
    expect([...TOKENS[theme].keys()].sort()).toEqual([...TOKENS.dark.keys()].sort());
  });

  test.each(PROMISES)("--%s is seen on %j with at least %f : 1", (what, grounds, least) => {
    for (const ground of grounds)
      expect(contrast(rgbOf(theme, what), rgbOf(theme, ground)), `${what} on ${ground}`).toBeGreaterThanOrEqual(least);
  });

  test("bytes can be read in the colours of their classes, also in the row of the cursor and selected", () => {
    for (const [name, color] of Object.entries(CLASS_TEXT_COLORS[theme]))
      for (const ground of ["app", "hover", "sel-bytes"])
        expect(contrast(color, rgbOf(theme, ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  test("what has to be looked at stands out from panel and stage; what is calm on purpose is named with its count", () => {
    const { writeExecute } = PERMISSION_COLORS[theme];
    const colors: [string, Rgb][] = [
      ["write+execute", writeExecute],
      ...Object.entries(PROVENANCE_COLORS[theme]).filter(([name]) => !["zero", "unchanged", "known"].includes(name)),
      ...Object.entries(VERDICT_COLORS[theme]).filter(([name]) => !["zero", "unchanged"].includes(name)),
    ];
    for (const [name, color] of colors)
      for (const ground of ["panel", "stage"])
        expect(contrast(color, rgbOf(theme, ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(3);
  });

  test("canvases have the colours of the tokens, which they cannot read", () => {
    const names = {
      stage: "stage",
      app: "app",
      t1: "t1",
      t2: "t2",
      t3: "t3",
      line: "line",
      cursor: "cur",
      halo: "halo",
      hit: "hit",
    };
    for (const [of, token] of Object.entries(names))
      expect(CHROME[theme][of as keyof typeof names], of).toBe(TOKENS[theme].get(token));
    const ofBytes = {
      label: "t3",
      hover: "hover",
      cursor: "cur",
      bar: "line2",
      line: "line",
      diff: "diff",
      diffText: "diff-text",
      selected: "sel-bytes",
      hit: "hit",
    };
    for (const [of, token] of Object.entries(ofBytes))
      expect(HEX_COLORS[theme][of as keyof typeof ofBytes], of).toBe(TOKENS[theme].get(token));
  });
});

test("nothing moves but what a token says, which is still where less motion is asked for", () => {
  const client = path.join(import.meta.dirname, "..");
  const sheets = readdirSync(client, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".css"));
  expect(sheets.length).toBeGreaterThan(20);
  for (const name of sheets) {
    const moving = readFileSync(path.join(client, name), "utf8").match(
      /^\s*(transition|animation|scroll-behavior)[\w-]*:.*$/gm,
    );
    for (const line of moving ?? []) expect(line, name).toContain("var(--fold)");
  }
  expect(css).toMatch(/prefers-reduced-motion: reduce\)[^}]*--fold: 0ms/);
});
