/** What `find` and `strings` have in common: the scope in words, progress on a terminal, the last line. */
import { addressOfPage, formatAddress, type PageAddress } from "../../shared/memory/index.ts";
import { mappingName, type Space } from "../../shared/snapshot/index.ts";
import type { FindEvent } from "../find/index.ts";
import { laidOf } from "../inspect/index.ts";
import type { Manifest } from "../store/index.ts";
import { count, plural } from "./words.ts";

export const SCOPE_OPTION = {
  value: "SCOPE",
  help: "p1 or s59 (a space), p1:0x…-0x… (a range), a mapping by name, path or address; residual, or a provenance; apart by commas",
};

export function placeOf(page: number, offset: number): string {
  return formatAddress(addressOfPage(page as PageAddress, offset));
}

export function mappingAt(manifest: Manifest, space: Space, page: number): string {
  const laid = laidOf(manifest, space, page);
  return laid ? mappingName(laid.mapping) : "";
}

/** How far a search is, on one line of a terminal. */
export function showProgress(event: Extract<FindEvent<unknown>, { kind: "progress" }>): void {
  if (!process.stderr.isTTY) return;
  const percent = event.rows === 0 ? 100 : Math.floor((event.rowsDone / event.rows) * 100);
  process.stderr.write(`\r\u001b[K${percent} %, ${plural(event.pages, "page")}`);
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}

export function lastLine(event: Extract<FindEvent<unknown>, { kind: "done" }>, one: string): string {
  const found = event.isLimitMet
    ? `The first ${count(event.count)} ${one}s; there are more (--limit)`
    : plural(event.count, one);
  return `${found}. ${plural(event.pages, "page")} searched, ${count(event.pagesRead)} of them read.`;
}
