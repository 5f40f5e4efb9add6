/** Mappings of an arriving dump, those of which most is here first. */
import type { ApiMapping } from "../../../shared/api/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import { MappingList, type MappingListProps } from "../sidebar/mapping-list.tsx";
import { hereOf } from "./seen.ts";

export type ArrivingMappingsProps = Pick<MappingListProps, "id" | "mappings" | "current" | "onOpen" | "onHover">;

export function ArrivingMappings(props: ArrivingMappingsProps) {
  const measure = (mapping: ApiMapping) => {
    const here = hereOf(mapping);
    const notHere = mapping.counts.absent.missing;
    return {
      pages: here + notHere,
      text: notHere === 0 ? formatCount(here) : `${formatCount(here)} of ${formatCount(here + notHere)}`,
      parts: [
        { name: "here", pages: here, fill: "var(--t2)" },
        { name: "not here", pages: notHere, fill: "var(--line2)" },
      ],
    };
  };
  const total = props.mappings.length;
  return (
    <MappingList
      {...props}
      measure={measure}
      head={(counted) => `${formatCount(counted)} of ${formatPlural(total, "mapping")} hold recorded pages`}
      unit="pages here"
      none="No mapping is here yet."
      others={{
        hidden: (counted) =>
          counted === total
            ? null
            : `${formatPlural(total - counted, "mapping")} ${total - counted === 1 ? "records" : "record"} nothing.`,
        shown: "Mappings in which nothing is recorded or left to a file are not in the picture.",
        less: "Show those with recorded pages",
      }}
    />
  );
}
