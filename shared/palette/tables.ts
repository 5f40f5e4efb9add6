/**
 * The colours of data, once: legend, picture, PNG and bars all read these tables. Each row follows the order of its
 * tuple (`BYTE_CLASSES`, `PROVENANCES`, `VERDICTS`). A change must keep the check of colour vision beside this file.
 */
import type { PermissionClass } from "../channel/index.ts";
import type { Provenance, Verdict } from "../provenance/index.ts";
import type { ByteClass } from "../summary/index.ts";
import { type Rgb, rgb } from "./color.ts";

export type Theme = "dark" | "light";
type Themed<T> = Readonly<Record<Theme, T>>;

/** Behind the picture: what a gap looks like. The same as the token `--stage`. */
export const STAGE: Themed<Rgb> = { dark: rgb("0b0c0e"), light: rgb("ffffff") };

export const CLASS_COLORS: Themed<Readonly<Record<ByteClass, Rgb>>> = {
  dark: {
    "00": rgb("1c1f24"),
    printable: rgb("2fb98a"),
    whitespace: rgb("e8d44a"),
    control: rgb("e0702e"),
    high: rgb("7f86f0"),
    FF: rgb("f4f5f7"),
  },
  light: {
    "00": rgb("e6e8eb"),
    printable: rgb("12805c"),
    whitespace: rgb("b29100"),
    control: rgb("a83c08"),
    high: rgb("5058d0"),
    FF: rgb("15171a"),
  },
};

/**
 * The colours of binvis.io, in both themes: black, green (low), blue (ASCII), red (high), white. It has five classes:
 * whitespace is ASCII there. Red and green are not told apart by every colour vision.
 */
export const CLASSIC_CLASS_COLORS: Readonly<Record<ByteClass, Rgb>> = {
  "00": rgb("000000"),
  printable: rgb("377eb8"),
  whitespace: rgb("377eb8"),
  control: rgb("4daf4a"),
  high: rgb("e41a1c"),
  FF: rgb("ffffff"),
};

/** Strength of a class in a cell with almost no non-zero byte; the full colour stands for a cell without zeros. */
export const CLASS_FLOOR: Themed<number> = { dark: 0.35, light: 0.45 };

/** Bytes as text, over the surfaces of the bytes pane and over faint cells. */
export const CLASS_TEXT_COLORS: Themed<Readonly<Record<ByteClass, Rgb>>> = {
  dark: {
    "00": rgb("868e98"),
    printable: rgb("6bd3ad"),
    whitespace: rgb("e8d44a"),
    control: rgb("f29a66"),
    high: rgb("a9aef8"),
    FF: rgb("ffffff"),
  },
  light: {
    "00": rgb("5f6770"),
    printable: rgb("007a55"),
    whitespace: rgb("7d6600"),
    control: rgb("6b1e00"),
    high: rgb("4a3fd0"),
    FF: rgb("000000"),
  },
};

export const PROVENANCE_COLORS: Themed<Readonly<Record<Provenance, Rgb>>> = {
  dark: {
    zero: rgb("1c1f24"),
    unchanged: rgb("3d444e"),
    known: rgb("2b5f86"),
    relocated: rgb("5680a4"),
    moved: rgb("9a7cf0"),
    shared: rgb("4fc3d1"),
    alike: rgb("80b069"),
    new: rgb("ffb83d"),
  },
  light: {
    zero: rgb("eceef0"),
    unchanged: rgb("bcc3cc"),
    known: rgb("86b2d4"),
    relocated: rgb("7a8acd"),
    moved: rgb("6a3fc9"),
    shared: rgb("0f8496"),
    alike: rgb("577e4e"),
    new: rgb("bf5600"),
  },
};
/** Strength of a provenance in a cell without a non-zero byte. */
export const PROVENANCE_FLOOR = 0.45;

export const VERDICT_COLORS: Themed<Readonly<Record<Verdict, Rgb>>> = {
  dark: {
    unchanged: rgb("3d444e"),
    zero: rgb("1c1f24"),
    moved: rgb("a28af6"),
    changed: rgb("ffb83d"),
    added: rgb("6ff0dc"),
    removed: rgb("d13f7f"),
  },
  light: {
    unchanged: rgb("bcc3cc"),
    zero: rgb("eceef0"),
    moved: rgb("7a65e1"),
    changed: rgb("c97900"),
    added: rgb("005a52"),
    removed: rgb("bc226b"),
  },
};
/** Strength of a cell without a changed byte in a changed page. */
export const UNCHANGED_CELL = 0.3;

