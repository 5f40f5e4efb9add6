/** The rows of the legend of a channel of whole pages: its codes, with how many pages have each. */
import type { ChannelCodes } from "../../../shared/api/index.ts";
import { cellColor, cssColor } from "../../../shared/palette/index.ts";
import { cellStateCode } from "../../../shared/tile/index.ts";
import { formatCount } from "../../format/index.ts";
import type { Look } from "../../viewer/contract.ts";
import type { LegendRow } from "./legend.tsx";

type Code<Pages> = Omit<ChannelCodes["codes"][number], "pages"> & { readonly pages: Pages };

/** How pages of codes are added, and written. */
export interface CodeCounts<Pages> {
  readonly none: Pages;
  add(x: Pages, y: Pages): Pages;
  write(pages: Pages): string;
}

/** Of one snapshot. */
export const ONE: CodeCounts<number> = { none: 0, add: (x, y) => x + y, write: formatCount };

/** Of both sides of a comparison. */
export const BOTH: CodeCounts<Readonly<Record<"a" | "b", number>>> = {
  none: { a: 0, b: 0 },
  add: (x, y) => ({ a: x.a + y.a, b: x.b + y.b }),
  write: ({ a, b }) => `${formatCount(a)} | ${formatCount(b)}`,
};

/** Rows that a legend has at most; of more snapshots the earliest are one row. */
const MOST_ROWS = 9;

export function codeRows<Pages>(
  codes: readonly Code<Pages>[],
  look: Pick<Look, "channel" | "theme" | "palette" | "lit">,
  level: number,
  counts: CodeCounts<Pages>,
): LegendRow[] {
  const rowOf = ({ code, name, title, hint, pages }: Code<Pages>): LegendRow => ({
    name,
    title,
    hint,
    fill: cssColor(cellColor(look.channel, RECORDED, code, 255, level, look.theme, "full", look.palette)),
    hair: CALM.has(name),
    number: counts.write(pages),
    lit: look.lit === null || look.lit.has(code),
  });
  const early = codes.slice(0, Math.max(0, codes.length - MOST_ROWS + 1));
  if (look.channel !== "first-seen" || early.length < 2) return codes.map(rowOf);
  const [first, last] = [early[0], early[early.length - 1]];
  const earliest = {
    ...last,
    name: `upto${last.code}`,
    title: `${first.title} to ${last.title}`,
    pages: early.reduce((sum, { pages }) => counts.add(sum, pages), counts.none),
  };
  return [earliest, ...codes.slice(early.length)].map(rowOf);
}

const RECORDED = cellStateCode("recorded");

/** Names of codes whose colour is that of places where nothing matters. */
const CALM: ReadonlySet<string> = new Set(["none", "unknown", "0", "t0"]);
