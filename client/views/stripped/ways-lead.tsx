/** What the explanation bar says first while a filter by ways is on: how many pages it lights. */
import { sumOfStripCounts } from "../../../shared/provenance/index.ts";
import { useLibrary, useStripping } from "../../api/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import { pagesShown, rowsWithin, type WayFilter } from "./way-filter.ts";
import { allOf } from "./ways.ts";

export function WaysLead({ snapshot, filter }: { readonly snapshot: string; readonly filter: WayFilter }) {
  const { data: library } = useLibrary();
  const { data } = useStripping(snapshot, library?.knownSets.map(({ name }) => name) ?? []);
  if (!data) return "Pages are counted";
  const shown = pagesShown(sumOfStripCounts(rowsWithin(data.byMapping, filter.within)), filter);
  return `${formatPlural(shown, "page")} shown of ${formatCount(allOf(data))}`;
}
