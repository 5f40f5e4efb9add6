/** Which of a snapshot's mappings are meant, as text of an address: ascending indices and ranges, `3-7,12`. */

const MOST_PARTS = 512;
const MOST_INDEX = 2 ** 24;

/** @param indices in any order */
export function formatIndices(indices: readonly number[]): string {
  const ascending = [...new Set(indices)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let from = 0, to = 0; from < ascending.length; from = to) {
    for (to = from + 1; ascending[to] === ascending[to - 1] + 1; ) to++;
    parts.push(to - from === 1 ? String(ascending[from]) : `${ascending[from]}-${ascending[to - 1]}`);
  }
  return parts.join(",");
}

/** @returns `undefined` for what `formatIndices` does not write, and for more than 512 parts: a test of an index */
export function parseIndices(text: string): ((index: number) => boolean) | undefined {
  const parts = text.split(",");
  if (parts.length > MOST_PARTS) return undefined;
  const ranges: (readonly [number, number])[] = [];
  for (const part of parts) {
    const match = /^(\d{1,8})(?:-(\d{1,8}))?$/.exec(part);
    if (!match) return undefined;
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    const before = ranges.at(-1)?.[1] ?? -2;
    if (from <= before + 1 || (match[2] !== undefined && to <= from) || to >= MOST_INDEX) return undefined;
    ranges.push([from, to]);
  }
  return (index) => ranges.some(([from, to]) => index >= from && index <= to);
}
