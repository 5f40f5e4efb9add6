/**
 * The pages of the deleted files whose content a dump carries, read from what the store keeps of the dump. They are no
 * pages of the store: their numbers are of this snapshot alone, and above every page number.
 */
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import type { OriginalSource } from "../export/index.ts";
import { type GhostFile, ghostFilesOf } from "../readers/index.ts";
import type { FillingFile } from "./source.ts";

/** Page numbers of the store are below 2^31. */
export const FIRST_GHOST = 2 ** 31;

export interface GhostPages {
  /** Of the file that was called so; `undefined` when the dump carries none. */
  fileOf(path: string): FillingFile | undefined;
  /** 4,096 bytes for each number of `numbersOf` that is no `ZERO_PAGE`. */
  bytes(numbers: Uint32Array): Uint8Array;
}

/** Pages of one file that have bytes: rows of `filePage` get the numbers from `first` on. */
interface NumberedFile extends FillingFile {
  readonly file: GhostFile;
  readonly first: number;
  readonly filePage: Float64Array;
}

/**
 * @param original checked: of these pages no hash was kept
 * @throws DumpError `store-damaged`
 */
export async function openGhostPages(original: OriginalSource): Promise<GhostPages> {
  let next = FIRST_GHOST;
  const files = (await ghostFilesOf(original)).map((file) => {
    const numbered = numberPages(file, next);
    next += numbered.filePage.length;
    return numbered;
  });
  const byPath = new Map(files.map((file) => [file.file.path, file]));
  return {
    fileOf: (path) => byPath.get(path),
    bytes(numbers) {
      const out = new Uint8Array(numbers.length * PAGE_SIZE);
      numbers.forEach((number, i) => {
        const { file, first, filePage } = files[bisect(files.length, (f) => files[f].first <= number) - 1];
        readPage(original, file, filePage[number - first], out.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE));
      });
      return out;
    },
  };
}

function numberPages(file: GhostFile, first: number): NumberedFile {
  const filePages: number[] = [];
  const { at, length } = file.parts;
  for (let part = 0; part < at.length; part++) {
    const end = Math.ceil((at[part] + length[part]) / PAGE_SIZE);
    let page = Math.floor(at[part] / PAGE_SIZE);
    if (page === filePages.at(-1)) page++;
    for (; page < end && first + filePages.length < ZERO_PAGE; page++) filePages.push(page);
  }
  const filePage = Float64Array.from(filePages);
  return {
    file,
    first,
    filePage,
    source: { kind: "ghost", path: file.path, member: file.member },
    // The last one zero-padded, as a mapping shows it.
    pages: Math.ceil(file.size / PAGE_SIZE),
    numberOf(wanted) {
      const row = bisect(filePage.length, (i) => filePage[i] < wanted);
      return filePage[row] === wanted ? first + row : ZERO_PAGE;
    },
  };
}

/** @param out of zeros */
function readPage(original: OriginalSource, { parts }: GhostFile, filePage: number, out: Uint8Array): void {
  const start = filePage * PAGE_SIZE;
  const { at, length, offset } = parts;
  for (let part = bisect(at.length, (i) => at[i] + length[i] <= start); part < at.length; part++) {
    const from = Math.max(start, at[part]);
    const to = Math.min(start + PAGE_SIZE, at[part] + length[part]);
    if (from >= to) return;
    out.set(original.bytes(offset[part] + from - at[part], to - from), from - start);
  }
}
