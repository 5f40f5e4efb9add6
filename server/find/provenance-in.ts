/** Why the recorded pages of a scope need no look, counted: from the codes of its rows, without a byte of a page. */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { emptyProvenance, PROVENANCES, type ProvenanceCounts } from "../../shared/provenance/index.ts";
import type { ChunkRef, Manifest } from "../store/index.ts";
import { orderedRegions, type Scope } from "./scope.ts";

/**
 * A page of which a region touches a part counts as one.
 * @param codesOf provenance of a chunk's rows, codes of PROVENANCES or `NOT_RECORDED`
 */
export function provenanceIn(
  manifest: Manifest,
  scope: Scope,
  codesOf: (chunk: ChunkRef) => Uint8Array,
): ProvenanceCounts {
  const counts = emptyProvenance();
  for (const { space, start, end } of orderedRegions(manifest, scope.regions)) {
    const first = Number(start >> 12n);
    const behind = Number((end + BigInt(PAGE_SIZE - 1)) >> 12n);
    for (const { mapping, chunks } of manifest.laid) {
      if (mapping.space !== space) continue;
      for (const chunk of chunks) {
        const from = Math.max(0, first - chunk.start);
        const to = Math.min(chunk.rows, behind - chunk.start);
        if (from >= to) continue;
        const codes = codesOf(chunk);
        for (let row = from; row < to; row++) {
          const provenance = PROVENANCES[codes[row]];
          if (provenance !== undefined && (!scope.among || scope.among.has(codes[row]))) counts[provenance]++;
        }
      }
    }
  }
  return counts;
}
