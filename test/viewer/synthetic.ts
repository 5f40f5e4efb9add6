/**
 * A made-up snapshot with everything a picture can show, and its tiles by the plain definition: every cell is counted
 * from bytes. Deterministic: no clock, no randomness but a seeded one.
 */

import type { FetchedChannel, PictureMapping, TileSource } from "../../client/viewer/contract.ts";
import {
  entropyCode,
  type FilterChannel,
  isPageChannel,
  KIND_CLASSES,
  PAGE_CHANNELS,
  type PageChannel,
  PERMISSION_CLASSES,
  permissionClass,
  shareCode,
  type TileChannel,
} from "../../shared/channel/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import { provenanceCode, verdictCode } from "../../shared/provenance/index.ts";
import { layStrip, pageAtPosition, type Strip, type StripSource } from "../../shared/strip/index.ts";
import { BYTE_CLASSES, CLASS_OF_BYTE, entropyOfCounts } from "../../shared/summary/index.ts";
import { type CellState, cellStateCode, LEFT_TO_ANY_FILE, TILE_CELLS, type Tile } from "../../shared/tile/index.ts";

type Content = "text" | "pointers" | "noise" | "zero" | "bitmap" | "ff" | "code";

interface Region {
  readonly name: string;
  readonly permissions: string;
  readonly start: number;
  readonly pages: number;
  /** State and content of a page by its index. */
  readonly page: (index: number) => { readonly state: CellState; readonly content: Content };
}

export interface Synthetic {
  readonly strip: Strip;
  readonly mappings: readonly PictureMapping[];
  readonly source: TileSource;
  bytesAt(position: number): Uint8Array | undefined;
}

