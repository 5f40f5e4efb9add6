/** What `find` and `strings` have in common: the scope in words, progress on a terminal, the last line. */
import { addressOfPage, formatAddress, type PageAddress } from "../../shared/memory/index.ts";
import { mappingName, type Space } from "../../shared/snapshot/index.ts";
import type { FindEvent, FindProgress, filledHit, NotSearched } from "../find/index.ts";
import { laidOf } from "../inspect/index.ts";
import type { Manifest } from "../store/index.ts";
import { count, escapeControls, plural } from "./words.ts";

export const SCOPE_OPTION = {
  value: "SCOPE",
  help: "p1 or s59 (a space), p1:0x…-0x… (a range; without an end up to that of the space), a mapping by name, path or address; residual, or a provenance; apart by commas",
};

export function placeOf(page: number, offset: number): string {
  return formatAddress(addressOfPage(page as PageAddress, offset));
}

export function mappingAt(manifest: Manifest, space: Space, page: number): string {
  const laid = laidOf(manifest, space, page);
  return laid ? mappingName(laid.mapping) : "";
}

/** How far a search is, on one line of a terminal. */
export function showProgress(event: FindProgress): void {
  if (!process.stderr.isTTY) return;
  const percent = event.rows === 0 ? 100 : Math.floor((event.rowsDone / event.rows) * 100);
  process.stderr.write(`\r\u001b[K${percent} %, ${plural(event.pages, "page")}`);
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}

/** Mappings that are listed; all are with `--json`. */
const LISTED = 8;

/** Where could not be looked, as lines: nothing when everything was searched. */
export function notSearchedLines(found: NotSearched | null): string[] {
  if (!found) return [];
  const { absent, inPart, mappings } = found;
  const unread = absent.file + absent.excluded + absent.missing;
  const lines: string[] = [];
  if (unread > 0) lines.push(`Not searched, for want of bytes: ${wordsOf(absent)}.`);
  if (inPart > 0) lines.push(`Of ${plural(inPart, "page")} only a part is in the dump, and was searched.`);
  const most = mappings.toSorted((x, y) => unreadOf(y) - unreadOf(x)).slice(0, LISTED);
  lines.push(
    ...most.map(
      (mapping) => `  ${mapping.space}:${mapping.address} ${escapeControls(mapping.name)}: ${wordsOf(mapping.absent)}`,
    ),
  );
  if (mappings.length > LISTED) lines.push(`  and ${plural(mappings.length - LISTED, "more mapping")} (--json)`);
  return lines;
}

function unreadOf({ absent }: NotSearched["mappings"][number]): number {
  return absent.file + absent.excluded + absent.missing;
}

function wordsOf({ file, excluded, missing }: NotSearched["absent"]): string {
  return [
    ...(file > 0 ? [`${plural(file, "page")} left to files`] : []),
    ...(excluded > 0 ? [`${count(excluded)} excluded`] : []),
    ...(missing > 0 ? [`${count(missing)} missing`] : []),
  ].join(", ");
}

/** From what the first filled byte of something found comes. */
export function filledWord(filled: ReturnType<typeof filledHit>): string {
  if (!filled) return "";
  return filled.source.kind === "ghost" ? "ghost file" : `image, ${filled.source.set}`;
}

/** Whoever stops at a limit has read pages ahead that are not searched. */
export function lastLine(
  { next, count: found, pages, pagesRead }: Omit<Extract<FindEvent<unknown>, { kind: "done" }>, "kind" | "searched">,
  one: string,
): string {
  const searched = `${plural(pages, "page")} searched`;
  if (next === null) return `${plural(found, one)}. ${searched}, ${count(pagesRead)} of them read.`;
  return `The first ${plural(found, one)}; there are more (--limit). ${searched} up to there; ${count(pagesRead)} read, as it reads ahead.`;
}
