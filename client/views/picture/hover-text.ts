/** What the status line says of the cell under the pointer: its range of addresses, and why it has its colour. */
import type { ChannelCodes } from "../../../shared/api/index.ts";
import { entropyOfCode, HIT_CODES, type HitCode, type PageChannel } from "../../../shared/channel/index.ts";
import { PAGE_SIZE } from "../../../shared/memory/index.ts";
import { PROVENANCES, VERDICTS } from "../../../shared/provenance/index.ts";
import { isGuard } from "../../../shared/snapshot/index.ts";
import { BYTE_CLASSES, CLASS_OF_BYTE } from "../../../shared/summary/index.ts";
import { CELL_STATES, LEFT_TO_DELETED_FILE } from "../../../shared/tile/index.ts";
import { formatCount, formatEntropy, formatPercent, formatRange, formatSize } from "../../format/index.ts";
import type { AnyChannel, Hovered, PictureMapping } from "../../viewer/contract.ts";
import { addressOf } from "../place/places.ts";

export interface HoverText {
  /** `Cell`, `Byte` or `Page`. */
  readonly what: string;
  readonly range: string;
  readonly why: string;
}

/** Words of the classes, as the legend writes them. */
export const CLASS_WORDS: Readonly<Record<(typeof BYTE_CLASSES)[number], string>> = {
  "00": "00",
  printable: "printable",
  whitespace: "whitespace",
  control: "control",
  high: "high 80–fe",
  FF: "ff",
};

const ENTROPY_WINDOW = 256;

export interface CellContext {
  /** What the codes of a channel of pages mean, when that is known. */
  readonly codes?: readonly Pick<ChannelCodes["codes"][number], "code" | "title" | "hint">[] | undefined;
  /** Says from what a filled page comes. */
  readonly filledFrom?: ((place: Hovered["place"]) => string | undefined) | undefined;
  /** Says why bytes were not searched. */
  readonly unsearched?: string | undefined;
  /** Those given to the viewer. */
  readonly mappings?: readonly Pick<PictureMapping, "permissions">[] | undefined;
}

export function hoverText(hovered: Hovered, channel: AnyChannel, context: CellContext = {}): HoverText {
  const start = addressOf(hovered.place);
  const what = hovered.bytes === 1 ? "Byte" : hovered.bytes === 4096 ? "Page" : "Cell";
  return { what, range: formatRange(start, hovered.bytes), why: cellText(hovered, channel, context) };
}

/** Why a cell has its colour. */
export function cellText(hovered: Hovered, channel: AnyChannel, context: CellContext): string {
  const { filledFrom } = context;
  const { cell } = hovered;
  if (!cell) return "not here yet";
  const state = CELL_STATES[cell.state];
  switch (state) {
    case "not-loaded":
      return "not here yet";
    case "gap":
      return "between mappings";
    case "image":
      return channel === "provenance" && cell.b === LEFT_TO_DELETED_FILE
        ? "left to a file that had been deleted; the dump has no bytes here"
        : "left to its file; the dump has no bytes here";
    case "untouched":
      return context.mappings?.[hovered.mapping] && isGuard(context.mappings[hovered.mapping])
        ? "mapped, never written; cannot be read"
        : "mapped, never written; reads as zero";
    case "excluded":
      return "left out by the dumper";
    case "missing":
      return "missing: the dump is cut, or the parent that holds this page is not here";
    case "recorded":
      return ofBytes(hovered, cell, channel, context);
    case "filled":
      return `${ofBytes(hovered, cell, channel, context)}; not in the dump, filled: ${filledFrom?.(hovered.place) ?? "left to its file"}`;
    default:
      return "";
  }
}

