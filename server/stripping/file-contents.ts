/** The bytes of file pages, as far as known sets keep them: what can be relocated of ELF files, and all with `--with-bytes`. */
import { NO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { KnownSet } from "../known-sets/index.ts";
import { LeastRecent, type Store } from "../store/index.ts";

/** Columns of page numbers; the pages of one file come one after another. */
const FILES = 16;

export interface FileContents {
  /** 4,096 bytes, zero-padded; `undefined` where the set does not keep them. */
  pageOf(set: KnownSet, path: string, filePage: number): Uint8Array | undefined;
}

export function fileContents(store: Store): FileContents {
  const columns = new LeastRecent<Uint32Array>(FILES);
  return {
    pageOf(set, path, filePage) {
      const kept = set.elfOf(path)?.page(filePage);
      if (kept) return kept;
      const numbers = columns.get(`${set.record.name} ${path}`, () => set.numbersOf(path) ?? new Uint32Array(0));
      if (filePage >= numbers.length) return undefined;
      return numbers[filePage] === NO_PAGE
        ? new Uint8Array(PAGE_SIZE)
        : store.pages.bytes(numbers.slice(filePage, filePage + 1));
    },
  };
}
