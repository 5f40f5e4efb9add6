/** What is said of selected pages of which nothing can be measured. */
import type { AbsentCounts } from "../../../shared/api/index.ts";
import { formatPlural } from "../../format/index.ts";

export function countWithoutBytes({ file, untouched, excluded, missing }: AbsentCounts): number {
  return file + untouched + excluded + missing;
}

/** “32 pages, none recorded”; a missing page may be recorded, as being in a parent that is not here. */
export function withoutBytes(absent: AbsentCounts, selected = ""): string {
  const why = absent.missing === 0 ? "none recorded" : "without bytes here";
  return `${formatPlural(countWithoutBytes(absent), "page")}${selected}, ${why}`;
}
