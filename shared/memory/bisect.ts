/**
 * The first index of [0, length) for which `isBefore` is false; `length` when it is true for all.
 * @param isBefore true up to some index, false from there on.
 */
export function bisect(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
