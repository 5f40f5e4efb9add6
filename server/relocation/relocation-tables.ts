/** DT_RELR, DT_RELA, DT_REL and DT_JMPREL of a 64-bit file as one list of columns. */
import { DT, type DynamicSection } from "./dynamic-section.ts";
import { type Machine, NO_RELOCATIONS, RELOCATION_KINDS, type RelocationKind, type Relocations } from "./elf-image.ts";
import type { FileView } from "./file-view.ts";
import { fileOffsetOf, type ProgramHeaders } from "./program-headers.ts";
import { relocationSections } from "./section-headers.ts";

/** Types of the psABIs that loaders apply; 0 (NONE) is no relocation. */
const KINDS: Readonly<Record<Machine, Readonly<Record<number, RelocationKind>>>> = {
  "x86-64": {
    1: "symbol",
    5: "copy",
    6: "symbol",
    7: "jump-slot",
    8: "relative",
    16: "tls-module",
    17: "tls-offset",
    18: "tls-thread-offset",
    36: "tls-descriptor",
    37: "irelative",
  },
  aarch64: {
    257: "symbol",
    1024: "copy",
    1025: "symbol",
    1026: "jump-slot",
    1027: "relative",
    1028: "tls-module",
    1029: "tls-offset",
    1030: "tls-thread-offset",
    1031: "tls-descriptor",
    1032: "irelative",
  },
  other: {},
};
/** R_X86_64_GLOB_DAT and R_X86_64_JUMP_SLOT: S alone. */
const WITHOUT_ADDEND = [6, 7];
/** 21 B a row as columns, some 80 B while they are gathered: 170 MB at the limit. */
const LIMIT = 1 << 21;
/** Each page looks through all of them. Programs copy a few dozen variables. */
const COPIES_LIMIT = 10_000;

interface Row {
  readonly address: number;
  readonly kind: number;
  readonly symbol: number;
  readonly addend: number;
}

/** The relocations, or why they are not known. A table that does not lie in the file makes all of them unknown. */
export function parseRelocations(
  headers: ProgramHeaders,
  section: DynamicSection,
  machine: Machine,
): Relocations | string {
  const rows: Row[] = [];
  const { view, loads } = headers;
  const tables: readonly (readonly [address: number, size: number, form: "relr" | "rela" | "rel"])[] = [
    [DT.relr, DT.relrsz, "relr"],
    [DT.rela, DT.relasz, "rela"],
    [DT.rel, DT.relsz, "rel"],
    [DT.jmprel, DT.pltrelsz, section.tags.get(DT.pltrel) === DT.rel ? "rel" : "rela"],
  ];
  for (const [addressTag, sizeTag, form] of tables) {
    const address = section.tags.get(addressTag);
    const size = section.tags.get(sizeTag) ?? 0;
    if (address === undefined || size === 0) continue;
    const at = fileOffsetOf(loads, address, size);
    if (at === undefined)
      return `a table of relocations (${form}, ${size} bytes at 0x${address.toString(16)}) lies outside the file's loads`;
    if (form === "relr") {
      const places = decodeRelr(view, at, Math.floor(size / 8), LIMIT);
      if (typeof places === "string") return places;
      if (rows.length + places.length > LIMIT) return `it has more than ${LIMIT} relocations`;
      for (const place of places) {
        const addend = addendInFile(headers, place);
        if (addend === undefined || Math.abs(addend) >= 2 ** 52) return misplaced(place);
        rows.push({ address: place, kind: RELOCATION_KINDS.indexOf("relative"), symbol: 0, addend });
      }
    } else {
      const trouble = appendTable(rows, headers, machine, at, size, form === "rela");
      if (trouble !== undefined) return trouble;
    }
  }
  return columnsOf(rows);
}

