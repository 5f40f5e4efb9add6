/**
 * The legend of a drawn picture: what the channel is, by which rule cells were made, each colour with its number, and
 * the hatches of places without bytes. Swatches are painted by the canvas that paints cells, so a colour of the
 * legend is the colour of the picture by construction; only letters are drawn by SVG.
 */

import {
  channelTitle,
  type DrawnChannel,
  entropyCode,
  isPageChannel,
  type PageChannel,
} from "../../shared/channel/index.ts";
import type { Layout } from "../../shared/layout/index.ts";
import { PALETTE_TITLES, type Palette, paletteIn, palettesOf, type Theme } from "../../shared/palette/index.ts";
import { PROVENANCES, provenanceCode, VERDICT_SIGNS, VERDICTS } from "../../shared/provenance/index.ts";
import { BYTE_CLASSES } from "../../shared/summary/index.ts";
import { type CellState, cellStateCode } from "../../shared/tile/index.ts";
import { fitText, textPath, textWidth } from "./lettering.ts";
import { Canvas } from "./picture-pixels.ts";

export interface LegendNumbers {
  /**
   * In the order of the channel's codes: recorded bytes per byte class (six), recorded pages per provenance, pages per
   * verdict. Shown as shares for classes, as counts otherwise. Scales have none.
   */
  readonly counts?: readonly number[];
  /** Of a page channel: its codes that there are, in the order of its legend, with their recorded pages where counted. */
  readonly codes?: readonly { readonly code: number; readonly title: string; readonly pages: number | undefined }[];
  /** Pages per place without bytes in the dump. */
  readonly places?: Partial<Record<PlaceName, number>>;
}
export type PlaceName = "image" | "deleted" | "filled" | "untouched" | "excluded" | "missing";

export interface LegendRequest {
  readonly channel: DrawnChannel;
  /** The channel's own without one. */
  readonly palette?: Palette | undefined;
  readonly layout: Layout;
  readonly level: number;
  /** Device pixels per cell and side. */
  readonly scale: number;
  readonly theme: Theme;
  readonly width: number;
  /** First the name, then lines of smaller text: digest, time, counts. Cut where they do not fit. */
  readonly title: readonly string[];
  readonly numbers: LegendNumbers;
}

export interface Legend {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array<ArrayBuffer>;
  /** The letters, to be laid over `rgba`. */
  readonly svg: string;
}

/** Chrome of the interface (its README, section 2): text of values, of prose, of labels. */
const TEXT: Readonly<Record<Theme, readonly [value: string, prose: string, label: string]>> = {
  dark: ["#e7e9ec", "#abb2bb", "#8b939d"],
  light: ["#14171a", "#474e57", "#626a74"],
};
const LINE: Readonly<Record<Theme, string>> = { dark: "#363c44", light: "#c2c8cf" };
const MARGIN = 16;
const ROW = 19;
const SWATCH = 12;
const BODY = 12;
const RECORDED = cellStateCode("recorded");

/** A swatch with its words; `cell` paints it as a cell of the picture would be. */
interface Entry {
  readonly cell: readonly [state: number, a: number, b: number];
  readonly name: string;
  readonly value: string;
}

const ORDER_WORDS: Readonly<Record<Layout, string>> = {
  hilbert: "Hilbert order",
  "z-order": "Z-order",
  raster: "raster, in rows of addresses",
};

