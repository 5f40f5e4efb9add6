/** Where the bytes of filled pages come from, and what is said of it. */

export type FillingSource =
  /** The dump's own copy of a deleted file: the member of the archive that has it. */
  | { readonly kind: "ghost"; readonly path: string; readonly member: string }
  | { readonly kind: "image"; readonly path: string; readonly set: string; readonly layer: string | null };

/** Pages of a file, by number. */
export interface FillingFile {
  readonly source: FillingSource;
  /** Pages [0, pages) can be filled. */
  readonly pages: number;
  /** Number of one of these pages: of the store, `ZERO_PAGE`, or from 2^31 on of a ghost file. */
  numberOf(filePage: number): number;
}

/** @param offset byte of the file */
export function fillingSentence(source: FillingSource, offset: number): string {
  const at = `${source.path} at 0x${offset.toString(16)}`;
  return source.kind === "ghost"
    ? `Filled from the dump's ghost file: ${at}, kept in ${source.member}.`
    : `Filled, known from image: ${at}, in ${source.set}.`;
}
