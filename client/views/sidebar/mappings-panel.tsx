/** Mappings of a snapshot, those with most left first. */
import type { ApiMapping } from "../../../shared/api/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import { type Choosable, fillOfPart, leftOf, PARTS, partsOf, RESIDUAL } from "../explain/parts.ts";
import { MappingList, type MappingListProps } from "./mapping-list.tsx";

export interface MappingsPanelProps
  extends Pick<MappingListProps, "id" | "mappings" | "current" | "onOpen" | "onHover"> {
  /** All mappings of the snapshot, those without a place in the picture too; `null` when the dump has none. */
  readonly count: number | null;
  readonly chosen: ReadonlySet<Choosable> | null;
}

export function MappingsPanel({ count, chosen, ...list }: MappingsPanelProps) {
  const lit = chosen ?? RESIDUAL;
  const total = count ?? list.mappings.length;
  const measure = (mapping: ApiMapping) => {
    const { counts, provenance, deleted } = mapping;
    const parts = partsOf({ pages: counts, provenance, ofDeletedFiles: deleted ? counts.absent.file : 0 });
    const left = leftOf(parts, lit);
    return {
      pages: left,
      text: formatCount(left),
      parts: PARTS.filter((part) => lit.has(part)).map((part) => ({
        name: part,
        pages: parts[part],
        fill: fillOfPart(part),
      })),
    };
  };
  return (
    <MappingList
      {...list}
      measure={measure}
      head={(withLeft) =>
        `${formatCount(withLeft)} of ${formatPlural(total, "mapping")} ${withLeft === 1 ? "holds" : "hold"} residual pages`
      }
      unit="residual pages"
      none="Nothing is left in any mapping."
      others={{
        hidden: (withLeft) => {
          const explained = total - withLeft;
          if (explained <= 0) return null;
          return `${formatPlural(explained, "mapping")} ${explained === 1 ? "is" : "are"} fully explained.`;
        },
        shown: "Mappings in which nothing is recorded or left to a file are not in the picture.",
        less: "Show those with pages left",
      }}
    />
  );
}