/** Those of a file without a dynamic section. */
export function parseStaticRelocations(headers: ProgramHeaders, machine: Machine): Relocations | string {
  const rows: Row[] = [];
  for (const [at, size] of relocationSections(headers.view)) {
    const trouble = appendTable(rows, headers, machine, at, size, true);
    if (trouble !== undefined) return trouble;
  }
  return columnsOf(rows);
}

/** @returns why the table is refused. */
function appendTable(
  rows: Row[],
  headers: ProgramHeaders,
  machine: Machine,
  start: number,
  size: number,
  withAddend: boolean,
): string | undefined {
  const { view } = headers;
  const entry = withAddend ? 24 : 16;
  for (let at = start; at + entry <= start + size; at += entry) {
    const type = view.u32(at + 8) ?? 0;
    if (type === 0) continue;
    const address = view.u64(at);
    const symbol = view.u32(at + 12) ?? 0;
    if (address === undefined || address > 2 ** 52) return "a relocation is at an address of more than 52 bits";
    const kind = KINDS[machine][type] ?? "unsupported";
    let addend: number | undefined = 0;
    if (machine !== "x86-64" || !WITHOUT_ADDEND.includes(type)) {
      addend = withAddend ? view.i64(at + 16) : addendInFile(headers, address);
    }
    if (addend === undefined || Math.abs(addend) >= 2 ** 52) return misplaced(address);
    rows.push({ address, kind: RELOCATION_KINDS.indexOf(kind), symbol, addend });
    if (rows.length > LIMIT) return `it has more than ${LIMIT} relocations`;
  }
  return undefined;
}

/** The word of the file that a relocation without a column for it adds to. */
function addendInFile({ view, loads }: ProgramHeaders, address: number): number | undefined {
  const at = fileOffsetOf(loads, address, 8);
  return at === undefined ? undefined : view.i64(at);
}

function misplaced(address: number): string {
  return `the relocation at 0x${address.toString(16)} has an addend of more than 52 bits, or one outside the file`;
}

/**
 * DT_RELR: an even word is an address; an odd one marks which of the next 63 words are relocated too.
 * @param count words of the table, all of them in the file
 * @see https://groups.google.com/g/generic-abi/c/bX460iggiKg
 */
export function decodeRelr(view: FileView, at: number, count: number, limit: number): number[] | string {
  const places: number[] = [];
  let next = -1;
  for (let i = 0; i < count; i++) {
    const low = view.u32(at + i * 8) ?? 0;
    const high = view.u32(at + i * 8 + 4) ?? 0;
    if ((low & 1) === 0) {
      const address = high * 2 ** 32 + low;
      if (address > 2 ** 52) return "a packed relocation is at an address of more than 52 bits";
      places.push(address);
      next = address + 8;
    } else {
      if (next < 0) return "its packed relocations begin without an address";
      for (let bit = 1; bit < 64; bit++) {
        const set = bit < 32 ? (low >>> bit) & 1 : (high >>> (bit - 32)) & 1;
        if (set === 1) places.push(next + (bit - 1) * 8);
      }
      next += 63 * 8;
    }
    if (places.length > limit) return `it has more than ${limit} relocations`;
  }
  return places;
}

function columnsOf(rows: Row[]): Relocations | string {
  if (rows.length === 0) return NO_RELOCATIONS;
  const copy = RELOCATION_KINDS.indexOf("copy");
  if (rows.filter(({ kind }) => kind === copy).length > COPIES_LIMIT)
    return `it copies more than ${COPIES_LIMIT} variables`;
  // A stable sort: rows of one address stay in the order of the tables, which is the loader's, so the last one counts.
  // (DT_RELA may cover DT_JMPREL, which repeats its rows.)
  rows.sort((a, b) => a.address - b.address);
  const last = rows.filter((row, i) => row.address !== rows[i + 1]?.address);
  return {
    length: last.length,
    address: Float64Array.from(last, (row) => row.address),
    kind: Uint8Array.from(last, (row) => row.kind),
    symbol: Uint32Array.from(last, (row) => row.symbol),
    addend: Float64Array.from(last, (row) => row.addend),
  };
}
