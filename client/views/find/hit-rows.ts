/** The rows of the legend of hits. */
import { HIT_CODES, type HitCode, hitCode } from "../../../shared/channel/index.ts";
import { categoryColors, cssColor } from "../../../shared/palette/index.ts";
import type { Look } from "../../viewer/contract.ts";
import type { LegendRow } from "../picture/legend.tsx";
import type { SearchedNumbers } from "./searched-words.ts";

const TITLES: Readonly<Record<HitCode, string>> = {
  hit: "hits",
  none: "no hit",
  unsearched: "not searched",
};
const HINTS: Readonly<Record<HitCode, string>> = {
  hit: "One hit in a cell is enough",
  none: "All bytes of a cell were searched",
  unsearched: "Some bytes of a cell were not searched; the number is of pages",
};

export function hitRows(look: Look, search: Pick<SearchedNumbers, "hits" | "unsearched"> | undefined): LegendRow[] {
  const colors = categoryColors("hits", look.theme).map(cssColor);
  const numbers = { hit: search?.hits ?? "", none: "", unsearched: search?.unsearched ?? "" };
  return HIT_CODES.toReversed().map((name) => ({
    name,
    title: TITLES[name],
    hint: HINTS[name],
    fill: colors[hitCode(name)],
    hair: name !== "hit",
    number: numbers[name],
    lit: look.lit === null || look.lit.has(hitCode(name)),
  }));
}
