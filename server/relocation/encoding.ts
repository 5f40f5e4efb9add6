/**
 * The description of an ELF file as bytes, for a known set to keep. Six or so bytes a relocation, and the file's own
 * string table: libc.so.6 and libcrypto.so.3 are in the table of docs/relocation.md.
 */
import { ByteReader, ByteWriter } from "./bytes-of-numbers.ts";
import {
  type ElfImage,
  type Load,
  type LoaderPlaces,
  MACHINES,
  RELOCATION_KINDS,
  type Relocations,
  type Symbols,
  type VaddrRange,
} from "./elf-image.ts";

/** The first bytes, "ELFd" and the version of this encoding. */
const MAGIC = [0x45, 0x4c, 0x46, 0x64, 1];

export function encodeElfImage(image: ElfImage): Uint8Array {
  const out = new ByteWriter();
  for (const byte of MAGIC) out.byte(byte);
  out.byte(MACHINES.indexOf(image.machine));
  out.number(image.machineNumber);
  out.byte(image.fixed ? 1 : 0);
  out.number(image.loads.length);
  for (const load of image.loads) {
    out.byte((load.readable ? 4 : 0) | (load.writable ? 2 : 0) | (load.executable ? 1 : 0));
    for (const value of [load.offset, load.vaddr, load.filesz, load.memsz]) out.number(value);
  }
  out.byte(image.relro === undefined ? 0 : 1);
  if (image.relro !== undefined) for (const value of [image.relro.start, image.relro.end]) out.number(value);
  for (const text of [image.buildId, image.soname, image.interpreter, image.notUnderstood]) out.text(text);
  out.number(image.needed.length);
  for (const name of image.needed) out.text(name);
  out.number(image.tlsSize);
  writeSymbols(out, image.symbols);
  writeRelocations(out, image.relocations);
  const { debug, got, pointers } = image.loader;
  out.number(debug + 1);
  out.number(got + 1);
  out.number(pointers.length);
  for (const place of pointers) out.number(place);
  return out.finish();
}

/** @throws DumpError `store-damaged` for bytes that `encodeElfImage` did not write. */
export function decodeElfImage(bytes: Uint8Array): ElfImage {
  const input = new ByteReader(bytes);
  for (const byte of MAGIC)
    if (input.byte() !== byte) input.refuse("it does not begin as one, or is of another version");
  const machine = MACHINES[input.byte()] ?? input.refuse("its machine is not known");
  const machineNumber = input.number();
  const fixed = input.byte() === 1;
  const loads = Array.from({ length: input.count() }, () => readLoad(input));
  const relro: VaddrRange | undefined = input.byte() === 0 ? undefined : { start: input.number(), end: input.number() };
  const buildId = input.text();
  const soname = input.text();
  const interpreter = input.text();
  const notUnderstood = input.text();
  const needed = Array.from({ length: input.count() }, () => input.text() ?? input.refuse("a needed file has no name"));
  const tlsSize = input.number();
  const symbols = readSymbols(input);
  const relocations = readRelocations(input, symbols.length);
  const loader: LoaderPlaces = {
    debug: input.number() - 1,
    got: input.number() - 1,
    pointers: Array.from({ length: input.count() }, () => input.number()),
  };
  if (input.left > 0) input.refuse(`${input.left} bytes follow its end`);
  return {
    machine,
    machineNumber,
    fixed,
    loads,
    relro,
    buildId,
    soname,
    interpreter,
    needed,
    tlsSize,
    relocations,
    symbols,
    loader,
    notUnderstood,
  };
}

function readLoad(input: ByteReader): Load {
  const flags = input.byte();
  const [offset, vaddr, filesz, memsz] = [input.number(), input.number(), input.number(), input.number()];
  if (vaddr + memsz > 2 ** 52 || filesz > memsz || offset % 4096 !== vaddr % 4096) input.refuse("a load is none");
  return {
    offset,
    vaddr,
    filesz,
    memsz,
    readable: (flags & 4) !== 0,
    writable: (flags & 2) !== 0,
    executable: (flags & 1) !== 0,
  };
}

function writeSymbols(out: ByteWriter, symbols: Symbols): void {
  out.number(symbols.length);
  for (let row = 0; row < symbols.length; row++) {
    out.number(symbols.name[row]);
    out.number(symbols.value[row]);
    out.number(symbols.size[row]);
    out.byte(symbols.flags[row]);
    out.number(symbols.version[row]);
  }
  out.number(symbols.versions.length);
  for (const name of symbols.versions) out.text(name);
  out.bytes(symbols.strings);
}

function readSymbols(input: ByteReader): Symbols {
  const length = input.count();
  const name = new Uint32Array(length);
  const value = new Float64Array(length);
  const size = new Float64Array(length);
  const flags = new Uint8Array(length);
  const version = new Uint16Array(length);
  for (let row = 0; row < length; row++) {
    name[row] = input.number();
    value[row] = input.number();
    size[row] = input.number();
    flags[row] = input.byte();
    version[row] = input.number();
  }
  const versions = Array.from({ length: input.count() }, () => input.text());
  return { length, name, value, size, flags, version, versions, strings: input.bytes() };
}

function writeRelocations(out: ByteWriter, relocations: Relocations): void {
  out.number(relocations.length);
  let last = 0;
  for (let row = 0; row < relocations.length; row++) {
    out.number(relocations.address[row] - last);
    out.byte(relocations.kind[row]);
    out.number(relocations.symbol[row]);
    out.signed(relocations.addend[row]);
    last = relocations.address[row];
  }
}

function readRelocations(input: ByteReader, symbols: number): Relocations {
  const length = input.count();
  const address = new Float64Array(length);
  const kind = new Uint8Array(length);
  const symbol = new Uint32Array(length);
  const addend = new Float64Array(length);
  let last = 0;
  for (let row = 0; row < length; row++) {
    const more = input.number();
    last += more;
    const code = input.byte();
    const named = input.number();
    if (
      (row > 0 && more === 0) ||
      last > 2 ** 53 ||
      code >= RELOCATION_KINDS.length ||
      (named > 0 && named >= symbols)
    ) {
      input.refuse(`relocation ${row} is none`);
    }
    address[row] = last;
    kind[row] = code;
    symbol[row] = named;
    addend[row] = input.signed();
  }
  return { length, address, kind, symbol, addend };
}
