/** Of what the numbers of a channel are, and which of them a cell shows: the line beside a legend's title. */
import type { AnyChannel, PageChannel } from "../../../shared/channel/index.ts";

type BytesChannel = Extract<AnyChannel, "value" | "entropy" | "entropy-max" | "zeros" | "ascii">;

/** The level at which a cell is a window of entropy. */
const WINDOW_LEVEL = 4;

export function bytesRule(channel: BytesChannel, level: number): string {
  switch (channel) {
    case "value":
      return level === 0 ? "one byte per cell, no average" : "mean of the bytes of a cell";
    case "entropy":
      return `bits per byte, ${level > WINDOW_LEVEL ? "mean of " : ""}windows of 256\u00a0B`;
    case "entropy-max":
      return level > WINDOW_LEVEL
        ? "bits per byte, the most of windows of 256\u00a0B, each in one mapping"
        : "bits per byte, windows of 256\u00a0B";
    case "zeros":
      return "of the recorded bytes that are 00";
    case "ascii":
      return "of the recorded bytes, with whitespace";
    default:
      return channel satisfies never;
  }
}

const CODE_RULES: Readonly<Record<PageChannel, string>> = {
  permissions: "the most dangerous in a cell wins",
  kind: "that of most in a cell",
  file: "that of most in a cell",
  changes: "the most in a cell wins",
  "first-seen": "the latest in a cell wins",
};

/** While it is not known how many have each code. */
export const UNCOUNTED_RULE = "recorded pages; they are being counted";

/** @param of whose pages, in words behind them */
export function codeRule(channel: PageChannel, of = ""): string {
  return `recorded pages${of}; ${CODE_RULES[channel]}`;
}
