/** The bytes of file pages, as far as known sets keep them: what can be relocated of ELF files, and all with `--with-bytes`. */
import { NO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { KnownSet, KnownSets } from "../known-sets/index.ts";
import { LeastRecent, type Store } from "../store/index.ts";

/** Columns of page numbers; the pages of one file come one after another. */
const FILES = 16;

export interface FileContents {
  /** 4,096 bytes, zero-padded; `undefined` where neither the set keeps them nor another one that has an equal file. */
  pageOf(set: KnownSet, path: string, filePage: number): Uint8Array | undefined;
}

export function fileContents(store: Store, known: KnownSets): FileContents {
  const columns = new LeastRecent<Uint32Array>(FILES);
  const numbersOf = (set: KnownSet, path: string): Uint32Array | undefined => {
    const isEqual = (other: KnownSet) =>
      other.record.withBytes === true && other.hasFile(path) && other.contentOf(path) === set.contentOf(path);
    return set.numbersOf(path) ?? known.sets().find(isEqual)?.numbersOf(path);
  };
  return {
    pageOf(set, path, filePage) {
      const kept = set.elfOf(path)?.page(filePage);
      if (kept) return kept;
      const numbers = columns.get(`${set.record.name} ${path}`, () => numbersOf(set, path) ?? new Uint32Array(0));
      if (filePage >= numbers.length) return undefined;
      return numbers[filePage] === NO_PAGE
        ? new Uint8Array(PAGE_SIZE)
        : store.pages.bytes(numbers.slice(filePage, filePage + 1));
    },
  };
}
