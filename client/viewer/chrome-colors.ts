/** Colours of lines and words over the picture: the tokens of the interface, which a canvas cannot read by itself. */
import { cssColor, HIT_COLOR, PERMISSION_COLORS } from "../../shared/palette/index.ts";
import type { Theme } from "./contract.ts";

export interface ChromeColors {
  readonly stage: string;
  readonly app: string;
  readonly t1: string;
  readonly t2: string;
  readonly t3: string;
  readonly line: string;
  readonly cursor: string;
  readonly halo: string;
  /** Rings around hits. */
  readonly hit: string;
  /** Borders of mappings; `dimmed` where a filter is on. */
  readonly border: string;
  readonly borderDimmed: string;
  readonly grid: string;
  /** What may be written and executed. */
  readonly writeExecute: string;
}

export const CHROME: Readonly<Record<Theme, ChromeColors>> = {
  dark: {
    stage: "#0b0c0e",
    app: "#0f1113",
    t1: "#e7e9ec",
    t2: "#abb2bb",
    t3: "#8b939d",
    line: "#23272c",
    cursor: "#ffffff",
    halo: "#000000",
    hit: cssColor(HIT_COLOR.dark),
    border: "rgb(255 255 255 / 20%)",
    borderDimmed: "rgb(255 255 255 / 14%)",
    grid: "rgb(255 255 255 / 9%)",
    writeExecute: cssColor(PERMISSION_COLORS.dark.writeExecute),
  },
  light: {
    stage: "#ffffff",
    app: "#f4f5f6",
    t1: "#14171a",
    t2: "#474e57",
    t3: "#626a74",
    line: "#e0e3e6",
    cursor: "#000000",
    halo: "#ffffff",
    hit: cssColor(HIT_COLOR.light),
    border: "rgb(0 0 0 / 26%)",
    borderDimmed: "rgb(0 0 0 / 26%)",
    grid: "rgb(0 0 0 / 10%)",
    writeExecute: cssColor(PERMISSION_COLORS.light.writeExecute),
  },
};

export const SANS = '"Inter Variable", Inter, system-ui, sans-serif';
export const MONO = '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace';
