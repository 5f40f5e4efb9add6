/**
 * What was found in pages by earlier searches: by pattern, then by page number, which names a content for ever. A page
 * that is remembered is not read again, at whatever places and in whatever snapshot it stands.
 */
import type { Pattern } from "../../shared/find/index.ts";

/** Patterns of which something is remembered. */
const MOST_PATTERNS = 16;
/** Of all patterns together, as `cost` counts. */
const MOST_BYTES = 64 << 20;
/** Pages of one part of the map of searched pages: 4 KiB. */
const PART = 1 << 15;
/** A finding's array and its entry in the table, as measured; then 4 bytes a number. */
const ENTRY_BYTES = 200;

export interface Remembered {
  /** `undefined`: not searched yet. */
  of(page: number): Int32Array | undefined;
  keep(page: number, finding: Int32Array): void;
  /** Of a page and the one that follows it, from a byte of the first on; see `pairKey`. */
  pair(key: string): Int32Array | undefined;
  keepPair(key: string, finding: Int32Array): void;
}

export interface Memory {
  /** What is remembered of a pattern, which becomes the one that was used last. */
  of(pattern: Pattern): Remembered;
}

interface Entry extends Remembered {
  readonly bytes: number;
}

export function createMemory(mostBytes = MOST_BYTES): Memory {
  /** The least recently used first. */
  const patterns = new Map<string, Entry>();
  /** Forgets other patterns, the oldest first, until there is room. */
  const hasRoom = (own: string, needed: number): boolean => {
    // Forgotten while it is searched for.
    if (!patterns.has(own)) return false;
    let sum = needed;
    for (const { bytes } of patterns.values()) sum += bytes;
    for (const [key, { bytes }] of patterns) {
      if (sum <= mostBytes) return true;
      if (key === own) continue;
      patterns.delete(key);
      sum -= bytes;
    }
    return sum <= mostBytes;
  };
  return {
    of(pattern) {
      const key = JSON.stringify([pattern.form, pattern.text, pattern.ignoreCase]);
      const known = patterns.get(key) ?? createEntry((needed) => hasRoom(key, needed));
      patterns.delete(key);
      patterns.set(key, known);
      if (patterns.size > MOST_PATTERNS) patterns.delete(patterns.keys().next().value as string);
      return known;
    },
  };
}

function createEntry(hasRoom: (needed: number) => boolean): Entry {
  /** One bit a page. */
  const searched = new Map<number, Uint8Array>();
  const found = new Map<number, Int32Array>();
  const pairs = new Map<string, Int32Array>();
  let bytes = 0;
  const take = (needed: number): boolean => {
    if (!hasRoom(needed)) return false;
    bytes += needed;
    return true;
  };
  return {
    get bytes() {
      return bytes;
    },
    of(page) {
      const part = searched.get(Math.floor(page / PART));
      const bit = page % PART;
      if (part === undefined || (part[bit >>> 3] & (1 << (bit & 7))) === 0) return undefined;
      return found.get(page) ?? NOTHING_FOUND;
    },
    keep(page, finding) {
      if (finding.length > 0 && !take(ENTRY_BYTES + finding.byteLength)) return;
      let part = searched.get(Math.floor(page / PART));
      if (!part) {
        if (!take(ENTRY_BYTES + PART / 8)) return;
        part = new Uint8Array(PART / 8);
        searched.set(Math.floor(page / PART), part);
      }
      if (finding.length > 0) found.set(page, finding);
      part[(page % PART) >>> 3] |= 1 << (page & 7);
    },
    pair: (key) => pairs.get(key),
    keepPair(key, finding) {
      if (!pairs.has(key) && take(ENTRY_BYTES + 2 * key.length + finding.byteLength)) pairs.set(key, finding);
    },
  };
}

const NOTHING_FOUND = new Int32Array(0);

/** @param second page number, `NO_PAGE` when nothing follows. */
export function pairKey(first: number, second: number, start: number): string {
  return `${first} ${second} ${start}`;
}
