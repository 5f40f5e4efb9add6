/**
 * Pages → their likenesses: SHA-256 of a page in which each word that points into a mapping of its space stands as
 * (identity, offset). What is hashed can be read back to exactly one such page, so equal likenesses are alike pages:
 *
 *     "DSLK", u8 version, u8 bytes of a word, u8 is little-endian, u8 0, u32 identities, u32 0
 *     4,096 B  the page, in place of each pointer its offset (little-endian, modulo 2^32 or 2^64)
 *     u16 × words  0: not a pointer; else 1 + row of its identity below
 *     32 B × identities  SHA-256 of the names, in the order in which they first occur
 *
 * @see docs/likeness.md
 */
import { hash } from "node:crypto";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { type PointerTable, rowOfPage } from "./identities.ts";

/** Of the form that is hashed and of the names in it. Kept likenesses of another one are made anew. */
export const LIKENESS_VERSION = 1;

const HASH = 32;
const HEAD = 16;
/** Granules that a word is looked up by before anything else: 4 GiB of 64-bit addresses modulo 2^48, 64 KiB of 32-bit ones. */
const GRANULES = 65_536;

/**
 * Writes 32 bytes a page to `hashes`, and the number of its pointers to `pointers`; a page without one has no
 * likeness, and 0 there.
 * @param pages count × 4,096 bytes; left as they are
 */
export type Normaliser = (pages: Uint8Array, hashes: Buffer, pointers: Uint16Array) => void;

export function createNormaliser(table: PointerTable): Normaliser {
  const isWide = table.wordBytes === 8;
  const isLittle = table.byteOrder === "little";
  const words = PAGE_SIZE / table.wordBytes;
  const near = granulesOf(table);
  const { start, end, identity, originLow, originHigh, digests } = table;
  const lowest = start.length > 0 ? start[0] : Number.POSITIVE_INFINITY;
  const identities = digests.length / HASH;

  const namesAt = HEAD + PAGE_SIZE;
  const digestsAt = namesAt + words * 2;
  const form = Buffer.alloc(digestsAt + Math.min(words, identities) * HASH);
  form.write("DSLK", "latin1");
  form.set([LIKENESS_VERSION, table.wordBytes, isLittle ? 1 : 0], 4);
  const count = new Uint32Array(form.buffer, form.byteOffset + 8, 1);
  const content = new Uint32Array(form.buffer, form.byteOffset + HEAD, PAGE_SIZE / 4);
  const names = new Uint16Array(form.buffer, form.byteOffset + namesAt, words);
  const views = Array.from({ length: Math.min(words, identities) + 1 }, (_, n) =>
    form.subarray(0, digestsAt + n * HASH),
  );
  /** Row in the form of each identity, if `seenIn` says that it is of this page. */
  const nameOf = new Uint16Array(identities);
  const seenIn = new Float64Array(identities);
  let page = 0;

  const turned = new Uint32Array(PAGE_SIZE / 4);
  const step = isWide ? 2 : 1;
  const lowAt = isWide && !isLittle ? 1 : 0;
  const highAt = 1 - lowAt;
  let last = 0;

  /** @returns pointers of the page that begins at word `at` of `source` */
  function replaceIn(source: Uint32Array, at: number, original: Uint32Array, originalAt: number): number {
    let found = 0;
    let used = 0;
    for (let word = 0; word < words; word++) {
      const low = source[at + word * step + lowAt];
      const high = isWide ? source[at + word * step + highAt] : 0;
      if (near[isWide ? high & 0xffff : low >>> 16] === 0) continue;
      const target = high * 2 ** 20 + (low >>> 12);
      if (target < lowest) continue;
      if (target < start[last] || target >= end[last]) {
        const row = rowOfPage(table, target);
        if (row < 0) continue;
        last = row;
      }
      if (found === 0) {
        page++;
        content.set(original.subarray(originalAt, originalAt + PAGE_SIZE / 4));
        names.fill(0);
      }
      found++;
      const which = identity[last];
      if (seenIn[which] !== page) {
        seenIn[which] = page;
        form.set(digests.subarray(which * HASH, which * HASH + HASH), digestsAt + used * HASH);
        nameOf[which] = ++used;
      }
      names[word] = nameOf[which];
      content[word * step] = low - originLow[last];
      if (isWide) content[word * step + 1] = high - originHigh[last] - (low < originLow[last] ? 1 : 0);
    }
    count[0] = used;
    return found;
  }

  return (pages, hashes, pointers) => {
    const aligned = pages.byteOffset % 4 === 0 ? pages : pages.slice();
    const source = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
    for (let row = 0; row < pages.length / PAGE_SIZE; row++) {
      const at = row * (PAGE_SIZE / 4);
      if (!isLittle) for (let i = 0; i < turned.length; i++) turned[i] = swapped(source[at + i]);
      const found = isLittle ? replaceIn(source, at, source, at) : replaceIn(turned, 0, source, at);
      pointers[row] = found;
      if (found > 0) hashes.write(hash("sha256", views[count[0]], "binary"), row * HASH, HASH, "latin1");
    }
  };
}

/** 1 for each granule in which some mapping lies. */
function granulesOf({ wordBytes, start, end }: PointerTable): Uint8Array {
  const near = new Uint8Array(GRANULES);
  const pages = wordBytes === 8 ? 2 ** 20 : 2 ** 4;
  for (let row = 0; row < start.length; row++) {
    const from = Math.floor(start[row] / pages);
    const to = Math.ceil(end[row] / pages);
    if (to - from >= GRANULES) return near.fill(1);
    for (let granule = from; granule < to; granule++) near[granule % GRANULES] = 1;
  }
  return near;
}

function swapped(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
