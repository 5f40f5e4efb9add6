/** What is on a strip of a snapshot, in a sentence. */
import type { PageCounts } from "../../../shared/api/index.ts";
import type { Strip } from "../../../shared/strip/index.ts";
import { formatPlural } from "../../format/index.ts";
import { allPagesText, foldedText, recordedOrLeft } from "../picture/strip-pages.ts";
import type { LaidStrip } from "./use-chosen-strip.ts";

type Laid = Pick<LaidStrip, "choice" | "strip" | "pages">;

/** @param counts of the snapshot */
export function stripNote({ choice, strip, pages }: Laid, all: Strip, counts: PageCounts): string {
  if (choice === "all" || pages === null)
    return allPagesText(`${formatPlural(recordedOrLeft(counts), "page")} recorded or left to files`, all);
  return foldedText(formatPlural(pages, `${choice} page`), strip, all);
}
