/** Cells of a whole tile by plane point, for each turn of the curve: 4 × 128 KiB, made once. */
import { type HilbertTurn, hilbertIndexIn } from "../../shared/layout/index.ts";

export function turnCode(turn: HilbertTurn): number {
  return (turn.swap ? 1 : 0) | (turn.flip ? 2 : 0);
}

/** By turn code, then y · 256 + x. */
export const HILBERT_CELLS: readonly Uint16Array[] = [0, 1, 2, 3].map((code) => {
  const turn = { swap: (code & 1) !== 0, flip: (code & 2) !== 0 };
  return Uint16Array.from({ length: 65_536 }, (_, at) => hilbertIndexIn(turn, at & 255, at >> 8, 8));
});
