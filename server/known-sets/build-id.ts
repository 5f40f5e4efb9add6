/**
 * The build-id of an ELF file (note NT_GNU_BUILD_ID), found while its bytes pass by once: program headers lie at the
 * beginning, and the notes that they name mostly do too. Nothing is trusted: what does not fit is no build-id.
 * @see man 5 elf
 */
const HEAD = 64 << 10;
const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
/** Real ones have 8 to 32 bytes, notes some hundred, files some three segments of notes. */
const ID_LIMIT = 64;
const NOTES_LIMIT = 64 << 10;
const SEGMENTS_LIMIT = 64;

export interface BuildIdFinder {
  /** The next bytes of the file. */
  push(chunk: Uint8Array): void;
  /** When all bytes have passed. @returns hexadecimal; `null` for a file without one */
  finish(): string | null;
}

interface Range {
  readonly offset: number;
  readonly bytes: Uint8Array;
  filled: number;
}

interface Header {
  readonly littleEndian: boolean;
  readonly notes: readonly { readonly offset: number; readonly length: number; readonly align: number }[];
}

export function createBuildIdFinder(): BuildIdFinder {
  /** Of an ELF file alone: most files are none. */
  let head: Uint8Array = new Uint8Array(4);
  let filled = 0;
  let passed = 0;
  let isElf: boolean | undefined;
  let header: Header | undefined;
  let ranges: readonly Range[] = [];

  function take(chunk: Uint8Array, at: number): void {
    for (const range of ranges) {
      const from = Math.max(range.offset + range.filled, at);
      const to = Math.min(range.offset + range.bytes.length, at + chunk.length);
      if (from >= to) continue;
      range.bytes.set(chunk.subarray(from - at, to - at), from - range.offset);
      range.filled = to - range.offset;
    }
  }

  function readHead(): void {
    header = headerOf(head.subarray(0, filled));
    ranges = (header?.notes ?? []).map(({ offset, length }) => ({ offset, bytes: new Uint8Array(length), filled: 0 }));
    take(head.subarray(0, filled), 0);
  }

  return {
    push(chunk) {
      if (isElf === false) return;
      const before = passed;
      passed += chunk.length;
      if (filled < HEAD) {
        for (let i = 0; filled < 4 && i < chunk.length; i++) head[filled++] = chunk[i];
        if (filled < 4) return;
        isElf = head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
        if (!isElf) return;
        if (head.length < HEAD) {
          const whole = new Uint8Array(HEAD);
          whole.set(head);
          head = whole;
        }
        const some = chunk.subarray(filled - before, HEAD - before);
        head.set(some, filled);
        filled += some.length;
        if (filled < HEAD) return;
        readHead();
      }
      take(chunk, before);
    },
    finish() {
      if (!isElf) return null;
      if (filled < HEAD) readHead();
      for (const [i, { bytes, filled: there }] of ranges.entries()) {
        const id = header && idIn(bytes.subarray(0, there), header.littleEndian, header.notes[i].align);
        if (id) return id;
      }
      return null;
    },
  };
}

function headerOf(head: Uint8Array): Header | undefined {
  if (head.length < 64) return undefined;
  const wide = head[4] === 2;
  const littleEndian = head[5] === 1;
  if ((!wide && head[4] !== 1) || (!littleEndian && head[5] !== 2)) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const word = (at: number) => (wide ? Number(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian));
  const table = word(wide ? 32 : 28);
  const size = view.getUint16(wide ? 54 : 42, littleEndian);
  const count = view.getUint16(wide ? 56 : 44, littleEndian);
  if (size < (wide ? 56 : 32)) return undefined;
  const notes: { offset: number; length: number; align: number }[] = [];
  for (let i = 0; i < count && notes.length < SEGMENTS_LIMIT; i++) {
    const at = table + i * size;
    if (at + size > head.length) break;
    if (view.getUint32(at, littleEndian) !== PT_NOTE) continue;
    const offset = word(at + (wide ? 8 : 4));
    const length = word(at + (wide ? 32 : 16));
    if (length > NOTES_LIMIT || !Number.isSafeInteger(offset)) continue;
    notes.push({ offset, length, align: word(at + (wide ? 48 : 28)) === 8 ? 8 : 4 });
  }
  return { littleEndian, notes };
}

function idIn(notes: Uint8Array, littleEndian: boolean, align: number): string | undefined {
  const view = new DataView(notes.buffer, notes.byteOffset, notes.byteLength);
  const padded = (length: number) => Math.ceil(length / align) * align;
  for (let at = 0; at + 12 <= notes.length; ) {
    const nameLength = view.getUint32(at, littleEndian);
    const length = view.getUint32(at + 4, littleEndian);
    const content = padded(at + 12 + nameLength);
    if (content + length > notes.length) return undefined;
    const isGnu = nameLength === 4 && String.fromCharCode(...notes.subarray(at + 12, at + 15)) === "GNU";
    if (isGnu && view.getUint32(at + 8, littleEndian) === NT_GNU_BUILD_ID && length > 0 && length <= ID_LIMIT)
      return Buffer.from(notes.subarray(content, content + length)).toString("hex");
    at = padded(content + length);
  }
  return undefined;
}
