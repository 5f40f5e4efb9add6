/** Byte ranges of a page that differ from what its file would have there, as evidence of a finding. */
import type { ChangedEvidence, ChangedRange } from "../../shared/api/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { DifferingRange } from "../relocation/index.ts";
import { hexAt } from "./process.ts";

/** Of one page; a page has at most 2,048. */
const RANGES = 16;
/** Of one range, on each side. */
const BYTES = 64;

export type Difference = Pick<DifferingRange, "from" | "to" | "expected" | "symbol">;

/**
 * @param content 4,096 bytes
 * @param filePage may be shorter, at the end of the file, which reads as zeros
 */
export function plainDifferences(content: Uint8Array, filePage: Uint8Array): readonly Difference[] {
  const found: Difference[] = [];
  const differs = (at: number) => at < PAGE_SIZE && content[at] !== (filePage[at] ?? 0);
  for (let from = 0; from < PAGE_SIZE; from++) {
    if (!differs(from)) continue;
    let to = from + 1;
    while (differs(to)) to++;
    const expected = new Uint8Array(to - from);
    expected.set(filePage.subarray(from, to));
    found.push({ from, to, expected, symbol: undefined });
    from = to;
  }
  return found;
}

/** @param page of the process */
export function comparedBytes(
  differences: readonly Difference[],
  content: Uint8Array,
  page: number,
): ChangedEvidence["bytes"] {
  return {
    state: "compared",
    ranges: differences.slice(0, RANGES).map(({ from, to, expected, symbol }): ChangedRange => {
      const end = Math.min(to, from + BYTES);
      return {
        from,
        to,
        address: hexAt(page, from),
        expected: hexBytes(expected.subarray(0, end - from)),
        found: hexBytes(content.subarray(from, end)),
        symbol: symbol ?? null,
      };
    }),
    rangeCount: differences.length,
    byteCount: differences.reduce((sum, { from, to }) => sum + to - from, 0),
  };
}

function hexBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
