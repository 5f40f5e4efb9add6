/** What is on a strip of a snapshot, in a sentence. */
import type { Strip } from "../../../shared/strip/index.ts";
import { formatCount } from "../../format/index.ts";
import { allPagesText, foldedText } from "../picture/strip-pages.ts";
import type { LaidStrip } from "./use-chosen-strip.ts";

export function stripNote({ choice, strip, pages }: LaidStrip, all: Strip): string {
  if (choice === "all" || pages === null) return allPagesText(all);
  return foldedText(`${formatCount(pages)} ${choice} ${pages === 1 ? "page" : "pages"}`, strip, all);
}
