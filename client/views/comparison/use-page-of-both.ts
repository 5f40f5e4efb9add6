/** The page at the cursor as the panel reads it: in B, or in A what B does not have. */
import { useMemo } from "react";
import { usePage } from "../../api/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { mappingOf } from "../place/places.ts";
import type { ComparedSides } from "./compared-side.ts";

/**
 * @param cursor on the joint strip
 * @param mapping index of its joint mapping, −1 without one
 */
export function usePageOfBoth([a, b]: ComparedSides, cursor: Place | null, mapping: number) {
  const isOnlyInA = cursor !== null && mappingOf(b.detail.laid, cursor) < 0 && mapping >= 0;
  const side = isOnlyInA ? a : b;
  const place = useMemo(() => cursor && { ...cursor, space: side.ownSpace(cursor.space) }, [cursor, side]);
  const query = usePage(side.detail.snapshot, place);
  return { side, place, query, mapping: place ? (side.detail.laid[mappingOf(side.detail.laid, place)] ?? null) : null };
}