export function drawLegend(request: LegendRequest): Legend {
  const { channel, palette, layout, level, scale, theme, width, title, numbers } = request;
  const [value, prose, label] = TEXT[theme];
  const inner = width - 2 * MARGIN;
  const paths: Record<string, string> = {};
  const write = (text: string, x: number, baseline: number, size: number, color: string, most: number) => {
    paths[color] = (paths[color] ?? "") + textPath(fitText(text, size, most), x, baseline, size);
  };

  const swatches: { x: number; y: number; entry: Entry }[] = [];
  let ramp: { y: number } | undefined;
  let y = MARGIN + 4;
  const [name = "", ...lines] = title;
  write(name, MARGIN, y + 10, 14, value, inner);
  y += 24;
  for (const line of lines) {
    write(line, MARGIN, y + 9, BODY, prose, inner);
    y += 16;
  }
  y += 8;
  write(channelTitle(channel), MARGIN, y + 9, BODY, value, inner);
  const pixels = scale === 1 ? "" : `, ${scale} × ${scale} pixels`;
  const paletteText =
    palettesOf(channel).length > 1 ? `, palette ${PALETTE_TITLES[paletteIn(channel, palette ?? null)]}` : "";
  const scaleText = `${cellSize(level)} per cell${pixels}, ${ORDER_WORDS[layout]}${paletteText}`;
  const titleWidth = textWidth(channelTitle(channel), BODY) + 12;
  write(scaleText, MARGIN + titleWidth, y + 9, BODY, label, inner - titleWidth);
  y += 18;
  for (const line of wrap(ruleOf(channel, level), inner)) {
    write(line, MARGIN, y + 9, BODY, label, inner);
    y += 16;
  }
  y += 6;

  const layEntries = (entries: readonly Entry[]) => {
    const wide = Math.max(...entries.map((entry) => textWidth(`${entry.name}  ${entry.value}`, BODY)));
    const column = Math.min(inner, Math.ceil(SWATCH + 8 + wide + 24));
    const columns = Math.max(1, Math.floor(inner / column));
    entries.forEach((entry, i) => {
      const x = MARGIN + (i % columns) * column;
      const top = y + Math.floor(i / columns) * ROW;
      swatches.push({ x, y: top, entry });
      const nameWidth = textWidth(entry.name, BODY);
      write(entry.name, x + SWATCH + 8, top + 10, BODY, prose, column - SWATCH - 8);
      write(entry.value, x + SWATCH + 8 + nameWidth + 8, top + 10, BODY, value, column);
    });
    y += Math.ceil(entries.length / columns) * ROW;
  };

  const categories = categoriesOf(channel, numbers);
  if (categories.length > 0) layEntries(categories);
  if (isRamp(channel)) {
    ramp = { y };
    const [from, to] = rampEnds(channel);
    write(from, MARGIN, y + 10, BODY, label, inner);
    write(to, MARGIN + rampLeft(from) + rampWidth(inner) + 8, y + 10, BODY, label, inner);
    y += ROW;
  }
  y += 6;
  layEntries(placesOf(numbers, channel));
  const height = y + MARGIN - 6;

  const canvas = new Canvas(width, height, 1, channel, theme, level, palette);
  for (const swatch of swatches) {
    const [state, a, b] = swatch.entry.cell;
    canvas.block(swatch.x, swatch.y, SWATCH, SWATCH, state, a, b);
  }
  if (ramp && isRamp(channel)) paintRamp(canvas, channel, ramp.y, inner);
  const body = Object.entries(paths).map(([color, d]) => `<path fill="${color}" d="${d}"/>`);
  // Around its swatch a line, so that a gap's does not vanish into the stage.
  const frames = swatches.map(
    ({ x, y: top }) => `M${x - 0.5} ${top - 0.5}h${SWATCH + 1}v${SWATCH + 1}h-${SWATCH + 1}z`,
  );
  body.push(`<path fill="none" stroke="${LINE[theme]}" d="${frames.join("")}"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body.join("")}</svg>`;
  return { width, height, rgba: canvas.rgba, svg };
}

function rampLeft(from: string): number {
  return Math.ceil(textWidth(from, BODY)) + 8;
}

function rampWidth(inner: number): number {
  return Math.min(256, inner - 160);
}

/** Channels whose colours are a scale, or have a strength. */
type RampChannel = Exclude<DrawnChannel, "verdict" | "permissions" | "kind" | "file">;

function isRamp(channel: DrawnChannel): channel is RampChannel {
  return channel !== "verdict" && channel !== "permissions" && channel !== "kind" && channel !== "file";
}

function rampEnds(channel: RampChannel): readonly [string, string] {
  switch (channel) {
    case "class":
    case "provenance":
      return ["0 %", "100 % of bytes non-zero"];
    case "value":
      return ["00", "FF, mean of the bytes"];
    case "entropy":
    case "entropy-max":
      return ["0", "8 bits per byte"];
    case "zeros":
      return ["0 %", "100 % of bytes 00"];
    case "ascii":
      return ["0 %", "100 % of bytes ASCII"];
    case "changes":
      return ["0", "15 changes or more"];
    case "first-seen":
      return ["t0", "t15 or later"];
    default:
      return channel satisfies never;
  }
}

function paintRamp(canvas: Canvas, channel: RampChannel, top: number, inner: number): void {
  const left = MARGIN + rampLeft(rampEnds(channel)[0]);
  const width = rampWidth(inner);
  for (let x = 0; x < width; x++) {
    const [a, b] = rampCell(channel, x / width);
    canvas.block(left + x, top, 1, SWATCH, RECORDED, a, b);
  }
}

/** @param at from 0 to below 1 */
function rampCell(channel: RampChannel, at: number): readonly [number, number] {
  const code = Math.floor(at * 256);
  switch (channel) {
    case "class":
      return [BYTE_CLASSES.indexOf("printable"), code];
    case "provenance":
      return [PROVENANCES.indexOf("new"), code];
    case "value":
    case "ascii":
      return [code, 0];
    case "entropy":
      return [entropyCode((code / 255) * 32768, false), 0];
    case "entropy-max":
      return [0, entropyCode((code / 255) * 32768, false)];
    case "zeros":
      return [0, 255 - code];
    case "changes":
    case "first-seen":
      // As wide as each count stands on the scale.
      return [Math.round(2 ** (at * 4) - 1), 0];
    default:
      return channel satisfies never;
  }
}

const CLASS_NAMES: Readonly<Record<(typeof BYTE_CLASSES)[number], string>> = {
  "00": "00",
  printable: "Printable",
  whitespace: "Whitespace",
  control: "Control",
  high: "High 80–FE",
  FF: "FF",
};

function categoriesOf(channel: DrawnChannel, { counts, codes }: LegendNumbers): Entry[] {
  if (isPageChannel(channel)) {
    return (codes ?? []).map(({ code, title, pages }) => ({
      cell: [RECORDED, code, 255],
      name: title,
      value: pages === undefined ? "" : formatCount(pages),
    }));
  }
  const count = (code: number) => (counts === undefined ? "" : formatCount(counts[code] ?? 0));
  switch (channel) {
    case "class": {
      const total = counts?.reduce((sum, bytes) => sum + bytes, 0) ?? 0;
      const share = (code: number) =>
        counts === undefined || total === 0 ? "" : formatShare((counts[code] ?? 0) / total);
      const order = [1, 2, 3, 4, 5, 0]; // as in the interface: 00 last
      return order.map((code) => ({
        cell: [RECORDED, code, code === 0 ? 0 : 255],
        name: CLASS_NAMES[BYTE_CLASSES[code]],
        value: share(code),
      }));
    }
    case "provenance":
      return PROVENANCES.map((name, code) => ({ cell: [RECORDED, code, 255], name, value: count(code) }));
    case "verdict":
      return VERDICTS.map((name, code) => ({
        cell: [RECORDED, code + 1, 255],
        name: `${VERDICT_SIGNS[name]} ${name}`,
        value: count(code),
      }));
    case "entropy":
    case "entropy-max":
      return [{ cell: [RECORDED, 0, 0], name: "all bytes 00", value: "" }];
    case "value":
    case "zeros":
    case "ascii":
      return [];
    default:
      return channel satisfies never;
  }
}

/** Between its marks a filled cell may have any colour of the channel; of provenance that of known pages alone. */
function filledCell(channel: DrawnChannel): Entry["cell"] {
  return [cellStateCode("filled"), channel === "provenance" ? provenanceCode("known") : 1, 255];
}

/** In order. A deleted file's pages look as those left to any file; they are no image's. */
const PLACES: readonly { readonly place: PlaceName; readonly words: string; readonly state: CellState }[] = [
  { place: "image", words: "left to file", state: "image" },
  { place: "deleted", words: "left to deleted file", state: "image" },
  { place: "filled", words: "filled, not in the dump", state: "filled" },
  { place: "untouched", words: "untouched", state: "untouched" },
  { place: "excluded", words: "excluded", state: "excluded" },
  { place: "missing", words: "missing", state: "missing" },
];

function placesOf({ places }: LegendNumbers, channel: DrawnChannel): Entry[] {
  const entries = PLACES
    // Every picture shows the common ones; the rare ones only where they are.
    .filter(({ place }) => place === "image" || place === "untouched" || (places?.[place] ?? 0) > 0)
    .map(({ place, words, state }): Entry => {
      const pages = places?.[place];
      return {
        cell: state === "filled" ? filledCell(channel) : [cellStateCode(state), 0, 0],
        name: words,
        value: pages === undefined ? "" : `${formatCount(pages)} ${pages === 1 ? "page" : "pages"}`,
      };
    });
  return [...entries, { cell: [cellStateCode("gap"), 0, 0], name: "gap", value: "" }];
}

const PAGE_RULES: Readonly<Record<PageChannel, string>> = {
  permissions: "What the mappings of recorded pages permit; the most dangerous in a cell wins.",
  kind: "What the mappings of recorded pages are; that of most pages of a cell.",
  file: "The file of a known set that has the recorded page; that of most pages of a cell.",
  changes:
    "How often the place of a recorded page came to hold other bytes, over the container's snapshots; the most in a cell wins.",
  "first-seen": "The first of the container's snapshots that has the recorded page's bytes; the latest in a cell wins.",
};

/** At which a cell is one window of 256 bytes. */
const WINDOW_LEVEL = 4;
/** Of cells that are smaller than a window. */
const WITHIN = "of the window of 256 bytes that holds the cell, at an address divisible by 256";

/** How cells were made of bytes or pages, in sentences. */
export function ruleOf(channel: DrawnChannel, level: number): string {
  const isWithin = level < WINDOW_LEVEL;
  switch (channel) {
    case "class":
      return "Colour: most frequent class among non-zero bytes. Strength: share of non-zero bytes. Numbers: share of recorded bytes.";
    case "value":
      return level === 0 ? "The byte itself." : "Mean of the recorded bytes.";
    case "entropy":
      return `Shannon entropy, ${isWithin ? WITHIN : "mean of windows of 256 bytes"}; 0 to 8 bits per byte whatever the dump.`;
    case "entropy-max": {
      const highest = isWithin ? WITHIN : "highest of windows of 256 bytes, none over a mapping's end";
      return `Shannon entropy, ${highest}; 0 to 8 bits per byte whatever the dump.`;
    }
    case "zeros":
      return "Share of the recorded bytes that are 00.";
    case "ascii":
      return "Share of the recorded bytes that are printable ASCII or whitespace.";
    case "permissions":
    case "kind":
    case "file":
    case "changes":
    case "first-seen":
      return `${PAGE_RULES[channel]} Numbers: recorded pages.`;
    case "provenance":
      return "Highest of the pages in a cell wins. Strength: share of non-zero bytes. Numbers: recorded pages.";
    case "verdict":
      return "Highest of the pages in a cell wins. In a changed page cells with a changed byte are full. Numbers: pages.";
    default:
      return channel satisfies never;
  }
}

/** Lines of words no wider than `width` pixels. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last !== undefined && textWidth(longer, BODY) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Bytes per cell in the unit that keeps the number whole. */
function cellSize(level: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const unit = Math.floor(level / 5);
  return `${4 ** level / 1024 ** unit} ${units[unit]}`;
}

/** Thousands apart from 10,000 on, as in the interface. */
function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
}

/** One decimal; what exists is never 0.0 %, what is not all never 100 %. */
function formatShare(share: number): string {
  if (share > 0 && share < 0.001) return "< 0.1 %";
  if (share < 1 && share > 0.999) return "> 99.9 %";
  return `${(share * 100).toFixed(1)} %`;
}
