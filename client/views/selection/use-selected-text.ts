/** How much is selected, in words, for where the cursor is told. */
import { useMemo } from "react";
import type { Region } from "../../../shared/find/index.ts";
import { mappedBytes, type SizedMapping, selectedText } from "./selected-size.ts";

/**
 * @param isShownByKey whether `S` shows the selection, as it does while there is no mapping that it would select
 * @returns `null` when nothing is selected
 */
export function useSelectedText(
  regions: readonly Region[],
  mappings: readonly SizedMapping[],
  isShownByKey: boolean,
): string | null {
  const below = useMemo(() => mappedBytes(mappings), [mappings]);
  const text = useMemo(() => selectedText(regions, below), [regions, below]);
  return text !== null && isShownByKey ? `${text}; S shows it` : text;
}
