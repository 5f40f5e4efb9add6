/** One list of ascending ranges apart from each other, from ranges in any order; those that touch become one. */
export function unionOf(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const union: [number, number][] = [];
  for (const [from, to] of ranges.toSorted(([x], [y]) => x - y)) {
    const last = union.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else union.push([from, to]);
  }
  return union;
}
