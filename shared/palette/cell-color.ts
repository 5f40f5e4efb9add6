/**
 * From the integers of a cell to its colour. The GPU does no arithmetic on colours: every colour it can show is a
 * texel of `paletteTable`, which is made of `cellColor`; so the picture on the GPU and on the CPU are the same bytes.
 */
import type { AnyChannel } from "../channel/index.ts";
import {
  COUNT_PARTS,
  entropyOfCode,
  HIT_CODES,
  KIND_CLASSES,
  OTHER_FILES,
  PERMISSION_CLASSES,
  scalePlane,
} from "../channel/index.ts";
import { PROVENANCES, VERDICTS } from "../provenance/index.ts";
import { BYTE_CLASSES } from "../summary/index.ts";
import { CELL_STATES } from "../tile/index.ts";
import { mix, type Rgb, scaleColor } from "./color.ts";
import { type Palette, paletteIn, scaleOf } from "./palettes.ts";
import {
  CATEGORY_COLORS,
  CLASS_COLORS,
  CLASS_FLOOR,
  CLASS_TEXT_COLORS,
  CLASSIC_CLASS_COLORS,
  HIT_COLOR,
  PERMISSION_CLASS_COLORS,
  PLACE_COLORS,
  type PlaceColors,
  type PlaceState,
  PROVENANCE_COLORS,
  PROVENANCE_FLOOR,
  STAGE,
  type Theme,
  UNCHANGED_CELL,
  VERDICT_COLORS,
} from "./tables.ts";

/**
 * How strongly a cell is drawn. `dim`: a filter explains it away, a quarter is left over the stage.
 * `faint`: its value stands on it as text, 26 % are left. The index is the block in a palette table.
 */
export const STRENGTHS = ["full", "dim", "faint", "faint-dim"] as const;
export type Strength = (typeof STRENGTHS)[number];

const DIM = 0.25;
const FAINT = 0.26;
const STRENGTH: Readonly<Record<Strength, number>> = { full: 1, dim: DIM, faint: FAINT, "faint-dim": FAINT * DIM };
const RECORDED = CELL_STATES.indexOf("recorded");
const FILLED = CELL_STATES.indexOf("filled");

/** Codes of plane `a` that have a row of their own; 1 for scales, whose column is the code of their plane. */
export function paletteRows(channel: AnyChannel): number {
  switch (channel) {
    case "class":
      return BYTE_CLASSES.length;
    case "provenance":
      return PROVENANCES.length;
    case "verdict":
      return VERDICTS.length + 1;
    case "hits":
      return HIT_CODES.length;
    case "permissions":
      return PERMISSION_CLASSES.length;
    case "kind":
      return KIND_CLASSES.length;
    case "file":
      return OTHER_FILES + 1;
    case "value":
    case "entropy":
    case "entropy-max":
    case "zeros":
    case "ascii":
    case "changes":
    case "first-seen":
      return 1;
    default:
      return channel satisfies never;
  }
}

/** As `HIT_CODES`: no hit is the calmest, what was not searched is lighter than it, a hit has the colour of its mark. */
function hitColors(theme: Theme): readonly [Rgb, Rgb, Rgb] {
  const { zero, unchanged } = PROVENANCE_COLORS[theme];
  return [zero, unchanged, HIT_COLOR[theme]];
}

function classColors(palette: Palette, theme: Theme) {
  return palette === "classic" ? CLASSIC_CLASS_COLORS : CLASS_COLORS[theme];
}

/**
 * Where each of `COUNT_PARTS` stands on the scale of a count: about logarithmic, but the ends of cividis are told apart
 * less than its middle, and the first few snapshots of a container are most of those that there are.
 */
const PART_PLACES = [0, 0.28, 0.48, 0.64, 0.77, 0.89, 1] as const satisfies {
  readonly length: typeof COUNT_PARTS.length;
};

/** Where a count stands on its scale, 0..1: whatever the dump, each more than the one before it; 16 and more at the end. */
export function countPlace(count: number): number {
  const part = COUNT_PARTS.findLastIndex((least) => count >= least);
  if (part === COUNT_PARTS.length - 1) return 1;
  const share = (count - COUNT_PARTS[part]) / (COUNT_PARTS[part + 1] - COUNT_PARTS[part]);
  return PART_PLACES[part] + share * (PART_PLACES[part + 1] - PART_PLACES[part]);
}

function dataColor(channel: AnyChannel, palette: Palette, a: number, b: number, level: number, theme: Theme): Rgb {
  switch (channel) {
    case "class": {
      const colors = classColors(palette, theme);
      const zero = colors["00"];
      const code = Math.min(a, BYTE_CLASSES.length - 1);
      if (code === 0) return zero;
      const floor = CLASS_FLOOR[theme];
      return mix(zero, colors[BYTE_CLASSES[code]], floor + (1 - floor) * (b / 255));
    }
    case "value":
      return level === 0 && palette === "grey" ? [a, a, a] : scaleColor(scaleOf(palette), a / 255);
    case "entropy":
    case "entropy-max": {
      const code = channel === "entropy" ? a : b;
      return code === 0 ? CLASS_COLORS[theme]["00"] : scaleColor(scaleOf(palette), entropyOfCode(code) / 8);
    }
    case "zeros":
      return scaleColor(scaleOf(palette), 1 - b / 255);
    case "ascii":
      return scaleColor(scaleOf(palette), a / 255);
    case "changes":
    case "first-seen":
      return scaleColor(scaleOf(palette), countPlace(a));
    case "permissions":
      return PERMISSION_CLASS_COLORS[theme][PERMISSION_CLASSES[Math.min(a, PERMISSION_CLASSES.length - 1)]];
    case "kind":
      return CATEGORY_COLORS[theme][Math.min(a, KIND_CLASSES.length - 1)];
    case "file":
      return CATEGORY_COLORS[theme][Math.min(a, OTHER_FILES)];
    case "provenance": {
      const zero = PROVENANCE_COLORS[theme].zero;
      const provenance = PROVENANCES[Math.min(a, PROVENANCES.length - 1)];
      const strength = PROVENANCE_FLOOR + (1 - PROVENANCE_FLOOR) * (b / 255);
      return mix(zero, PROVENANCE_COLORS[theme][provenance], strength);
    }
    case "hits":
      return hitColors(theme)[Math.min(a, HIT_CODES.length - 1)];
    case "verdict": {
      if (a === 0) return VERDICT_COLORS[theme].zero;
      const verdict = VERDICTS[Math.min(a, VERDICTS.length) - 1];
      const color = VERDICT_COLORS[theme][verdict];
      return verdict === "changed" && b === 0 ? mix(STAGE[theme], color, UNCHANGED_CELL) : color;
    }
    default:
      return channel satisfies never;
  }
}