/** Of what a search has found: marks over the picture, and cells. The same as the token `--hit`. */
export const HIT_COLOR: Themed<Rgb> = { dark: rgb("ff6ad5"), light: rgb("a8006e") };

/** `writeExecute` is drawn twice as thick, and named in words where there is room. */
export const PERMISSION_COLORS: Themed<Readonly<Record<"read" | "write" | "execute" | "writeExecute", Rgb>>> = {
  dark: { read: rgb("6b7480"), write: rgb("5b9bd8"), execute: rgb("cfd4db"), writeExecute: rgb("ff4d5e") },
  light: { read: rgb("87909b"), write: rgb("2f6fb0"), execute: rgb("30363d"), writeExecute: rgb("a8002c") },
};

/** Of pages: where nothing is permitted, and where nothing is known, is calm. */
export const PERMISSION_CLASS_COLORS: Themed<Readonly<Record<PermissionClass, Rgb>>> = {
  dark: { unknown: rgb("3c4856"), none: rgb("14171b"), ...PERMISSION_COLORS.dark },
  light: { unknown: rgb("b9c1d0"), none: rgb("f9f9f8"), ...PERMISSION_COLORS.light },
};

/** For categories that have no colour by convention: a calm one for none, six, and one for all others. */
export const CATEGORY_COLORS: Themed<readonly Rgb[]> = {
  dark: ["1c1f24", "6e96bd", "41cb9e", "e9bc0f", "db7136", "9662e7", "eac4e0", "5d6c78"].map(rgb),
  light: ["e6e8eb", "1477d9", "117659", "cfa830", "9a3618", "5230c4", "b1719d", "a8acae"].map(rgb),
};

/** `null` for a mapping that permits nothing, or of which nothing is known: it has no line. */
export function permissionColor(permissions: string, theme: Theme): Rgb | null {
  const colors = PERMISSION_COLORS[theme];
  const execute = permissions.includes("x");
  if (permissions.includes("w")) return execute ? colors.writeExecute : colors.write;
  if (execute) return colors.execute;
  return permissions.includes("r") ? colors.read : null;
}

export function isWriteExecute(permissions: string): boolean {
  return permissions.includes("w") && permissions.includes("x");
}

const stops = (text: string): readonly Rgb[] => text.split(" ").map(rgb);

/** Entropy: 0 to 8 bits per byte, whatever the dump. */
export const VIRIDIS = stops("440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725");
/** Ends brighter than viridis, and begins in black. */
export const MAGMA = stops("000004 180f3d 440f76 721f81 9e2f7f cd4071 f1605d fd9668 feca8d fcfdbf");
/** Value, where a cell is a mean; at one byte per cell it is exactly black to white. */
export const GREY = stops("0e0f12 f6f7f8");
/** Change count and age, logarithmic. */
export const CIVIDIS = stops("00224e 35456c 666970 948e77 c8b866 fee838");
/** Difference of two histograms, neutral in the middle. */
export const DIVERGING = stops("3b6fb5 8b939d d0742f");

/** Places without bytes look the same in every channel: a ground, and the marks of their hatch. */
export interface PlaceColors {
  readonly ground: Rgb;
  readonly mark: Rgb;
}
export type PlaceState = "not-loaded" | "gap" | "image" | "untouched" | "excluded" | "missing";

const UNTOUCHED: Themed<Rgb> = { dark: rgb("131519"), light: rgb("f4f5f6") };
const BAD: Themed<Rgb> = { dark: rgb("ff7a7a"), light: rgb("b3261e") };

function plain(color: Rgb): PlaceColors {
  return { ground: color, mark: color };
}

export const PLACE_COLORS: Themed<Readonly<Record<PlaceState, PlaceColors>>> = {
  dark: {
    "not-loaded": { ground: STAGE.dark, mark: rgb("2a3037") },
    gap: plain(STAGE.dark),
    image: { ground: rgb("131c24"), mark: rgb("24465f") },
    untouched: plain(UNTOUCHED.dark),
    excluded: { ground: UNTOUCHED.dark, mark: rgb("363c44") },
    missing: { ground: UNTOUCHED.dark, mark: BAD.dark },
  },
  light: {
    "not-loaded": { ground: STAGE.light, mark: rgb("d3d8de") },
    gap: plain(STAGE.light),
    image: { ground: rgb("edf3f8"), mark: rgb("9fc0da") },
    untouched: plain(UNTOUCHED.light),
    excluded: { ground: UNTOUCHED.light, mark: rgb("c2c8cf") },
    missing: { ground: UNTOUCHED.light, mark: BAD.light },
  },
};

/** A tile that failed for good is crossed in this colour. */
export const FAILED_MARK: Themed<Rgb> = BAD;
