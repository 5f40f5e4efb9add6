/** The legend of each channel of a snapshot, with the numbers of the whole snapshot as far as they are counted. */
import type { ReactNode } from "react";
import type { ApiMapping, ChannelCodes, SnapshotDetail } from "../../../shared/api/index.ts";
import { channelTitle } from "../../../shared/channel/index.ts";
import { categoryColors, cssColor, isWriteExecute } from "../../../shared/palette/index.ts";
import { type Provenance, provenanceCode } from "../../../shared/provenance/index.ts";
import { BYTE_CLASSES } from "../../../shared/summary/index.ts";
import { EntropyLegend } from "../../charts/index.ts";
import { formatCount, formatPercent } from "../../format/index.ts";
import type { Look, Viewer } from "../../viewer/contract.ts";
import { isCalm, PROVENANCES_BY_RANK, partOf } from "../explain/parts.ts";
import { hitRows } from "../find/hit-rows.ts";
import type { SearchedNumbers } from "../find/searched-words.ts";
import { bytesRule, codeRule, UNCOUNTED_RULE } from "../picture/channel-rules.ts";
import { CLASS_ORDER, CLASS_TITLES } from "../picture/class-shares.tsx";
import { codeRows, ONE } from "../picture/code-rows.ts";
import {
  CommonPlaces,
  Legend,
  type LegendRow,
  PlaceKey,
  ShareKey,
  ShareScale,
  ValueScale,
} from "../picture/legend.tsx";

/** What is not counted yet is `null`. */
export interface LegendNumbers extends Pick<SnapshotDetail, "pages"> {
  /** Of the pages left to files those of deleted ones; left out while provenance is not known. */
  readonly ofDeletedFiles?: number;
  readonly classes: SnapshotDetail["classes"] | null;
  readonly entropy: SnapshotDetail["entropy"] | null;
  readonly provenance: SnapshotDetail["provenance"] | null;
  readonly laid?: readonly Pick<ApiMapping, "permissions">[];
  /** Left out while the dump arrives. */
  readonly isStripped?: boolean;
  /** Pages that are missing and may still come. */
  readonly notHere?: number;
  /** They are of what is selected, not of the whole snapshot. */
  readonly isOfSelection?: boolean;
}

export interface SnapshotLegendProps {
  readonly viewer: Viewer;
  readonly detail: LegendNumbers;
  readonly look: Look;
  readonly level: number;
  readonly minimap: ReactNode;
  readonly narrow: boolean;
  /** Of the channel of hits: what was found, and in how much. */
  readonly search?: SearchedNumbers;
  /** Of a channel of pages: what its codes mean, when that is known. */
  readonly codes?: ChannelCodes["codes"] | undefined;
  /** Of what the numbers are. */
  readonly of?: ReactNode;
  /** Lines below: what is filled. */
  readonly children?: ReactNode;
  readonly onChoose: (name: string, add: boolean) => void;
  readonly onReset: () => void;
}

