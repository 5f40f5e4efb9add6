import { PAGE_SIZE } from "../../shared/memory/index.ts";

/**
 * Which bytes of two pages differ, as runs [from, to).
 * @param known bytes that both dumps hold: what one of them does not hold is no difference
 */
export function differingRuns(
  a: Uint8Array,
  b: Uint8Array,
  known: readonly [number, number] = [0, a.length],
): { readonly bytes: number; readonly runs: readonly (readonly [number, number])[] } {
  const runs: [number, number][] = [];
  let bytes = 0;
  for (let i = known[0]; i < known[1]; i++) {
    if (a[i] === b[i]) continue;
    bytes++;
    const last = runs.at(-1);
    if (last && last[1] === i) last[1]++;
    else runs.push([i, i + 1]);
  }
  return { bytes, runs };
}

/** What both of two pages hold, of each [from, to); `undefined` is the whole page. */
export function knownInBoth(
  a: readonly [number, number] | undefined,
  b: readonly [number, number] | undefined,
): readonly [number, number] {
  const [fromA, toA] = a ?? [0, PAGE_SIZE];
  const [fromB, toB] = b ?? [0, PAGE_SIZE];
  return [Math.max(fromA, fromB), Math.min(toA, toB)];
}
