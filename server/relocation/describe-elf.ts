/** An ELF file's bytes → its description. Throws nothing: hostile content gives `undefined`, or an image that says why. */
import { parseDynamicSection } from "./dynamic-section.ts";
import {
  type ElfImage,
  type LoaderPlaces,
  type Machine,
  NO_RELOCATIONS,
  NO_SYMBOLS,
  type Relocations,
  type Symbols,
} from "./elf-image.ts";
import { type ProgramHeaders, parseProgramHeaders } from "./program-headers.ts";
import { parseRelocations, parseStaticRelocations } from "./relocation-tables.ts";
import { parseSymbols } from "./symbol-table.ts";

const NO_PLACES: LoaderPlaces = { debug: -1, got: -1, pointers: [] };

/**
 * @param content the whole file; not kept
 * @returns `undefined` for what is no ELF executable or shared object, or has no load
 */
export function describeElf(content: Uint8Array): ElfImage | undefined {
  const headers = parseProgramHeaders(content);
  if (headers === undefined) return undefined;
  const machine = machineOf(headers);
  const { machineNumber, fixed, loads, relro, buildId, interpreter, tlsSize } = headers;
  const image = {
    machine,
    machineNumber,
    fixed,
    loads,
    relro,
    buildId,
    interpreter,
    tlsSize,
    soname: undefined,
    needed: [],
    relocations: NO_RELOCATIONS,
    symbols: NO_SYMBOLS,
    loader: NO_PLACES,
    notUnderstood: undefined,
  };
  if (machine === "other") return { ...image, notUnderstood: `machine ${machineNumber} is not read` };
  if (headers.dynamic === undefined) {
    const relocations = parseStaticRelocations(headers, machine);
    if (typeof relocations === "string") return { ...image, notUnderstood: relocations };
    if (symbolsReferenced(relocations) === 0) return { ...image, relocations };
    return { ...image, notUnderstood: "its relocations name symbols, but it has no dynamic section" };
  }
  const section = parseDynamicSection(headers);
  if (section === undefined) return { ...image, notUnderstood: "its dynamic section lies outside its loads" };
  const { soname, needed, loader } = section;
  const named = { ...image, soname, needed: [...needed], loader };
  const relocations = parseRelocations(headers, section, machine);
  if (typeof relocations === "string") return { ...named, notUnderstood: relocations };
  const symbols = parseSymbols(headers, section, symbolsReferenced(relocations));
  if (typeof symbols === "string") return { ...named, notUnderstood: symbols };
  return { ...named, relocations, symbols: withoutForeignBytes(symbols) };
}

function machineOf({ wide, littleEndian, machineNumber }: ProgramHeaders): Machine {
  if (!wide || !littleEndian) return "other";
  if (machineNumber === 62) return "x86-64";
  return machineNumber === 183 ? "aarch64" : "other";
}

/** One more than the largest row named; 0 when none is. */
function symbolsReferenced({ symbol }: Relocations): number {
  const largest = symbol.reduce((most, row) => Math.max(most, row), 0);
  return largest === 0 ? 0 : largest + 1;
}

/** The strings are a view of the file, which the image must not hold on to. (A Buffer's `slice` would be a view again.) */
function withoutForeignBytes(symbols: Symbols): Symbols {
  return { ...symbols, strings: new Uint8Array(symbols.strings) };
}
