/**
 * Where an image lies in a process, and which of its file pages a page in memory shows.
 *
 * A file page can be mapped twice: where one load ends and the next begins in the same 4096 bytes, both mappings hold
 * the whole file page, at different addresses. So a page in memory is found by its vaddr, never by its file offset, and
 * keeps the neighbour's bytes around its own.
 */
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Mapping } from "../../shared/snapshot/index.ts";
import type { ElfImage, Load } from "./elf-image.ts";

/** The longest that a relocation writes: a descriptor, two words. Copies are longer, and looked for apart. */
const LONGEST = 16;

/** One load base of an image in one process. */
export interface Placement {
  /** What is added to a vaddr: a multiple of 4096, below 2^52. */
  readonly base: number;
  /** The mappings that agree with it: indices into those given. */
  readonly mappings: readonly number[];
  /** Whether code of the image is mapped executable there. A file that is only read as data has a base, but runs nothing. */
  readonly executes: boolean;
}

/**
 * Load bases of an image, the one with most mappings first; several when a process has mapped the file more than once.
 * A mapping that fits no load (or lies above 2^52) is in none of them.
 * @param mappings those of one process whose file is the image's
 */
export function placeImage(
  image: ElfImage,
  mappings: readonly Pick<Mapping, "range" | "offset" | "permissions">[],
): readonly Placement[] {
  const fitting = mappings.map((mapping) => {
    const start = mapping.range.start * PAGE_SIZE;
    const bases = image.loads
      .filter(({ offset, filesz }) => floor(offset) <= mapping.offset && mapping.offset < offset + filesz)
      .map((load) => start - (load.vaddr + mapping.offset - load.offset));
    const possible = bases.filter((base) => base >= 0 && start < 2 ** 52 && (!image.fixed || base === 0));
    return [...new Set(possible)];
  });
  const votes = new Map<number, number>();
  for (const base of fitting.flat()) votes.set(base, (votes.get(base) ?? 0) + 1);
  const chosen = new Map<number, number[]>();
  for (const [index, bases] of fitting.entries()) {
    if (bases.length === 0) continue;
    const base = bases.reduce((best, other) => ((votes.get(other) ?? 0) > (votes.get(best) ?? 0) ? other : best));
    const agreeing = chosen.get(base);
    if (agreeing === undefined) chosen.set(base, [index]);
    else agreeing.push(index);
  }
  return [...chosen]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([base, indices]) => ({
      base,
      mappings: indices,
      // Not known (`???`) is not excluded.
      executes: indices.some((index) => mappings[index].permissions[2] !== "-"),
    }));
}

/**
 * The load whose file bytes are mapped at the page of `vaddr`; of two the later one, which is mapped over the other.
 * @param vaddr of the page's first byte
 * @returns `undefined` where no file page is mapped: outside the loads, and in a .bss beyond the last file page
 */
export function loadAt(image: ElfImage, vaddr: number): Load | undefined {
  return image.loads.findLast(
    (load) => load.filesz > 0 && floor(load.vaddr) <= vaddr && vaddr < load.vaddr + load.filesz,
  );
}

/** Offset in the file of the file page that `load` shows at the page of `vaddr`. */
export function filePageOffset(load: Load, vaddr: number): number {
  // Both agree modulo 4096.
  return vaddr - load.vaddr + load.offset;
}

/** Rows of `image.relocations` that may write into [start, end), copies aside: `[first, after)`. */
export function relocationsIn(image: ElfImage, start: number, end: number): readonly [number, number] {
  const { address, length } = image.relocations;
  return [bisect(length, (i) => address[i] <= start - LONGEST), bisect(length, (i) => address[i] < end)];
}

/**
 * File pages (file offset / 4096, ascending) whose bytes must be kept so that pages in memory can be verified without
 * the file: those of writable loads, and others that hold a relocated word (a file with text relocations).
 */
export function pagesToKeep(image: ElfImage): Uint32Array {
  const pages = new Set<number>();
  for (const load of image.loads) {
    const end = floor(load.vaddr + load.filesz + PAGE_SIZE - 1);
    const { address } = image.relocations;
    if (load.writable) {
      for (let at = floor(load.vaddr); at < end; at += PAGE_SIZE) pages.add(filePageOffset(load, at) / PAGE_SIZE);
    } else if (load.filesz > 0) {
      const [first, after] = relocationsIn(image, floor(load.vaddr), end);
      for (let row = first; row < after; row++) {
        // Both pages of a word that crosses their border.
        for (const touched of [address[row], address[row] + 7]) {
          const at = floor(touched);
          if (at >= floor(load.vaddr) && at < end) pages.add(filePageOffset(load, at) / PAGE_SIZE);
        }
      }
    }
  }
  return Uint32Array.from(pages).sort();
}

function floor(value: number): number {
  return value - (value % PAGE_SIZE);
}
