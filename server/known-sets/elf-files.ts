/**
 * What a known set keeps of an ELF file beside the hashes of its pages, so that a page that the loader has relocated can
 * be verified without the file: its description, and the bytes of the pages that can be relocated (`server/relocation`).
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { decodeElfImage, describeElf, type ElfImage, encodeElfImage, pagesToKeep } from "../relocation/index.ts";

/** Larger ones are seen whole in memory by nobody; what they map is told by hashes alone. */
const LARGEST = 256 << 20;

/** Of one file. */
export interface KeptElf {
  readonly image: Uint8Array;
  /** Ascending file pages. */
  readonly pages: Uint32Array;
  /** 4,096 bytes a page, in their order; the last page of a file is zero-padded. */
  readonly bytes: Uint8Array;
}

export interface ElfFinder {
  /** The next bytes of the file. */
  push(chunk: Uint8Array): void;
  /** When all bytes have passed. @returns `undefined` for what is no ELF file */
  finish(): KeptElf | undefined;
}

/** @param size of the file, as it was announced */
export function createElfFinder(size: number): ElfFinder {
  const chunks: Uint8Array[] = [];
  let head = 0;
  let isElf = size <= LARGEST;
  return {
    push(chunk) {
      if (!isElf) return;
      for (let i = 0; head < 4 && i < chunk.length; i++, head++)
        if (chunk[i] !== [0x7f, 0x45, 0x4c, 0x46][head]) isElf = false;
      if (isElf) chunks.push(new Uint8Array(chunk));
      else chunks.length = 0;
    },
    finish() {
      if (!isElf || head < 4) return undefined;
      const content = Buffer.concat(chunks);
      const image = describeElf(content);
      if (!image) return undefined;
      const pages = pagesToKeep(image).filter((page) => page * PAGE_SIZE < content.length);
      const bytes = new Uint8Array(pages.length * PAGE_SIZE);
      pages.forEach((page, i) => {
        bytes.set(content.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE), i * PAGE_SIZE);
      });
      return { image: encodeElfImage(image), pages, bytes };
    },
  };
}

/** An ELF file of a known set. */
export interface KnownElf {
  readonly image: ElfImage;
  /** 4,096 bytes of a file page; `undefined` when the set does not keep them. */
  page(filePage: number): Uint8Array | undefined;
}

export function openElf({ image, pages, bytes }: KeptElf): KnownElf {
  const rowOf = new Map(Array.from(pages, (page, row) => [page, row]));
  return {
    image: decodeElfImage(image),
    page(filePage) {
      const row = rowOf.get(filePage);
      return row === undefined ? undefined : bytes.subarray(row * PAGE_SIZE, (row + 1) * PAGE_SIZE);
    },
  };
}
