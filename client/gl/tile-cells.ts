/** Which cell of a tile lies at a point of its square, for each curve and turn: whole tiles by table, 5 × 128 KiB, made once. */
import { type Curve, curveIndexIn, type HilbertTurn } from "../../shared/layout/index.ts";
import type { SquareLayout } from "./picture-frame.ts";

const TILE_SIDE_BITS = 8;

export function turnCode(turn: HilbertTurn): number {
  return (turn.swap ? 1 : 0) | (turn.flip ? 2 : 0);
}

/** By y · 256 + x. */
function tableOf(curve: Curve, code: number): Uint16Array {
  const turn = { swap: (code & 1) !== 0, flip: (code & 2) !== 0 };
  return Uint16Array.from({ length: 65_536 }, (_, at) => curveIndexIn(curve, turn, at & 255, at >> 8, TILE_SIDE_BITS));
}

/** By turn code; a Z-order is never turned. */
const TABLES: Readonly<Record<Curve, readonly Uint16Array[]>> = {
  hilbert: [0, 1, 2, 3].map((code) => tableOf("hilbert", code)),
  "z-order": [tableOf("z-order", 0)],
};

/** The cell at (x, y) of a tile's square; of a strip smaller than a tile the square has fewer than 256 cells a side. */
export function cellInTile({ curve, order }: SquareLayout, turn: HilbertTurn, x: number, y: number): number {
  return order === TILE_SIDE_BITS
    ? TABLES[curve][turnCode(turn)][(y << TILE_SIDE_BITS) | x]
    : curveIndexIn(curve, turn, x, y, order);
}
