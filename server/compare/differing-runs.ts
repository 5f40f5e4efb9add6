/** Which bytes of two pages differ, as runs [from, to). */
export function differingRuns(
  a: Uint8Array,
  b: Uint8Array,
): { readonly bytes: number; readonly runs: readonly (readonly [number, number])[] } {
  const runs: [number, number][] = [];
  let bytes = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) continue;
    bytes++;
    const last = runs.at(-1);
    if (last && last[1] === i) last[1]++;
    else runs.push([i, i + 1]);
  }
  return { bytes, runs };
}
