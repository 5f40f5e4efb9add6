/**
 * Which bytes of a row are of a hit or carry a note, looked up by page, so that a row costs what its page has. What
 * reaches over the end of a page is looked up in each of its pages.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { MarkedBytes, Place } from "../viewer/contract.ts";
import type { Columns } from "./columns.ts";

export interface MarkedColumns {
  /** @param row of `rowBytes` bytes, counted from the page's first */
  columns(place: Pick<Place, "space" | "page">, row: number, rowBytes: number): readonly Columns[];
}

/** In bytes from the page's first; negative, or beyond its end, where the mark is of other pages too. */
type InPage = readonly [from: number, to: number];

export function markedColumns(marks: readonly MarkedBytes[]): MarkedColumns {
  // Made when it is first asked for: hits come in many portions, each with all before it.
  let byPage: Map<string, InPage[]> | undefined;
  return {
    columns({ space, page }, row, rowBytes) {
      byPage ??= marksByPage(marks);
      const first = row * rowBytes;
      return (byPage.get(`${space} ${page}`) ?? [])
        .filter(([from, to]) => from < first + rowBytes && to > first)
        .map(([from, to]) => ({
          from: Math.max(0, from - first),
          to: Math.min(rowBytes, to - first),
          begins: from >= first,
          ends: to <= first + rowBytes,
        }));
    },
  };
}

function marksByPage(marks: readonly MarkedBytes[]): Map<string, InPage[]> {
  const byPage = new Map<string, InPage[]>();
  for (const { place, length } of marks) {
    const pages = Math.ceil((place.offset + length) / PAGE_SIZE);
    for (let n = 0; n < pages; n++) {
      const key = `${place.space} ${place.page + n}`;
      const from = place.offset - n * PAGE_SIZE;
      const inPage = byPage.get(key);
      if (inPage) inPage.push([from, from + length]);
      else byPage.set(key, [[from, from + length]]);
    }
  }
  return byPage;
}