/** What the channel shows of a cell that has bytes. */
function ofBytes(
  { bytes, place }: Hovered,
  cell: NonNullable<Hovered["cell"]>,
  channel: AnyChannel,
  { codes, unsearched = "not searched" }: CellContext,
): string {
  switch (channel) {
    case "class":
      return classText(cell.a, cell.b, bytes);
    case "value":
      return bytes === 1
        ? `value 0x${cell.a.toString(16).padStart(2, "0")}, ${CLASS_WORDS[BYTE_CLASSES[CLASS_OF_BYTE[cell.a]]]}`
        : `mean ${cell.a} of ${formatCount(bytes)} bytes`;
    case "entropy": {
      if (cell.a === 0) return "all bytes are 00";
      const mean = formatEntropy(entropyOfCode(cell.a));
      if (bytes > ENTROPY_WINDOW) {
        return `${mean} bits per byte on average, ${formatEntropy(entropyOfCode(cell.b))} at most, in windows of 256 B`;
      }
      const start = addressOf(place) & ~255n;
      return `${mean} bits per byte in the window ${formatRange(start, ENTROPY_WINDOW)}`;
    }
    case "entropy-max": {
      if (cell.b === 0) return "all bytes are 00";
      const most = formatEntropy(entropyOfCode(cell.b));
      if (bytes > ENTROPY_WINDOW) return `${most} bits per byte, the most of its windows of 256 B`;
      return `${most} bits per byte in the window ${formatRange(addressOf(place) & ~255n, ENTROPY_WINDOW)}`;
    }
    case "zeros":
      return shareText(255 - cell.b, bytes, "00");
    case "ascii":
      return shareText(cell.a, bytes, "ASCII");
    case "hits":
      return hitsText(HIT_CODES[cell.a] ?? "unsearched", bytes, unsearched);
    case "permissions":
    case "kind":
    case "file":
    case "changes":
    case "first-seen":
      return pageText(channel, cell.a, cell.b, bytes, codes);
    case "provenance":
      return `${PROVENANCES[cell.a] ?? "unknown"}${bytes > 4096 ? `, highest rank in ${formatSize(bytes)}` : ""}`;
    case "verdict":
      return cell.a === 0
        ? "recorded on no side"
        : `${VERDICTS[cell.a - 1]}${VERDICTS[cell.a - 1] === "changed" && cell.b === 0 ? ", no changed byte in this cell" : ""}`;
    default:
      return channel satisfies never;
  }
}

function hitsText(code: HitCode, bytes: number, unsearched: string): string {
  switch (code) {
    case "none":
      return "no hit of the search";
    case "unsearched":
      return bytes > PAGE_SIZE ? `${unsearched}; at least a part of ${formatSize(bytes)}` : unsearched;
    case "hit":
      return "touched by a hit of the search";
    default:
      return code satisfies never;
  }
}

/** @param share 0..255 */
function shareText(share: number, bytes: number, what: string): string {
  if (bytes === 1) return share === 0 ? `not ${what}` : what;
  if (bytes <= 128) return `${Math.round((share / 255) * bytes)} of ${bytes} bytes are ${what}`;
  return `${formatPercent(share, 255)} of ${formatSize(bytes)} are ${what}`;
}

const RULE_WORDS: Readonly<Record<PageChannel, string>> = {
  permissions: "the most dangerous",
  kind: "that of most pages",
  file: "that of most pages",
  changes: "the most",
  "first-seen": "the latest",
};

/** @param share of the recorded pages of the cell that have the code, 0..255 */
function pageText(
  channel: PageChannel,
  code: number,
  share: number,
  bytes: number,
  codes: CellContext["codes"],
): string {
  const word = codeText(channel, code, codes);
  if (bytes <= PAGE_SIZE || share === 255) return word;
  return `${word}: ${RULE_WORDS[channel]} in ${formatSize(bytes)}, of ${formatPercent(share, 255)} of its pages`;
}

function codeText(channel: PageChannel, code: number, codes: CellContext["codes"]): string {
  switch (channel) {
    case "changes":
      return code === 0
        ? "never changed"
        : `changed ${code === 1 ? "once" : `${code} times`} over the container's snapshots`;
    case "first-seen":
      return `first seen in t${code}`;
    case "permissions":
    case "kind":
    case "file": {
      const told = codes?.find((one) => one.code === code);
      if (!told) return "not here yet";
      return channel === "permissions" && told.hint !== null
        ? `${told.title}, ${told.hint}`
        : (told.hint ?? told.title);
    }
    default:
      return channel satisfies never;
  }
}

function classText(code: number, share: number, bytes: number): string {
  const word = CLASS_WORDS[BYTE_CLASSES[code] ?? "00"];
  if (bytes === 1) return word;
  if (code === 0) return "all bytes are 00";
  // A share of 255 parts tells every count of up to 128 bytes apart; beyond that it is a share.
  if (bytes <= 128) return `${word}, ${Math.round((share / 255) * bytes)} of ${bytes} bytes non-zero`;
  return `${word}, ${formatPercent(share, 255)} of ${formatSize(bytes)} non-zero`;
}
