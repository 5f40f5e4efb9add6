/**
 * Signs on a row of bytes, in its digits and its text alike: the ground and contour of what is selected, the frame of a
 * hit, the line and corner of a note. Each is told from the others without its colour, as in the picture.
 */
import type { Theme } from "../viewer/contract.ts";
import { type Columns, flagsOf } from "./columns.ts";
import { HEX_COLORS } from "./hex-colors.ts";

/** Where a row is drawn, in CSS pixels. */
export interface MarkedRow {
  readonly y: number;
  readonly height: number;
  readonly rowBytes: number;
  readonly char: number;
  byteX(column: number): number;
  readonly textX: number;
}

/** The two columns of a row: from the left edge of a byte's field to its right one. */
function fieldsOf({ byteX, textX, char, rowBytes }: MarkedRow): readonly ((edge: number) => number)[] {
  const gap = byteX(1) - byteX(0) - 2 * char;
  return [
    (edge) => Math.round(edge < rowBytes ? byteX(edge) - gap / 2 : byteX(rowBytes - 1) + 2 * char + gap / 2),
    (edge) => Math.round(textX + edge * char),
  ];
}

/** The selection in the rows around, of which the contour is made. */
export interface SelectedRows {
  readonly above: readonly Columns[];
  readonly here: readonly Columns[];
  readonly below: readonly Columns[];
}

/** @param strength below 1 the ground shows what is under it */
export function drawSelectedGround(
  pen: CanvasRenderingContext2D,
  row: MarkedRow,
  here: readonly Columns[],
  theme: Theme,
  strength = 1,
): void {
  pen.globalAlpha = strength;
  pen.fillStyle = HEX_COLORS[theme].selected;
  for (const x of fieldsOf(row))
    for (const { from, to } of here) pen.fillRect(x(from), row.y, x(to) - x(from), row.height);
  pen.globalAlpha = 1;
}

export function drawSelectedContour(
  pen: CanvasRenderingContext2D,
  row: MarkedRow,
  rows: SelectedRows,
  theme: Theme,
): void {
  const { y, height, rowBytes } = row;
  const [above, here, below] = [rows.above, rows.here, rows.below].map((columns) => flagsOf(columns, rowBytes));
  pen.fillStyle = HEX_COLORS[theme].label;
  for (const x of fieldsOf(row)) {
    here.forEach((isSelected, column) => {
      if (!isSelected) return;
      const [left, right] = [x(column), x(column + 1)];
      if (!above[column]) pen.fillRect(left, y, right - left, 1);
      if (!below[column]) pen.fillRect(left, y + height - 1, right - left, 1);
      if (!here[column - 1]) pen.fillRect(left, y, 1, height);
      if (!here[column + 1]) pen.fillRect(right - 1, y, 1, height);
    });
  }
}

/** A frame around the bytes of a hit, open where it goes on in the next row, its ends twice as thick as its sides. */
export function drawHitFrames(pen: CanvasRenderingContext2D, row: MarkedRow, hits: readonly Columns[], theme: Theme) {
  const top = row.y + 2;
  const height = row.height - 4;
  pen.fillStyle = HEX_COLORS[theme].hit;
  for (const x of fieldsOf(row)) {
    for (const { from, to, begins, ends } of hits) {
      const [left, right] = [x(from), x(to)];
      pen.fillRect(left, top, right - left, 1);
      pen.fillRect(left, top + height - 1, right - left, 1);
      if (begins) pen.fillRect(left, top, 2, height);
      if (ends) pen.fillRect(right - 2, top, 2, height);
    }
  }
}

/** The corner that is turned down over the first byte of a note, in CSS pixels. */
const CORNER = 5;

/** A line under the bytes of a note; over its first one a corner turned down. */
export function drawNoteLines(pen: CanvasRenderingContext2D, row: MarkedRow, notes: readonly Columns[], theme: Theme) {
  const { byteX, textX, char, y, height } = row;
  pen.fillStyle = HEX_COLORS[theme].cursor;
  for (const { from, to, begins } of notes) {
    const left = Math.round(byteX(from));
    pen.fillRect(left, y + height - 2, Math.round(byteX(to - 1) + 2 * char) - left, 1);
    const text = Math.round(textX + from * char);
    pen.fillRect(text, y + height - 2, Math.round(textX + to * char) - text, 1);
    if (!begins) continue;
    pen.beginPath();
    pen.moveTo(left - 3, y + 1);
    pen.lineTo(left - 3 + CORNER, y + 1);
    pen.lineTo(left - 3, y + 1 + CORNER);
    pen.closePath();
    pen.fill();
  }
}
