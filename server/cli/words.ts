/** Numbers and tables in words of a terminal. */

/** "1 page", "2 307 pages". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** 1 234 567 with ordinary blanks. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, " ");
}

export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let unit = -1;
  let size = value;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(1)} ${units[unit]}`;
}

/** Rows aligned in columns; numbers to the right. Text of a dump is shown with its control characters escaped. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "number" ? count(cell) : escapeControls(cell))));
  const widths = header.map((title, i) => cells.reduce((most, row) => Math.max(most, row[i].length), title.length));
  const line = (row: readonly string[], source: readonly (string | number)[]) =>
    row
      .map((cell, i) => (typeof source[i] === "number" ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  return [line(header, rows[0] ?? header), ...cells.map((row, i) => line(row, rows[i]))];
}

/** A terminal must not obey what a dump holds: control, format and line-separator characters are shown as escapes. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
