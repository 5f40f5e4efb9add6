/**
 * Z-order (Morton order): quadrants top left, top right, bottom left, bottom right, and the same in each of them; so no
 * square is ever turned, and a cell's index is the bits of x and y in turn.
 * Indices may go beyond 2^32 (64 GiB of bytes is 4^18), so digits are taken by division, not by shifts.
 */

/** @returns the cell of `index` in a square of 2^order cells a side; x to the right, y down. */
export function zOrderCell(index: number, order: number): { x: number; y: number } {
  let x = 0;
  let y = 0;
  for (let bit = order - 1; bit >= 0; bit--) {
    const digit = Math.floor(index / 4 ** bit) % 4;
    x = x * 2 + (digit & 1);
    y = y * 2 + (digit >> 1);
  }
  return { x, y };
}

/** Inverse of `zOrderCell`. */
export function zOrderIndex(x: number, y: number, order: number): number {
  let index = 0;
  for (let bit = order - 1; bit >= 0; bit--) {
    index = index * 4 + (Math.floor(x / 2 ** bit) % 2) + 2 * (Math.floor(y / 2 ** bit) % 2);
  }
  return index;
}
