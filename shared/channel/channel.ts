/**
 * The channels, and what the two planes of a tile hold for each:
 *
 *     class       a: dominant class among the non-zero bytes (index of BYTE_CLASSES; 0 = all zero)
 *                 b: share of non-zero bytes, `shareCode`
 *     value       a: mean of the bytes, rounded (at level 0 the byte);  b: 0
 *     entropy     a: mean over windows of 256 bytes, `entropyCode`;     b: maximum, `entropyCode`
 *                 a cell finer than a window shows the aligned window that holds it
 *     ascii       a: share of printable and whitespace bytes, `shareCode`;  b: 0
 *     provenance  a: highest rank present (index of PROVENANCES);       b: share of non-zero bytes
 *     permissions, kind, file, changes, first-seen
 *                 a: what is said of the pages, `PAGE_CHANNELS`: the highest code present, or that of most pages (of as
 *                    many the lowest);                                  b: share of the pages that have it, `shareCode`
 *     ways        a: bits of WAYS: of each way in which a page of the cell is
 *                 b: 255 where a page is left to a file, whatever the cell's state is; else 0
 *                 never shown: says which cells a filter lights
 *     verdict     a: 1 + highest rank present (index of VERDICTS), 0 = none; whatever the cell's state is, because a
 *                 removed page has no bytes on this side
 *                 b: 255, but 0 without a verdict, and in a cell of a changed page that holds no changed byte
 *
 * Two channels have no tiles of their own: `entropy-max` shows plane b of entropy, `zeros` what plane b of class leaves.
 * Only recorded bytes are counted. Of a page of which a part is known that is the part, and an entropy window that is
 * cut by its border is of the bytes that are left. In other channels than verdict, cells that are not recorded are 0.
 */

/** Those behind the main ones, of snapshots and of both sides of a comparison. */
const FURTHER_CHANNELS = [
  "permissions",
  "kind",
  "file",
  "changes",
  "first-seen",
  "entropy-max",
  "zeros",
  "ascii",
] as const;
export const CHANNELS = ["class", "value", "entropy", "provenance", ...FURTHER_CHANNELS] as const;
export type Channel = (typeof CHANNELS)[number];
/** Those that are at hand: chosen by one click, and ready before they are chosen. */
export const MAIN_CHANNELS = ["class", "value", "entropy", "provenance"] as const satisfies readonly Channel[];
export const MAIN_COMPARISON_CHANNELS = ["verdict", "class", "value", "entropy"] as const;
/** Of each side its own; why a page needs no look is told by the snapshot. */
export const COMPARISON_CHANNELS = [...MAIN_COMPARISON_CHANNELS, ...FURTHER_CHANNELS] as const;
/** Says which cells of a picture stay lit: all mappings, or those named, as in `formatIndices`. */
export type FilterChannel = `ways:${string}`;
export type ComparisonChannel = (typeof COMPARISON_CHANNELS)[number];
/** What pictures are drawn of. */
export type DrawnChannel = Channel | ComparisonChannel;
/** And `hits`, which is made where the hits of a search are: in the browser. a: place in `HIT_CODES`. */
export type AnyChannel = DrawnChannel | "hits";
/**
 * What the channel of hits says of a cell: no hit touches it, some byte of it was not searched, a hit touches it. The
 * last that is true of it counts.
 */
export const HIT_CODES = ["none", "unsearched", "hit"] as const;
export type HitCode = (typeof HIT_CODES)[number];

export function hitCode(name: HitCode): number {
  return HIT_CODES.indexOf(name);
}

/** What tiles are cut for. */
export type TileChannel = Exclude<DrawnChannel, "entropy-max" | "zeros">;

/** The tiles that a channel is drawn from; hits lie on those of class. */
export function tilesOf(channel: AnyChannel): TileChannel {
  if (channel === "entropy-max") return "entropy";
  return channel === "zeros" || channel === "hits" ? "class" : channel;
}

/** The plane whose code is the place on a scale; `null` for categories, whose code is that of plane `a`. */
export function scalePlane(channel: AnyChannel): "a" | "b" | null {
  switch (channel) {
    case "value":
    case "entropy":
    case "ascii":
    case "changes":
    case "first-seen":
      return "a";
    case "entropy-max":
    case "zeros":
      return "b";
    case "class":
    case "provenance":
    case "permissions":
    case "kind":
    case "file":
    case "verdict":
    case "hits":
      return null;
    default:
      return channel satisfies never;
  }
}

const TITLES: Readonly<Record<AnyChannel, string>> = {
  class: "Class",
  value: "Value",
  entropy: "Entropy",
  provenance: "Provenance",
  permissions: "Permissions",
  kind: "Kind of mapping",
  file: "Known file",
  changes: "Change count",
  "first-seen": "First seen",
  "entropy-max": "Highest entropy",
  zeros: "Zero share",
  ascii: "ASCII share",
  verdict: "Verdict",
  hits: "Hits",
};

export function channelTitle(channel: AnyChannel): string {
  return TITLES[channel];
}

/** 0..255 for a share; 0 only when no byte is non-zero, 255 only when all are. */
export function shareCode(nonZero: number, total: number): number {
  if (nonZero === 0) return 0;
  if (nonZero === total) return 255;
  return Math.min(254, Math.max(1, Math.round((nonZero / total) * 255)));
}

/** 0 for all zero bytes; else 1..255 for 0..8 bits per byte (`entropy` in bits × 4,096). */
export function entropyCode(entropy: number, allZero: boolean): number {
  return allZero ? 0 : 1 + Math.round((entropy / 32768) * 254);
}

/** Bits per byte of a code of 1..255. */
export function entropyOfCode(code: number): number {
  return ((code - 1) / 254) * 8;
}
