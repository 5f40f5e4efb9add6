/**
 * Hatches, in device pixels: they have one tone at every zoom because they are never scaled. `x` and `y` count from
 * the corner of the plane, so that a hatch follows the hand when the picture is panned. The shader repeats these.
 */
import { CELL_STATES } from "../tile/index.ts";

const [NOT_LOADED, , IMAGE, , EXCLUDED, MISSING, , FILLED] = CELL_STATES.keys();

/**
 * Whether a device pixel of a filled place shows that it is filled, not the colour of its bytes: the diagonals of a place
 * left to its file. Every other one has the ground of such a place, so that one of two tones stands out from any colour.
 */
export function filledMark(x: number, y: number): boolean {
  return ((x + y) & 3) === 0;
}

/** Whether a device pixel of a place without bytes carries the mark of its state: lines, diagonals, dots or crosses. */
export function hatchMark(state: number, x: number, y: number): boolean {
  switch (state) {
    case NOT_LOADED:
      return (y & 3) === 0;
    case IMAGE:
      return ((x + y) & 3) === 0;
    case FILLED:
      return ((x + y) & 7) === 0;
    case EXCLUDED:
      return (x & 3) === 0 && (y & 3) === 0;
    case MISSING:
      return ((x + y) & 7) === 0 || ((x - y) & 7) === 0;
    default:
      return false;
  }
}

/** The side of a comparison that has no bytes where the other one has: half the pixels carry the verdict. */
export function verdictMark(x: number, y: number): boolean {
  return ((x + y) & 3) < 2;
}

/** Laid over a coarser tile that stands in until the fine one is here; leans the other way than `image`. */
export function coarseMark(x: number, y: number): boolean {
  return ((x - y) & 3) === 0;
}

/** Laid over a tile that could not be had. */
export function failedMark(x: number, y: number): boolean {
  return ((x + y) & 31) < 2 || ((x - y) & 31) < 2;
}
