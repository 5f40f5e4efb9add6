/** Symbols by name. No index is made: a name is asked for once, and names of hostile files lie in one another. */
import type { Symbols } from "./elf-image.ts";

/** Rows whose name is these bytes, in the file's order. */
export function namedRows({ length, name, strings }: Symbols, wanted: Uint8Array): number[] {
  const rows: number[] = [];
  for (let row = 1; row < length; row++) {
    const at = name[row];
    if (strings[at] !== wanted[0] || strings[at + wanted.length] !== 0) continue;
    if (wanted.every((byte, i) => strings[at + i] === byte)) rows.push(row);
  }
  return rows;
}

/** `GLIBC_2.34`; `undefined` of one without a version. */
export function symbolVersion({ version, versions }: Symbols, row: number): string | undefined {
  return versions[version[row] & 0x7fff];
}
