/**
 * The layouts that fill a square, as one: a curve on which every aligned run of 4^n cells is a square of 2^n a side.
 * Whoever works with squares of mappings or tiles asks here and need not know which curve it is.
 */
import { type HilbertTurn, hilbertCell, hilbertIndexIn, hilbertSquare } from "./hilbert.ts";
import { zOrderCell, zOrderIndex } from "./z-order.ts";

export const CURVES = ["hilbert", "z-order"] as const;
export type Curve = (typeof CURVES)[number];

const UNTURNED: HilbertTurn = { swap: false, flip: false };

/** @returns the cell of `index` in a square of 2^order cells a side; x to the right, y down. */
export function curveCell(curve: Curve, index: number, order: number): { x: number; y: number } {
  return curve === "hilbert" ? hilbertCell(index, order) : zOrderCell(index, order);
}

/** The square at (x, y) of 2^order squares a side: which one it is, and how the curve is turned inside it. */
export function curveSquare(
  curve: Curve,
  x: number,
  y: number,
  order: number,
): { readonly index: number } & HilbertTurn {
  return curve === "hilbert" ? hilbertSquare(x, y, order) : { index: zOrderIndex(x, y, order), ...UNTURNED };
}

/** Inverse of `curveCell`. */
export function curveIndex(curve: Curve, x: number, y: number, order: number): number {
  return curveSquare(curve, x, y, order).index;
}

/** `curveIndex` within a square that is turned so, of 2^order cells a side; order at most 15. The shader repeats this. */
export function curveIndexIn(curve: Curve, turn: HilbertTurn, x: number, y: number, order: number): number {
  return curve === "hilbert" ? hilbertIndexIn(turn, x, y, order) : zOrderIndex(x, y, order);
}
