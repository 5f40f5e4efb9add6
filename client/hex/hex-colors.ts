/** Colours of the bytes pane: the tokens of the interface, which a canvas cannot read by itself. */
import { cssColor, HIT_COLOR } from "../../shared/palette/index.ts";
import type { Theme } from "../viewer/contract.ts";

export const HEX_COLORS = {
  dark: {
    label: "#8b939d",
    hover: "#1f2328",
    cursor: "#ffffff",
    bar: "#363c44",
    line: "#23272c",
    diff: "#5a3f08",
    diffText: "#ffd98a",
    selected: "#17263d",
    hit: cssColor(HIT_COLOR.dark),
  },
  light: {
    label: "#626a74",
    hover: "#eceef0",
    cursor: "#000000",
    bar: "#c2c8cf",
    line: "#e0e3e6",
    diff: "#ffe2ae",
    diffText: "#5b3600",
    selected: "#e2efff",
    hit: cssColor(HIT_COLOR.light),
  },
} as const satisfies Record<Theme, Record<string, string>>;