function hash(value: number): number {
  let h = Math.imul(value ^ 0x9e3779b9, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const image = { state: "image", content: "zero" } as const;
const data = (content: Content) => ({ state: "recorded", content }) as const;

const REGIONS: readonly Region[] = [
  { name: "python3.11", permissions: "r--", start: 0x400, pages: 31, page: (i) => (i === 9 ? data("code") : image) },
  { name: "python3.11", permissions: "r-x", start: 0x41f, pages: 687, page: (i) => (i === 300 ? data("code") : image) },
  { name: "python3.11", permissions: "r--", start: 0x6d0, pages: 640, page: () => image },
  {
    name: "python3.11",
    permissions: "rw-",
    start: 0x960,
    pages: 150,
    page: (i) => data(i % 7 === 0 ? "zero" : "pointers"),
  },
  {
    name: "[heap]",
    permissions: "rw-",
    start: 0x25ca3,
    pages: 825,
    page: (i) => data(i % 9 < 5 ? "pointers" : i % 9 < 7 ? "text" : "zero"),
  },
  { name: "[anon]", permissions: "rw-", start: 0x7fe203800, pages: 28, page: () => data("bitmap") },
  { name: "[anon]", permissions: "rw-", start: 0x7fe203900, pages: 64, page: (i) => data(i < 40 ? "noise" : "ff") },
  { name: "libcrypto.so.3", permissions: "r--", start: 0x7fe203a00, pages: 222, page: () => image },
  { name: "libcrypto.so.3", permissions: "r-x", start: 0x7fe203b00, pages: 639, page: () => image },
  { name: "libcrypto.so.3", permissions: "rw-", start: 0x7fe203e00, pages: 12, page: () => data("pointers") },
  {
    name: "[jit]",
    permissions: "rwx",
    start: 0x7fe204000,
    pages: 20,
    page: (i) => (i < 15 ? data("code") : { state: "untouched", content: "zero" }),
  },
  {
    name: "[anon]",
    permissions: "rw-",
    start: 0x7fe204100,
    pages: 400,
    page: (i) => (i % 16 === 15 ? { state: "missing", content: "zero" } : data(i % 5 === 0 ? "text" : "pointers")),
  },
  {
    name: "libc.so.6",
    permissions: "r-x",
    start: 0x7fe204300,
    pages: 342,
    page: (i) => (i > 300 ? data("code") : image),
  },
  {
    name: "[vvar]",
    permissions: "r--",
    start: 0x7fff0000,
    pages: 4,
    page: () => ({ state: "excluded", content: "zero" }),
  },
  {
    name: "[stack]",
    permissions: "rw-",
    start: 0x7fffe0ce0,
    pages: 33,
    page: (i) => data(i < 20 ? "zero" : "pointers"),
  },
];

/** The byte at `offset` of page `page` (counted over all regions). */
function byteOf(content: Content, page: number, offset: number): number {
  const at = page * 4096 + offset;
  switch (content) {
    case "zero":
      return 0;
    case "ff":
      return 0xff;
    case "noise":
      return hash(at) & 255;
    case "text": {
      const h = hash(at >> 1) % 40;
      return h === 0 ? 0x0a : h < 8 ? 0x20 : 0x61 + (h % 26);
    }
    case "pointers": {
      const word = at >> 3;
      if (hash(word) % 5 < 2) return 0;
      const lane = at & 7;
      return lane >= 6 ? 0 : lane >= 3 ? [0x02, 0xe2, 0x7f][lane - 3] : hash(at) & 255;
    }
    case "code": {
      const h = hash(at);
      return h % 4 === 0 ? 0x48 : h % 4 === 1 ? 0x8b + (h & 7) : (h >> 8) & 255;
    }
    case "bitmap": {
      const x = at & 255;
      const y = (at >> 8) & 511;
      const distance = Math.hypot(x - 90, y - 150);
      if (distance > 52 && distance < 66) return 255;
      if (distance < 20) return 0xe6;
      if (y > 300 && ((x >> 4) + (y >> 4)) % 2 === 0) return 0xc8;
      return Math.min(255, (x + y) >> 2);
    }
    default:
      return content satisfies never;
  }
}

/** @param edited changes content and provenance of some pages: the second snapshot. */
export function synthetic(
  options: { readonly edited?: boolean; readonly delayMs?: number; readonly side?: "a" | "b" } = {},
): Synthetic {
  const sources: StripSource[] = REGIONS.map((region) => ({
    space: "p1",
    start: region.start as PageAddress,
    pages: region.pages,
    shown: shownBlocks(region),
  }));
  const strip = layStrip(sources);
  const mappings: PictureMapping[] = REGIONS.map((region, n) => {
    let imagePages = 0;
    let recordedPages = 0;
    for (let i = 0; i < region.pages; i++) {
      const { state } = region.page(i);
      if (state === "image") imagePages++;
      if (state === "recorded") recordedPages++;
    }
    return {
      ...sources[n],
      name: region.name,
      permissions: region.permissions,
      imagePages,
      isOfDeletedFile: false,
      recordedPages,
    };
  });

  const pages = new Map<number, Uint8Array>();
  const at = (position: number) => {
    const found = pageAtPosition(strip, position);
    if (!found) return undefined;
    const index = found.page - found.mapping.start;
    return { region: REGIONS[found.mapping.source], index, number: found.mapping.source * 1000 + index };
  };
  const bytesAt = (position: number): Uint8Array | undefined => {
    const known = pages.get(position);
    if (known) return known;
    const place = at(position);
    if (!place) return undefined;
    const { state, content } = place.region.page(place.index);
    if (state !== "recorded") return undefined;
    // The bitmap is one picture over its pages, not one per page.
    const number = content === "bitmap" ? place.index : place.number;
    const bytes = Uint8Array.from({ length: 4096 }, (_, offset) => byteOf(content, number, offset));
    pages.set(position, bytes);
    return bytes;
  };
  const provenanceAt = (position: number): number => {
    const place = at(position);
    if (!place) return 0;
    if (place.region.page(place.index).content === "zero") return provenanceCode("zero");
    const h = hash(place.number) % 40;
    return provenanceCode(h < 3 ? "new" : h === 3 ? "moved" : h === 4 ? "shared" : h < 8 ? "known" : "unchanged");
  };
  const codeAt = (channel: PageChannel, position: number): number => {
    const place = at(position);
    if (!place) return 0;
    const { region, number } = place;
    switch (channel) {
      case "permissions":
        return PERMISSION_CLASSES.indexOf(permissionClass(region.permissions));
      case "kind":
        return KIND_CLASSES.indexOf(kindOf(region.name));
      case "file":
        return hash(number >> 2) % 8;
      case "changes":
        return hash(number) % 4 === 0 ? hash(number + 7) % 20 : 0;
      case "first-seen":
        return hash(number >> 1) % 12;
      default:
        return channel satisfies never;
    }
  };
  const verdictAt = (position: number): number => {
    const place = at(position);
    if (!place) return 0;
    if (place.region.page(place.index).state !== "recorded") return 0;
    const h = hash(place.number) % 40;
    if (h < 3) return 1 + verdictCode("changed");
    if (h === 4) return 1 + verdictCode(options.side === "a" ? "removed" : "added");
    if (h === 5) return 1 + verdictCode(options.side === "a" ? "added" : "removed");
    return 1 + verdictCode(h === 3 ? "moved" : "unchanged");
  };

  const tile = (channel: TileChannel, level: number, index: number): Tile => {
    const state = new Uint8Array(TILE_CELLS);
    const a = new Uint8Array(TILE_CELLS);
    const b = new Uint8Array(TILE_CELLS);
    const cellBytes = 4 ** level;
    for (let cell = 0; cell < TILE_CELLS; cell++) {
      const first = (index * TILE_CELLS + cell) * cellBytes;
      if (first / 4096 >= strip.end) {
        state[cell] = cellStateCode("gap");
        continue;
      }
      const counts = new Uint32Array(6);
      let sum = 0;
      let bytesSeen = 0;
      let rank = 0;
      let other = "gap" as CellState;
      const codes: number[] = [];
      let entropySum = 0;
      let entropyMost = 0;
      let windows = 0;
      const lastPage = Math.ceil((first + cellBytes) / 4096);
      for (let position = Math.floor(first / 4096); position < lastPage; position++) {
        const bytes = bytesAt(position);
        const place = at(position);
        if (!bytes) {
          if (place) other = place.region.page(place.index).state;
          if (channel === "verdict") rank = Math.max(rank, verdictAt(position));
          continue;
        }
        const from = Math.max(0, first - position * 4096);
        const to = Math.min(4096, first + cellBytes - position * 4096);
        for (let i = from; i < to; i++) {
          counts[CLASS_OF_BYTE[bytes[i]]]++;
          sum += bytes[i];
        }
        bytesSeen += to - from;
        if (isPageChannel(channel)) codes.push(codeAt(channel, position));
        rank = Math.max(rank, channel === "verdict" ? verdictAt(position) : provenanceAt(position));
        if (channel === "entropy") {
          for (let window = Math.floor(from / 256); window * 256 < to; window++) {
            const histogram = new Uint32Array(256);
            for (let i = 0; i < 256; i++) histogram[bytes[window * 256 + i]]++;
            const bits = entropyOfCounts(histogram);
            entropySum += bits;
            entropyMost = Math.max(entropyMost, bits);
            windows++;
          }
        }
      }
      if (bytesSeen === 0) {
        state[cell] = cellStateCode(other);
        if (channel === "verdict") a[cell] = rank;
        if (channel === "provenance" && other === "image") b[cell] = leftTo(first);
        continue;
      }
      state[cell] = cellStateCode("recorded");
      const nonZero = bytesSeen - counts[0];
      switch (channel) {
        case "class": {
          let dominant = 0;
          for (let c = 1; c < BYTE_CLASSES.length; c++)
            if (counts[c] > 0 && (dominant === 0 || counts[c] > counts[dominant])) dominant = c;
          a[cell] = dominant;
          b[cell] = shareCode(nonZero, bytesSeen);
          break;
        }
        case "value":
          a[cell] = Math.round(sum / bytesSeen);
          break;
        case "entropy":
          a[cell] = entropyCode(windows === 0 ? 0 : entropySum / windows, nonZero === 0 && entropySum === 0);
          b[cell] = entropyCode(entropyMost, nonZero === 0 && entropyMost === 0);
          break;
        case "ascii":
          a[cell] = shareCode(counts[1] + counts[2], bytesSeen);
          break;
        case "permissions":
        case "kind":
        case "file":
        case "changes":
        case "first-seen": {
          const pagesOf = (code: number) => codes.filter((one) => one === code).length;
          const most = Math.max(...codes.map(pagesOf));
          const among = PAGE_CHANNELS[channel] === "most" ? codes.filter((code) => pagesOf(code) === most) : codes;
          a[cell] = PAGE_CHANNELS[channel] === "most" ? Math.min(...among) : Math.max(...among);
          b[cell] = shareCode(pagesOf(a[cell]), codes.length);
          break;
        }
        case "provenance":
          a[cell] = rank;
          b[cell] = shareCode(nonZero, bytesSeen);
          break;
        case "verdict":
          a[cell] = rank;
          b[cell] = rank === 1 + verdictCode("changed") && hash(first) % 3 > 0 ? 0 : 255;
          break;
        default:
          channel satisfies never;
      }
    }
    return { index, digest: `${channel}-${level}-${index}-${options.side ?? ""}`, state, a, b };
  };

  /** Ways as a filter has them: any bits, and some of the places left to files. */
  const filterTile = (channel: FilterChannel, level: number, index: number): Tile => {
    const { state } = tile("class", level, index);
    const a = state.map((code, cell) =>
      code === cellStateCode("recorded") ? 1 << (hash(index * 65_536 + cell) % 8) : 0,
    );
    const b = state.map((code, cell) => (code === cellStateCode("image") && hash(cell) % 2 === 0 ? leftTo(cell) : 0));
    return { index, digest: `${channel}-${level}-${index}`, state, a, b };
  };

  const made = new Map<string, Tile>();
  return {
    strip,
    mappings,
    bytesAt,
    source: {
      key: `synthetic ${options.side ?? ""}`,
      async fetchTiles(channel, level, indices, signal) {
        if (options.delayMs) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
        signal.throwIfAborted();
        return indices.map((index) => {
          const key = `${channel}/${level}/${index}`;
          const known =
            made.get(key) ?? (isFilter(channel) ? filterTile(channel, level, index) : tile(channel, level, index));
          made.set(key, known);
          return known;
        });
      },
    },
  };
}

/** Left to a file, to a deleted one, or in a coarse cell to some of both. */
function leftTo(at: number): number {
  return 1 + (hash(at) % LEFT_TO_ANY_FILE);
}

function kindOf(name: string): (typeof KIND_CLASSES)[number] {
  if (!name.startsWith("[")) return "file";
  return name === "[heap]" ? "heap" : name === "[stack]" ? "stack" : "anonymous";
}

function isFilter(channel: FetchedChannel): channel is FilterChannel {
  return channel.startsWith("ways:");
}

function shownBlocks(region: Region): { start: number; end: number }[] {
  const shown: { start: number; end: number }[] = [];
  for (let block = 0; block * 16 < region.pages; block++) {
    let isShown = false;
    for (let i = block * 16; i < Math.min(region.pages, block * 16 + 16); i++) {
      const { state } = region.page(i);
      if (state === "recorded" || state === "image" || state === "missing") isShown = true;
    }
    // So that places which are never shown alone can be seen beside others.
    if (!isShown && region.name !== "[vvar]") continue;
    const last = shown.at(-1);
    if (last && last.end === block) last.end = block + 1;
    else shown.push({ start: block, end: block + 1 });
  }
  return shown;
}
