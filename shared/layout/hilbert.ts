/**
 * Hilbert order with quadrants top left, top right, bottom right, bottom left: the first half is the upper half.
 * Indices may go beyond 2^32 (64 GiB of bytes is 4^18), so digits are taken by division, not by shifts.
 */

/** @returns the cell of `index` in a square of 2^order cells a side; x to the right, y down. */
export function hilbertCell(index: number, order: number): { x: number; y: number } {
  let x = 0;
  let y = 0;
  let swap = false;
  let flip = false;
  for (let bit = order - 1; bit >= 0; bit--) {
    const digit = Math.floor(index / 4 ** bit) % 4;
    // Untransformed quadrants: 0 (0,0), 1 (1,0), 2 (1,1), 3 (0,1).
    let right = digit === 1 || digit === 2 ? 1 : 0;
    let down = digit >= 2 ? 1 : 0;
    if (flip) {
      right = 1 - right;
      down = 1 - down;
    }
    if (swap) [right, down] = [down, right];
    x = x * 2 + right;
    y = y * 2 + down;
    // The first quadrant is transposed, the last one transposed about the other diagonal.
    if (digit === 0) swap = !swap;
    else if (digit === 3) {
      swap = !swap;
      flip = !flip;
    }
  }
  return { x, y };
}

/** Inverse of `hilbertCell`. */
export function hilbertIndex(x: number, y: number, order: number): number {
  return hilbertSquare(x, y, order).index;
}

/** How a square of the curve is turned: coordinates are first swapped, then both flipped. */
export interface HilbertTurn {
  readonly swap: boolean;
  readonly flip: boolean;
}

/**
 * The square at (x, y) of a curve of 2^order squares a side: which one it is, and how the curve is turned inside it.
 * A tile is such a square, so that within it eight steps suffice, whatever the size of the strip.
 */
export function hilbertSquare(x: number, y: number, order: number): { readonly index: number } & HilbertTurn {
  let index = 0;
  let swap = false;
  let flip = false;
  for (let bit = order - 1; bit >= 0; bit--) {
    let right = Math.floor(x / 2 ** bit) % 2;
    let down = Math.floor(y / 2 ** bit) % 2;
    if (swap) [right, down] = [down, right];
    if (flip) {
      right = 1 - right;
      down = 1 - down;
    }
    const digit = down === 0 ? right : 3 - right;
    index = index * 4 + digit;
    if (digit === 0) swap = !swap;
    else if (digit === 3) {
      swap = !swap;
      flip = !flip;
    }
  }
  return { index, swap, flip };
}

/** `hilbertIndex` within a turned square of 2^order cells a side; order at most 15. The shader repeats this. */
export function hilbertIndexIn(turn: HilbertTurn, x: number, y: number, order: number): number {
  let index = 0;
  let { swap, flip } = turn;
  for (let bit = order - 1; bit >= 0; bit--) {
    let right = (x >> bit) & 1;
    let down = (y >> bit) & 1;
    if (swap) [right, down] = [down, right];
    if (flip) {
      right = 1 - right;
      down = 1 - down;
    }
    const digit = down === 0 ? right : 3 - right;
    index = index * 4 + digit;
    if (digit === 0) swap = !swap;
    else if (digit === 3) {
      swap = !swap;
      flip = !flip;
    }
  }
  return index;
}
