/**
 * What `readelf -lrdW --dyn-syms` prints, as values; and a process's memory made of it by the rules of the psABI. Both
 * are the oracle of this folder's tests, so they share nothing with it: big integers, a byte at a time, no columns.
 */
export interface PrintedLoad {
  readonly offset: number;
  readonly vaddr: number;
  readonly filesz: number;
  readonly memsz: number;
  readonly flags: string;
}

export interface PrintedRelocation {
  readonly address: number;
  /** `R_X86_64_64`, …; `RELR` for a packed one. */
  readonly type: string;
  readonly symbol: string | null;
  readonly addend: bigint;
}

export interface PrintedSymbol {
  readonly name: string;
  readonly value: bigint;
  readonly size: number;
  readonly type: string;
  readonly bind: string;
  readonly section: string;
}

export interface PrintedElf {
  readonly loads: readonly PrintedLoad[];
  readonly relro: readonly [start: number, end: number] | null;
  readonly relocations: readonly PrintedRelocation[];
  readonly symbols: readonly PrintedSymbol[];
  readonly soname: string | null;
  readonly needed: readonly string[];
}

export function parseReadelf(text: string): PrintedElf {
  const loads: PrintedLoad[] = [];
  const relocations: PrintedRelocation[] = [];
  const symbols: PrintedSymbol[] = [];
  let relro: readonly [number, number] | null = null;
  let packed = false;
  for (const line of text.split("\n")) {
    const header = /^ {2}(LOAD|GNU_RELRO) +(0x\w+) (0x\w+) 0x\w+ (0x\w+) (0x\w+) (.{3}) /.exec(line);
    if (header !== null) {
      const [offset, vaddr, filesz, memsz] = header.slice(2, 6).map(Number);
      if (header[1] === "LOAD") loads.push({ offset, vaddr, filesz, memsz, flags: header[6] });
      else relro = [vaddr, vaddr + memsz];
    }
    if (line.startsWith("Relocation section")) packed = line.includes(".relr.");
    const bare = /^([0-9a-f]{16})$/.exec(line);
    if (packed && bare !== null) {
      relocations.push({ address: Number.parseInt(bare[1], 16), type: "RELR", symbol: null, addend: 0n });
    }
    const row = /^([0-9a-f]{16}) {2}[0-9a-f]{16} (R_\w+) +(.*)$/.exec(line);
    if (row !== null) relocations.push(relocation(row[1], row[2], row[3]));
    const symbol = /^ +\d+: ([0-9a-f]{16}) +(\w+) (.+?) +(LOCAL|GLOBAL|WEAK|UNIQUE) +\w+ +(\w+) (\S+)/.exec(line);
    if (symbol !== null) {
      const [, value, size, type, bind, section, name] = symbol;
      symbols.push({ name: bareName(name), value: BigInt(`0x${value}`), size: Number(size), type, bind, section });
    }
  }
  const named = (tag: string) =>
    [...text.matchAll(new RegExp(`\\(${tag}\\) .*\\[(.*)\\]`, "g"))].map((found) => found[1]);
  return { loads, relro, relocations, symbols, soname: named("SONAME")[0] ?? null, needed: named("NEEDED") };
}

/** The rest of a line: an addend alone, or value and name of the symbol with what is added to it. */
function relocation(place: string, type: string, rest: string): PrintedRelocation {
  const address = Number.parseInt(place, 16);
  const signed = (text: string) => BigInt.asIntN(64, BigInt(`0x${text}`));
  const withSymbol = /^\S+ +(\S+) ([+-]) ([0-9a-f]+)$/.exec(rest);
  if (withSymbol === null) return { address, type, symbol: null, addend: signed(rest.trim()) };
  const addend = withSymbol[2] === "-" ? -signed(withSymbol[3]) : signed(withSymbol[3]);
  return { address, type, symbol: bareName(withSymbol[1]), addend };
}

/** Without version, and without the brackets after an indirect function. */
function bareName(name: string): string {
  return name.replace(/@.*$/, "").replace(/\(\)$/, "");
}

/** Whose words cannot be computed from files alone. */
export const OPEN_TYPES = /IRELATIVE|DTPMOD|_TPOFF|_TPREL|TLSDESC|COPY/;

export interface MemoryModel {
  /** By page address (bytes) in the process: the file-backed pages as the loader leaves them. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
  /** Addresses of words that the model leaves as they are in the file. */
  readonly open: ReadonlySet<number>;
}

/**
 * A mapped file with its relocations applied.
 * @param zeroed where zeros of .bss end: the kernel fills the last file page, a loader stops at the end of .bss
 * @param resolve address of a symbol in the process, its offset for thread-local storage; `null` leaves its words open
 */
export function modelMemory(
  elf: Pick<PrintedElf, "loads" | "relocations">,
  content: Uint8Array,
  base: number,
  zeroed: "to the page's end" | "to the end of .bss",
  resolve: (symbol: string) => bigint | null,
): MemoryModel {
  const pages = new Map<number, Uint8Array>();
  for (const { offset, vaddr, filesz, memsz, flags } of elf.loads) {
    const first = vaddr - (vaddr % 4096);
    for (let page = first; page < vaddr + filesz; page += 4096) {
      const bytes = new Uint8Array(4096);
      const from = offset - (vaddr % 4096) + (page - first);
      bytes.set(content.subarray(from, from + 4096));
      if (flags.includes("W") && memsz > filesz) {
        const end = zeroed === "to the end of .bss" ? vaddr + memsz : Number.POSITIVE_INFINITY;
        for (let i = 0; i < 4096; i++) if (page + i >= vaddr + filesz && page + i < end) bytes[i] = 0;
      }
      pages.set(base + page, bytes);
    }
  }
  const byteAt = (address: number): readonly [Uint8Array | undefined, number] => {
    const page = address - (address % 4096);
    return [pages.get(page), address - page];
  };
  const open = new Set<number>();
  for (const { address, type, symbol, addend } of elf.relocations) {
    const place = base + address;
    let value: bigint | null = null;
    if (type === "RELR") {
      let inPlace = 0n;
      for (let i = 7; i >= 0; i--) {
        const [page, at] = byteAt(place + i);
        inPlace = inPlace * 256n + BigInt(page?.[at] ?? 0);
      }
      value = BigInt(base) + inPlace;
    } else if (type.endsWith("_RELATIVE")) value = BigInt(base) + addend;
    else if (!OPEN_TYPES.test(type) && symbol !== null) {
      const target = resolve(symbol);
      if (target !== null) value = target + addend;
    }
    if (value === null) {
      open.add(place);
      continue;
    }
    for (let i = 0; i < 8; i++) {
      const [page, at] = byteAt(place + i);
      if (page !== undefined) page[at] = Number((BigInt.asUintN(64, value) >> BigInt(8 * i)) & 0xffn);
    }
  }
  return { pages, open };
}