export function SnapshotLegend(props: SnapshotLegendProps) {
  const { viewer, detail, look, minimap, onChoose, onReset } = props;
  const { notHere = 0, ofDeletedFiles: deleted = 0 } = detail;
  const { excluded } = detail.pages.absent;
  const missing = detail.pages.absent.missing - notHere;
  const lost = {
    excluded: excluded > 0 ? formatCount(excluded) : undefined,
    notHere: notHere > 0 ? formatCount(notHere) : undefined,
    missing: missing > 0 ? formatCount(missing) : undefined,
    writeExecute: detail.laid?.some(({ permissions }) => isWriteExecute(permissions)) ?? false,
  };
  const left = {
    leftToFile: formatCount(detail.pages.absent.file - deleted),
    deleted: deleted > 0 ? formatCount(deleted) : undefined,
  };
  const common = { viewer, minimap, onChoose, onReset, of: props.of, children: props.children };
  switch (look.channel) {
    case "class":
      return (
        <Legend
          {...common}
          title="Class"
          rule={classRule(detail)}
          rows={classRows(detail, look)}
          places={
            <>
              {props.level > 0 && <ShareKey look={look} />}
              <CommonPlaces {...lost} />
            </>
          }
        />
      );
    case "provenance":
      return (
        <Legend
          {...common}
          title="Provenance"
          rule={provenanceRule(look)}
          rows={provenanceRows(detail, look)}
          places={<CommonPlaces {...left} {...lost} />}
        />
      );
    case "value":
      return (
        <Legend
          {...common}
          title="Value"
          rule={bytesRule("value", props.level)}
          rows={[]}
          scale={<ValueScale look={look} level={props.level} />}
          places={<CommonPlaces {...lost} />}
        />
      );
    case "entropy":
      return (
        <Legend
          {...common}
          title="Entropy"
          rule={bytesRule("entropy", props.level)}
          rows={[]}
          scale={<EntropyLegend windows={detail.entropy ?? undefined} palette={look.palette} />}
          places={
            <>
              <PlaceKey fill="var(--class-0)" title="all zero" />
              <CommonPlaces {...lost} />
              {!props.narrow && <li>random bytes reach about 7.2</li>}
            </>
          }
        />
      );
    case "entropy-max":
      return (
        <Legend
          {...common}
          title={channelTitle(look.channel)}
          rule={bytesRule("entropy-max", props.level)}
          rows={[]}
          scale={<EntropyLegend windows={detail.entropy ?? undefined} palette={look.palette} />}
          places={
            <>
              <PlaceKey fill="var(--class-0)" title="all zero" />
              <CommonPlaces {...lost} />
            </>
          }
        />
      );
    case "zeros":
    case "ascii":
      return (
        <Legend
          {...common}
          title={channelTitle(look.channel)}
          rule={bytesRule(look.channel, props.level)}
          rows={[]}
          scale={<ShareScale look={look} level={props.level} />}
          places={<CommonPlaces {...lost} />}
        />
      );
    case "permissions":
    case "kind":
    case "file":
    case "changes":
    case "first-seen":
      return (
        <Legend
          {...common}
          title={channelTitle(look.channel)}
          rule={props.codes ? codeRule(look.channel) : UNCOUNTED_RULE}
          rows={codeRows(props.codes ?? [], look, props.level, ONE)}
          places={<CommonPlaces {...left} {...lost} />}
        />
      );
    case "hits":
      return (
        <Legend
          {...common}
          title={channelTitle(look.channel)}
          rule={props.search?.searched ?? ""}
          rows={hitRows(look, props.search)}
          places={<CommonPlaces {...lost} />}
        />
      );
    case "verdict":
      return null;
    default:
      return look.channel satisfies never;
  }
}

function classRows({ classes }: LegendNumbers, look: Look): LegendRow[] {
  const colors = categoryColors("class", look.theme, look.palette).map(cssColor);
  const total = classes?.reduce((sum, count) => sum + count, 0) ?? 0;
  return CLASS_ORDER.map((code) => ({
    name: BYTE_CLASSES[code],
    title: CLASS_TITLES[code],
    fill: colors[code],
    hair: code === 0,
    number: classes ? formatPercent(classes[code], total) : "",
    lit: look.lit === null || look.lit.has(code),
  }));
}

function classRule({ classes, isOfSelection }: LegendNumbers): string {
  if (isOfSelection) return "share of the selected bytes";
  return classes ? "share of recorded bytes" : "shares are counted with the commit";
}

function provenanceRule({ litProvenance, litWays }: Look): string {
  if (litWays) return "pages; cells with a chosen one are lit";
  if (litProvenance === null) return "pages; the highest in a cell wins";
  return litProvenance.has(provenanceCode("new")) ? "pages; dimmed ones are explained" : "pages; chosen ones are lit";
}

/** What stripping finds. */
const FOUND_LATER: ReadonlySet<Provenance> = new Set<Provenance>(["relocated", "alike"]);

function provenanceRows({ provenance: counts, isStripped }: LegendNumbers, look: Look): LegendRow[] {
  // Most snapshots have none of what stripping finds.
  const isWorthARow = (name: Provenance) =>
    !FOUND_LATER.has(name) || isStripped === false || (counts !== null && counts[name] > 0);
  const numberOf = (name: Provenance) => {
    if (isStripped === false && FOUND_LATER.has(name)) return "not yet looked for";
    return counts ? formatCount(counts[name]) : "";
  };
  return PROVENANCES_BY_RANK.filter(isWorthARow).map((provenance) => {
    const code = provenanceCode(provenance);
    return {
      name: provenance,
      title: provenance,
      fill: `var(--provenance-${provenance})`,
      hair: isCalm(partOf(provenance)),
      number: numberOf(provenance),
      lit: (look.lit === null || look.lit.has(code)) && (look.litProvenance === null || look.litProvenance.has(code)),
    };
  });
}
