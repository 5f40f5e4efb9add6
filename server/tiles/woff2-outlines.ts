/**
 * Reads glyph outlines and widths from a WOFF2 file: enough of the format for one trusted font that comes with the
 * application, not for fonts from elsewhere. The surprise: WOFF2 keeps outlines in streams of their own, one per kind
 * of number, which are read side by side.
 * @see https://www.w3.org/TR/WOFF2/ sections 4 and 5
 */
import { brotliDecompressSync } from "node:zlib";

export interface Outlines {
  readonly unitsPerEm: number;
  /** Advance width in font units; `undefined` when the font has no such character. */
  advance(codePoint: number): number | undefined;
  /** Closed contours of quadratic curves in font units, y up; `undefined` when the font has no such character. */
  contours(codePoint: number): readonly Contour[] | undefined;
}

export interface OutlinePoint {
  readonly x: number;
  readonly y: number;
  /** Control points of curves are not on the outline. */
  readonly isOn: boolean;
}
export type Contour = readonly OutlinePoint[];

/** Tags of the tables named here by their index in the specification's list of known tags. */
const KNOWN_TAGS: Readonly<Record<number, string>> = {
  0: "cmap",
  1: "head",
  2: "hhea",
  3: "hmtx",
  10: "glyf",
  11: "loca",
};

class Bytes {
  at: number;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, at = 0) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  u8(): number {
    return this.view.getUint8(this.at++);
  }

  u16(): number {
    this.at += 2;
    return this.view.getUint16(this.at - 2);
  }

  i16(): number {
    this.at += 2;
    return this.view.getInt16(this.at - 2);
  }

  u32(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4);
  }

  /** UIntBase128: seven bits a byte, the highest first. */
  base128(): number {
    let value = 0;
    for (;;) {
      const byte = this.u8();
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  }

  /** 255UInt16. */
  short255(): number {
    const code = this.u8();
    if (code === 253) return this.u16();
    if (code === 254) return 506 + this.u8();
    if (code === 255) return 253 + this.u8();
    return code;
  }
}

interface Table {
  readonly bytes: Uint8Array;
  readonly isTransformed: boolean;
}

/** @throws Error when the file is not a WOFF2 font with transformed outlines. */
export function readWoff2(file: Uint8Array): Outlines {
  const tables = readTables(file);
  const unitsPerEm = new Bytes(need(tables, "head").bytes, 18).u16();
  const advances = readAdvances(need(tables, "hhea"), need(tables, "hmtx"));
  const glyphOf = readCharacters(need(tables, "cmap"));
  const glyphs = readGlyphs(need(tables, "glyf"));
  return {
    unitsPerEm,
    advance: (codePoint) => {
      const glyph = glyphOf(codePoint);
      return glyph === 0 ? undefined : advances[Math.min(glyph, advances.length - 1)];
    },
    contours: (codePoint) => {
      const glyph = glyphOf(codePoint);
      return glyph === 0 ? undefined : contoursOf(glyphs, glyph);
    },
  };
}

function need(tables: ReadonlyMap<string, Table>, tag: string): Table {
  const table = tables.get(tag);
  if (!table) throw new Error(`the font has no table ${tag}`);
  return table;
}

function readTables(file: Uint8Array): Map<string, Table> {
  const head = new Bytes(file);
  if (head.u32() !== 0x774f4632) throw new Error("not a WOFF2 font");
  head.at = 12;
  const count = head.u16();
  head.at = 20;
  const compressed = head.u32();
  head.at = 48;
  const entries: { tag: string; length: number; isTransformed: boolean }[] = [];
  for (let i = 0; i < count; i++) {
    const flags = head.u8();
    const known = flags & 63;
    const tag = known === 63 ? String.fromCharCode(head.u8(), head.u8(), head.u8(), head.u8()) : KNOWN_TAGS[known];
    const version = flags >> 6;
    // For outlines 3 means "as they are"; for all other tables that is 0.
    const isTransformed = tag === "glyf" || tag === "loca" ? version !== 3 : version !== 0;
    const plain = head.base128();
    entries.push({ tag: tag ?? `#${known}`, length: isTransformed ? head.base128() : plain, isTransformed });
  }
  const bytes = brotliDecompressSync(file.subarray(head.at, head.at + compressed));
  const tables = new Map<string, Table>();
  let at = 0;
  for (const { tag, length, isTransformed } of entries) {
    tables.set(tag, { bytes: bytes.subarray(at, at + length), isTransformed });
    at += length;
  }
  return tables;
}

function readAdvances(hhea: Table, hmtx: Table): number[] {
  const count = new Bytes(hhea.bytes, 34).u16();
  const bytes = new Bytes(hmtx.bytes, hmtx.isTransformed ? 1 : 0);
  return Array.from({ length: count }, () => {
    const advance = bytes.u16();
    if (!hmtx.isTransformed) bytes.i16();
    return advance;
  });
}

