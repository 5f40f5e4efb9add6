/** The strip of a selection: its mappings as always, but only the blocks that it touches, and of these only its pages. */
import type { Region } from "../../shared/find/index.ts";
import { NO_PAGE } from "../../shared/manifest/index.ts";
import { bisect } from "../../shared/memory/index.ts";
import { BLOCK_PAGES, pageAtPosition } from "../../shared/strip/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import type { LaidManifest, SnapshotRecord, Store } from "../store/index.ts";
import { type SnapshotStrip, snapshotStrip } from "./strip-source.ts";

const GAP = cellStateCode("gap");
const RECORDED = cellStateCode("recorded");

/** Pages of a space, half-open. */
type Pages = readonly [from: number, to: number];

/**
 * @param regions ascending in each space, apart from each other; a page of which one has a part is shown whole.
 * @param among codes of PROVENANCES of the recorded pages that are shown, and of no others; `null`: all.
 */
export function selectedStrip(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  { regions, among }: { readonly regions: readonly Region[]; readonly among: ReadonlySet<number> | null },
): SnapshotStrip {
  const bySpace = Map.groupBy(regions, ({ space }) => space);
  const pagesOf = new Map<string, readonly Pages[]>();
  for (const [space, own] of bySpace)
    pagesOf.set(
      space,
      own.map(({ start, end }) => [Number(start >> 12n), Number((end + 4095n) >> 12n)] as const),
    );
  const { laid } = store.manifest(record);
  const strip = snapshotStrip(
    store,
    known,
    record,
    laid.map((entry) => blocksWithin(entry, pagesOf.get(entry.mapping.space) ?? [])),
  );
  const isSelected = (space: string, page: number): boolean => {
    const own = pagesOf.get(space) ?? [];
    const behind = bisect(own.length, (i) => own[i][0] <= page);
    return behind > 0 && page < own[behind - 1][1];
  };
  return {
    ...strip,
    contentName: () => undefined,
    async columns(from, count) {
      const columns = await strip.columns(from, count);
      for (let row = 0; row < count; row++) {
        const at = pageAtPosition(strip.strip, from + row);
        const isAmong = !among || (columns.cell[row] === RECORDED && among.has(columns.rank[row]));
        if (at && isAmong && isSelected(at.mapping.space, at.page)) continue;
        columns.cell[row] = GAP;
        columns.page[row] = NO_PAGE;
        columns.rank[row] = 0;
      }
      return columns;
    },
  };
}

function blocksWithin({ mapping, shown }: LaidManifest, pages: readonly Pages[]): (readonly [number, number])[] {
  const blocks: [number, number][] = [];
  const size = mapping.range.end - mapping.range.start;
  for (const [from, to] of pages) {
    // The last block of a mapping is padded: what stands there in the space is another one's.
    if (from - mapping.spaceStart >= size) continue;
    const first = Math.floor((from - mapping.spaceStart) / BLOCK_PAGES);
    const behind = Math.ceil(Math.min(size, to - mapping.spaceStart) / BLOCK_PAGES);
    for (const [start, end] of shown) {
      const a = Math.max(first, start, blocks.at(-1)?.[1] ?? 0);
      const b = Math.min(behind, end);
      if (a >= b) continue;
      const last = blocks.at(-1);
      if (last && last[1] === a) last[1] = b;
      else blocks.push([a, b]);
    }
  }
  return blocks;
}
