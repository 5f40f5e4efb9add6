/** Which bytes of a row carry a note: columns [from, to), looked up by page, so that a row costs what its page has. */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { MarkedBytes, Place } from "../viewer/contract.ts";

export interface NotedBytes {
  /** @param row of `rowBytes` bytes, counted from the page's first */
  columns(place: Pick<Place, "space" | "page">, row: number, rowBytes: number): (readonly [number, number])[];
}

/** @param notes none goes over the end of its page */
export function notedBytes(notes: readonly MarkedBytes[]): NotedBytes {
  const byPage = Map.groupBy(notes, ({ place: { space, page } }) => `${space} ${page}`);
  return {
    columns({ space, page }, row, rowBytes) {
      const first = row * rowBytes;
      return (byPage.get(`${space} ${page}`) ?? [])
        .map(
          ({ place: { offset }, length }) =>
            [Math.max(0, offset - first), Math.min(rowBytes, Math.min(PAGE_SIZE, offset + length) - first)] as const,
        )
        .filter(([from, to]) => from < to);
    },
  };
}
