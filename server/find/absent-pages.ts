/** Pages of a scope of which the dump has no bytes, by reason: counted from rows and ranges, never page by page. */
import type { Region } from "../../shared/find/index.ts";
import { BECAUSE, type Because, PAGE_STATES } from "../../shared/snapshot/index.ts";
import type { Manifest } from "../store/index.ts";

/** PAGE_STATES code → why there are no bytes; `undefined` when there are. */
const WITHOUT_BYTES: readonly (Because | undefined)[] = PAGE_STATES.map((state) =>
  state === "parent-missing" ? "missing" : BECAUSE.find((because) => state === `absent-${because}`),
);

/** @param regions apart from each other. A page of which a region touches a part counts as one. */
export function absentPages(manifest: Manifest, regions: readonly Region[]): Record<Because, number> {
  const absent = { file: 0, untouched: 0, excluded: 0, missing: 0 };
  for (const { space, start, end } of regions) {
    const first = Number(start >> 12n);
    const behind = Number((end + 4095n) >> 12n);
    for (const { mapping, chunks } of manifest.laid) {
      if (mapping.space !== space) continue;
      const pages = mapping.range.end - mapping.range.start;
      let left = Math.max(0, Math.min(behind, mapping.spaceStart + pages) - Math.max(first, mapping.spaceStart));
      if (left === 0) continue;
      for (const chunk of chunks) {
        const from = Math.max(0, first - chunk.start);
        const to = Math.min(chunk.rows, behind - chunk.start);
        if (from >= to) continue;
        left -= to - from;
        const { state } = manifest.columns(chunk);
        for (let row = from; row < to; row++) {
          const because = WITHOUT_BYTES[state[row]];
          if (because) absent[because]++;
        }
      }
      absent[mapping.absent] += left;
    }
  }
  return absent;
}
