/** ELF cores for tests, of either class and byte order, with segments where no honest tool puts them. */
export interface CoreSegment {
  readonly vaddr: bigint;
  readonly paddr?: bigint;
  readonly memsz: number | bigint;
  /** Bytes stored, laid behind the headers in order. */
  readonly content?: Uint8Array;
  /** Instead of the place and length of `content`. */
  readonly offset?: bigint;
  readonly filesz?: bigint;
  readonly flags?: number;
}

export interface CoreNote {
  readonly name: string;
  readonly type: number;
  readonly content: Uint8Array;
}

export interface CoreShape {
  readonly segments: readonly CoreSegment[];
  readonly notes?: readonly CoreNote[];
  readonly wide?: boolean;
  readonly littleEndian?: boolean;
  readonly machine?: number;
  /** Writes the count of headers into section 0 at the end of the file (PN_XNUM). */
  readonly extendedCount?: boolean;
}

export function makeCore(shape: CoreShape): Buffer {
  const { segments, notes = [], wide = true, littleEndian = true, machine = 62 } = shape;
  const [ehsize, phentsize, shentsize] = wide ? [64, 56, 64] : [52, 32, 40];
  const count = segments.length + 1;
  const noteBytes = Buffer.concat(notes.map((note) => makeNote(note, littleEndian)));
  let at = ehsize + count * phentsize;
  const noteAt = at;
  at += noteBytes.length;
  const headers: bigint[][] = [[4n, BigInt(noteAt), 0n, 0n, BigInt(noteBytes.length), 0n, 0n, 4n]];
  const contents: Uint8Array[] = [];
  for (const { vaddr, paddr = 0n, memsz, content = new Uint8Array(0), offset, filesz, flags = 6 } of segments) {
    headers.push([
      1n,
      offset ?? BigInt(at),
      vaddr,
      paddr,
      filesz ?? BigInt(content.length),
      BigInt(memsz),
      BigInt(flags),
      4096n,
    ]);
    contents.push(content);
    at += content.length;
  }
  const file = Buffer.alloc(at + (shape.extendedCount ? shentsize : 0));
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const u16 = (offset: number, value: number): void => view.setUint16(offset, value, littleEndian);
  const u32 = (offset: number, value: number): void => view.setUint32(offset, value, littleEndian);
  const word = (offset: number, value: bigint): void => {
    if (wide) view.setBigUint64(offset, value, littleEndian);
    else u32(offset, Number(value & 0xffff_ffffn));
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, littleEndian ? 1 : 2, 1]);
  u16(16, 4);
  u16(18, machine);
  word(wide ? 32 : 28, BigInt(ehsize));
  word(wide ? 40 : 32, shape.extendedCount ? BigInt(at) : 0n);
  u16(wide ? 54 : 42, phentsize);
  u16(wide ? 56 : 44, shape.extendedCount ? 0xffff : count);
  if (shape.extendedCount) u32(at + (wide ? 44 : 28), count);
  for (const [index, [type, offset, vaddr, paddr, filesz, memsz, flags, align]] of headers.entries()) {
    const start = ehsize + index * phentsize;
    u32(start, Number(type));
    u32(start + (wide ? 4 : 24), Number(flags));
    const fields = [offset, vaddr, paddr, filesz, memsz];
    for (const [i, value] of fields.entries()) word(start + (wide ? 8 + i * 8 : 4 + i * 4), value);
    word(start + (wide ? 48 : 28), align);
  }
  file.set(noteBytes, noteAt);
  let place = noteAt + noteBytes.length;
  for (const content of contents) {
    file.set(content, place);
    place += content.length;
  }
  return file;
}

function makeNote({ name, type, content }: CoreNote, littleEndian: boolean): Buffer {
  const padded = (length: number): number => Math.ceil(length / 4) * 4;
  const bytes = Buffer.alloc(12 + padded(name.length + 1) + padded(content.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const [i, value] of [name.length + 1, content.length, type].entries())
    view.setUint32(i * 4, value, littleEndian);
  bytes.write(name, 12);
  bytes.set(content, 12 + padded(name.length + 1));
  return bytes;
}

/** PRPSINFO of a 64-bit little-endian process. */
export function prpsinfo(pid: number, comm: string, psargs: string): CoreNote {
  const content = Buffer.alloc(136);
  content.writeInt32LE(pid, 24);
  content.writeInt32LE(1, 28);
  content.write(comm, 40, 16);
  content.write(psargs, 56, 80);
  return { name: "CORE", type: 3, content };
}

/** NT_FILE of a 64-bit little-endian process; offsets in units. */
export function ntFile(unit: bigint, files: readonly (readonly [bigint, bigint, bigint, string])[]): CoreNote {
  const longs = [BigInt(files.length), unit, ...files.flatMap((file) => [file[0], file[1], file[2]])];
  const numbers = Buffer.alloc(longs.length * 8);
  for (const [i, value] of longs.entries()) numbers.writeBigUInt64LE(value, i * 8);
  const names = Buffer.from(files.map(([, , , name]) => `${name}\0`).join(""));
  return { name: "CORE", type: 0x46494c45, content: Buffer.concat([numbers, names]) };
}