/**
 * The colour of a cell: the reference of every picture.
 * @param state code of `CELL_STATES`; for a place without bytes the ground of its hatch is given, for a filled one the
 * colour between the marks.
 * @param a plane `a` of the tile. @param b plane `b`.
 * @param palette as chosen; one that the channel does not have is passed over.
 */
export function cellColor(
  channel: AnyChannel,
  state: number,
  a: number,
  b: number,
  level: number,
  theme: Theme,
  strength: Strength = "full",
  palette: Palette | null = null,
): Rgb {
  if (state !== RECORDED && state !== FILLED) return placeColors(state, theme, strength).ground;
  const color = dataColor(channel, paletteIn(channel, palette), a, b, level, theme);
  return mix(STAGE[theme], color, STRENGTH[strength]);
}

/**
 * Ground and marks of a place without bytes. Only `image` is dimmed: it is the one that a filter can choose. A filled
 * place has its tones: they lie over the colours of its bytes.
 */
export function placeColors(state: number, theme: Theme, strength: Strength = "full"): PlaceColors {
  const name = CELL_STATES[state] === "filled" ? "image" : CELL_STATES[state];
  const colors = PLACE_COLORS[theme][name === "recorded" || name === undefined ? "gap" : (name satisfies PlaceState)];
  if (name !== "image" || strength === "full" || strength === "faint") return colors;
  return { ground: mix(STAGE[theme], colors.ground, 0.5), mark: mix(STAGE[theme], colors.mark, 0.3) };
}

/** All colours of a channel as texels; see `paletteTable`. */
export interface PaletteTable {
  readonly width: 256;
  readonly height: number;
  /** Rows of one block of `STRENGTHS`. */
  readonly rows: number;
  /** `null`: row `a`, column `b`. Else one row, and its column is this plane. */
  readonly scale: "a" | "b" | null;
  /** RGBA, row by row. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * The colours of recorded cells: 256 columns, one block of rows per member of `STRENGTHS`.
 * Categories: row `a`, column `b`. Scales: one row, whose column is the plane of the scale.
 */
export function paletteTable(
  channel: AnyChannel,
  theme: Theme,
  level: number,
  palette: Palette | null = null,
): PaletteTable {
  const rows = paletteRows(channel);
  const scale = scalePlane(channel);
  const height = rows * STRENGTHS.length;
  const data = new Uint8Array(256 * height * 4);
  let at = 0;
  for (const strength of STRENGTHS) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < 256; column++) {
        const a = scale === null ? row : column;
        const b = column;
        data.set(cellColor(channel, RECORDED, a, b, level, theme, strength, palette), at);
        data[at + 3] = 255;
        at += 4;
      }
    }
  }
  return { width: 256, height, rows, scale, data };
}

/** Colours of places without bytes: 8 columns by state; rows 2 · strength (ground) and 2 · strength + 1 (mark). RGBA. */
export function placeTable(theme: Theme): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(8 * STRENGTHS.length * 2 * 4);
  STRENGTHS.forEach((strength, block) => {
    for (let state = 0; state < 8; state++) {
      const { ground, mark } = placeColors(state, theme, strength);
      data.set([...ground, 255], (block * 2 * 8 + state) * 4);
      data.set([...mark, 255], ((block * 2 + 1) * 8 + state) * 4);
    }
  });
  return data;
}

/** Full colours of a channel by category, in code order; empty for scales. Verdicts come without their 0. */
export function categoryColors(channel: AnyChannel, theme: Theme, palette: Palette | null = null): readonly Rgb[] {
  switch (channel) {
    case "class":
      return BYTE_CLASSES.map((name) => classColors(paletteIn(channel, palette), theme)[name]);
    case "provenance":
      return PROVENANCES.map((name) => PROVENANCE_COLORS[theme][name]);
    case "hits":
      return hitColors(theme);
    case "verdict":
      return VERDICTS.map((name) => VERDICT_COLORS[theme][name]);
    case "permissions":
      return PERMISSION_CLASSES.map((name) => PERMISSION_CLASS_COLORS[theme][name]);
    case "kind":
      return CATEGORY_COLORS[theme].slice(0, KIND_CLASSES.length);
    case "file":
      return CATEGORY_COLORS[theme];
    case "value":
    case "entropy":
    case "entropy-max":
    case "zeros":
    case "ascii":
    case "changes":
    case "first-seen":
      return [];
    default:
      return channel satisfies never;
  }
}

/** Text colour of a byte by its class code. */
export function classTextColor(code: number, theme: Theme): Rgb {
  return CLASS_TEXT_COLORS[theme][BYTE_CLASSES[code]];
}