/** Characters by a cmap of format 4 (Unicode, basic plane); glyph 0 = none. */
function readCharacters({ bytes }: Table): (codePoint: number) => number {
  const head = new Bytes(bytes, 2);
  const count = head.u16();
  for (let i = 0; i < count; i++) {
    head.u32();
    const offset = head.u32();
    const map = new Bytes(bytes, offset);
    if (map.u16() !== 4) continue;
    map.at += 4;
    const doubled = map.u16();
    const ends = offset + 14;
    const word = (at: number) => new Bytes(bytes, at).u16();
    return (codePoint) => {
      for (let s = 0; s < doubled; s += 2) {
        if (word(ends + s) < codePoint) continue;
        const start = word(ends + 2 + doubled + s);
        if (start > codePoint) return 0;
        const delta = word(ends + 2 + 2 * doubled + s);
        const place = ends + 2 + 3 * doubled + s;
        const range = word(place);
        if (range === 0) return (codePoint + delta) & 0xffff;
        const glyph = word(place + range + 2 * (codePoint - start));
        return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
      }
      return 0;
    };
  }
  throw new Error("the font has no table of characters that can be read");
}

/** A glyph is its contours, or other glyphs put in places. */
type Glyph =
  | { readonly kind: "contours"; readonly contours: readonly Contour[] }
  | { readonly kind: "parts"; readonly parts: readonly Part[] };

interface Part {
  readonly glyph: number;
  /** x' = xx · x + yx · y + dx, y' = xy · x + yy · y + dy */
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  readonly dx: number;
  readonly dy: number;
}

function readGlyphs({ bytes, isTransformed }: Table): Glyph[] {
  if (!isTransformed) throw new Error("the font's outlines are not in the form of WOFF2");
  const head = new Bytes(bytes, 4);
  const count = head.u16();
  head.u16();
  const lengths = Array.from({ length: 7 }, () => head.u32());
  let at = head.at;
  const [contourCounts, pointCounts, flags, triplets, composites] = lengths.map((length) => {
    at += length;
    return new Bytes(bytes, at - length);
  });
  const glyphs: Glyph[] = [];
  for (let glyph = 0; glyph < count; glyph++) {
    const contours = contourCounts.i16();
    if (contours >= 0)
      glyphs.push({ kind: "contours", contours: readContours(contours, pointCounts, flags, triplets) });
    else glyphs.push({ kind: "parts", parts: readParts(composites, triplets) });
  }
  return glyphs;
}

function readContours(count: number, pointCounts: Bytes, flags: Bytes, triplets: Bytes): Contour[] {
  const sizes = Array.from({ length: count }, () => pointCounts.short255());
  let x = 0;
  let y = 0;
  const contours = sizes.map((size) =>
    Array.from({ length: size }, () => {
      const flag = flags.u8();
      const [dx, dy] = readTriplet(flag & 127, triplets);
      x += dx;
      y += dy;
      return { x, y, isOn: flag < 128 };
    }),
  );
  if (count > 0) triplets.short255(); // length of the instructions, which lie elsewhere
  return contours;
}

/** A step from point to point, in the packing of section 5.2. */
function readTriplet(flag: number, bytes: Bytes): [number, number] {
  const signed = (bits: number, value: number) => ((bits & 1) === 1 ? value : -value);
  const first = bytes.u8();
  if (flag < 10) return [0, signed(flag, ((flag & 14) << 7) + first)];
  if (flag < 20) return [signed(flag, (((flag - 10) & 14) << 7) + first), 0];
  if (flag < 84) {
    const high = flag - 20;
    return [signed(flag, 1 + (high & 0x30) + (first >> 4)), signed(flag >> 1, 1 + ((high & 0x0c) << 2) + (first & 15))];
  }
  const second = bytes.u8();
  if (flag < 120) {
    const high = flag - 84;
    return [
      signed(flag, 1 + (Math.floor(high / 12) << 8) + first),
      signed(flag >> 1, 1 + (((high % 12) >> 2) << 8) + second),
    ];
  }
  const third = bytes.u8();
  if (flag < 124) return [signed(flag, (first << 4) + (second >> 4)), signed(flag >> 1, ((second & 15) << 8) + third)];
  return [signed(flag, (first << 8) + second), signed(flag >> 1, (third << 8) + bytes.u8())];
}

function readParts(composites: Bytes, triplets: Bytes): Part[] {
  const parts: Part[] = [];
  const fixed = () => composites.i16() / 16384;
  let hasInstructions = false;
  for (;;) {
    const flags = composites.u16();
    const glyph = composites.u16();
    const isWide = (flags & 1) !== 0;
    const byte = () => (composites.u8() << 24) >> 24;
    const dx = isWide ? composites.i16() : byte();
    const dy = isWide ? composites.i16() : byte();
    let [xx, xy, yx, yy] = [1, 0, 0, 1];
    if (flags & 8) xx = yy = fixed();
    else if (flags & 0x40) [xx, yy] = [fixed(), fixed()];
    else if (flags & 0x80) [xx, xy, yx, yy] = [fixed(), fixed(), fixed(), fixed()];
    parts.push({ glyph, xx, xy, yx, yy, dx, dy });
    hasInstructions ||= (flags & 0x100) !== 0;
    if ((flags & 0x20) === 0) break;
  }
  if (hasInstructions) triplets.short255();
  return parts;
}

function contoursOf(glyphs: readonly Glyph[], glyph: number, depth = 0): Contour[] {
  const found = glyphs[glyph];
  if (!found || depth > 4) return [];
  if (found.kind === "contours") return [...found.contours];
  return found.parts.flatMap(({ glyph: part, xx, xy, yx, yy, dx, dy }) =>
    contoursOf(glyphs, part, depth + 1).map((contour) =>
      contour.map(({ x, y, isOn }) => ({ x: xx * x + yx * y + dx, y: xy * x + yy * y + dy, isOn })),
    ),
  );
}
