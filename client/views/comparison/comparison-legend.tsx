/** The legend of a comparison: verdicts with their counts, or the channel. */
import type { ComparedCodes, Comparison } from "../../../shared/api/index.ts";
import { channelTitle, isPageChannel } from "../../../shared/channel/index.ts";
import { categoryColors, cssColor } from "../../../shared/palette/index.ts";
import { VERDICT_SIGNS } from "../../../shared/provenance/index.ts";
import { BYTE_CLASSES } from "../../../shared/summary/index.ts";
import { EntropyLegend, Minimap } from "../../charts/index.ts";
import { formatCount } from "../../format/index.ts";
import type { AnyChannel, Look, Viewer } from "../../viewer/contract.ts";
import { hitRows } from "../find/hit-rows.ts";
import type { SearchedNumbers } from "../find/searched-words.ts";
import { bytesRule, codeRule, UNCOUNTED_RULE } from "../picture/channel-rules.ts";
import { CLASS_ORDER, CLASS_TITLES } from "../picture/class-shares.tsx";
import { BOTH, codeRows } from "../picture/code-rows.ts";
import { CommonPlaces, Legend, PlaceKey, ShareKey, ShareScale, ValueScale } from "../picture/legend.tsx";
import { useZoom } from "../picture/use-viewer.ts";
import { VERDICT_ORDER } from "./differences.ts";
import { fillOfVerdict, isCalmVerdict } from "./verdicts.tsx";

export interface ComparisonLegendProps {
  readonly comparison: Comparison;
  readonly viewer: Viewer;
  readonly look: Look;
  /** Of the channel of hits: what was found on both sides, and in how much. */
  readonly search: SearchedNumbers;
  /** Of a channel of pages: what its codes mean on both sides, when that is known. */
  readonly codes: ComparedCodes["codes"] | undefined;
  readonly lit: readonly string[];
  readonly onChoose: (name: string, add: boolean) => void;
  readonly onReset: () => void;
}

export function ComparisonLegend({
  comparison,
  viewer,
  look,
  search,
  codes,
  lit,
  onChoose,
  onReset,
}: ComparisonLegendProps) {
  const zoom = useZoom(viewer);
  const rows =
    look.channel === "verdict"
      ? VERDICT_ORDER.map((verdict) => ({
          name: verdict,
          title: verdict,
          sign: VERDICT_SIGNS[verdict],
          fill: fillOfVerdict(verdict),
          hair: isCalmVerdict(verdict),
          number: formatCount(comparison.verdicts[verdict]),
          lit: lit.length === 0 || lit.includes(verdict),
        }))
      : look.channel === "class"
        ? CLASS_ORDER.map((code) => ({
            name: BYTE_CLASSES[code],
            title: CLASS_TITLES[code],
            fill: cssColor(categoryColors("class", look.theme, look.palette)[code]),
            hair: code === 0,
            number: "",
            lit: lit.length === 0 || lit.includes(BYTE_CLASSES[code]),
          }))
        : look.channel === "hits"
          ? hitRows(look, search)
          : codeRows(codes ?? [], look, zoom.level, BOTH);
  return (
    <Legend
      viewer={viewer}
      title={channelTitle(look.channel)}
      rule={
        look.channel === "hits"
          ? search.searched
          : isPageChannel(look.channel) && !codes
            ? UNCOUNTED_RULE
            : ruleOf(look.channel, zoom.level, comparison)
      }
      rows={rows}
      isOfBoth={look.channel === "hits" || isPageChannel(look.channel)}
      onChoose={onChoose}
      onReset={onReset}
      minimap={<Minimap viewer={viewer} />}
      scale={
        look.channel === "value" ? (
          <ValueScale look={look} level={zoom.level} />
        ) : look.channel === "entropy" || look.channel === "entropy-max" ? (
          <EntropyLegend palette={look.palette} />
        ) : look.channel === "zeros" || look.channel === "ascii" ? (
          <ShareScale look={look} level={zoom.level} />
        ) : undefined
      }
      places={
        <>
          {(look.channel === "entropy" || look.channel === "entropy-max") && (
            <PlaceKey fill="var(--class-0)" title="all zero" />
          )}
          {look.channel === "class" && zoom.level > 0 && <ShareKey look={look} />}
          <CommonPlaces {...withoutBytes(comparison)} />
        </>
      }
    />
  );
}

/** Of both sides, where one has any. */
function withoutBytes({ a, b }: Comparison): { readonly excluded?: string; readonly missing?: string } {
  const count = (because: "excluded" | "missing") => {
    const [inA, inB] = [a.pages.absent[because], b.pages.absent[because]];
    return inA + inB > 0 ? `${formatCount(inA)} | ${formatCount(inB)}` : undefined;
  };
  return { excluded: count("excluded"), missing: count("missing") };
}

/** Numbers are of both, in this order. */
const OF_BOTH = " of A | B";

/** Unit and rule, as the legend of a snapshot says them. */
function ruleOf(channel: AnyChannel, level: number, { a, b }: Comparison): string {
  switch (channel) {
    case "verdict":
      return "any change in a cell wins";
    case "class":
      return level === 0 ? "one byte per cell" : "most frequent class of non-zero bytes";
    case "value":
    case "entropy":
    case "entropy-max":
    case "zeros":
    case "ascii":
      return bytesRule(channel, level);
    case "permissions":
    case "kind":
    case "file":
      return codeRule(channel, OF_BOTH);
    case "changes":
    case "first-seen":
      return `${codeRule(channel, OF_BOTH)}${a.container === b.container ? "" : ", each in its own container"}`;
    case "provenance":
    case "hits":
      return "";
    default:
      return channel satisfies never;
  }
}
