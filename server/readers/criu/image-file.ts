/**
 * CRIU image files: one or two magics, then records of a 32-bit length and a protobuf message, to the end of the file.
 * The magics and lengths are in the dumped machine's byte order; page contents are plain memory.
 * @see docs/formats/criu.md#framing
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { ByteSource } from "../contract.ts";
import type { Losses } from "../losses.ts";
import type { TarMember } from "../tar/index.ts";

/** Type magics, by the name that the format gives the image. */
export const MAGIC = {
  inventory: 0x58313116,
  pstree: 0x50273030,
  core: 0x55053847,
  ids: 0x54432030,
  mm: 0x57492820,
  pagemap: 0x56084025,
  files: 0x56303138,
  regFiles: 0x50363636,
  memfd: 0x48453499,
  remap: 0x59133954,
  ghost: 0x52583605,
  utsns: 0x54473203,
  mountpoints: 0x55563928,
} as const;
/** Begins every image of format V1.1 and later, except the inventory. */
const COMMON = 0x54564319;

/** 65,530 mappings of 40 B are 2.6 MB; a record of 64 MiB has never been written. */
const RECORD_LIMIT = 64 * 1024 * 1024;
const CHUNK = 256 * 1024;

export interface ImageContext {
  readonly source: ByteSource;
  readonly losses: Losses;
  /** Set by the first image that is read: the byte order of the machine. */
  byteOrder: "little" | "big";
}

/**
 * The messages of an image, in file order; `offset` is where the message begins in the member. The bytes are valid
 * until the next message is asked for. A missing image (`undefined`) has no messages, by the format's own rule.
 * @throws DumpError `dump-damaged` or `dump-cut`, naming member and offset.
 */
export async function* messages(
  context: ImageContext,
  member: TarMember | undefined,
  magic: number,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly offset: number }> {
  if (member === undefined || member.size === 0) return;
  const { source, losses } = context;
  const head = await source.read(member.offset, Math.min(8, member.stored));
  const order = magicOf(head, magic);
  if (order === null) {
    losses.damaged(`${member.name} does not begin like the CRIU image it is named for`, {
      member: member.name,
      offset: 0,
    });
    return;
  }
  const little = order.byteOrder === "little";
  context.byteOrder = order.byteOrder;
  let position = order.length;
  let buffer: Uint8Array = new Uint8Array(0);
  let bufferAt = position;
  while (position < member.stored) {
    const have = await ensure(4);
    if (have < 4) {
      incomplete(4, have);
      return;
    }
    const at = position - bufferAt;
    const length = new DataView(buffer.buffer, buffer.byteOffset + at, 4).getUint32(0, little);
    if (length > RECORD_LIMIT || position + 4 + length > member.size) {
      losses.damaged(
        `${member.name} has a record of ${length} bytes at byte ${position}; ${member.size - position - 4} are left`,
        { member: member.name, offset: position, needed: length, there: member.size - position - 4 },
      );
      return;
    }
    const there = await ensure(4 + length);
    if (there < 4 + length) {
      incomplete(4 + length, there);
      return;
    }
    const start = position - bufferAt + 4;
    yield { bytes: buffer.subarray(start, start + length), offset: position + 4 };
    position += 4 + length;
  }

  /** Makes `length` bytes from `position` on available in `buffer`; @returns how many are. */
  async function ensure(length: number): Promise<number> {
    if (member === undefined) return 0;
    if (position + length > bufferAt + buffer.length && bufferAt + buffer.length < member.stored) {
      const want = Math.min(Math.max(length, CHUNK), member.stored - position);
      buffer = await source.read(member.offset + position, want);
      bufferAt = position;
    }
    return Math.min(length, bufferAt + buffer.length - position);
  }

  function incomplete(needed: number, there: number): void {
    if (member === undefined) return;
    const facts = { member: member.name, offset: position, needed, there };
    const sentence = `${member.name} ends inside a record at byte ${position}`;
    if (member.stored < member.size) losses.cut(sentence, facts);
    else losses.damaged(sentence, facts);
  }
}

function magicOf(head: Uint8Array, magic: number): { byteOrder: "little" | "big"; length: number } | null {
  if (head.length < 4) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  for (const byteOrder of ["little", "big"] as const) {
    const little = byteOrder === "little";
    const first = view.getUint32(0, little);
    if (first === magic) return { byteOrder, length: 4 };
    if (first === COMMON && head.length >= 8 && view.getUint32(4, little) === magic) return { byteOrder, length: 8 };
  }
  return null;
}

/** A field of a message: a varint or fixed number, or the bytes of a string, message or packed list. */
export type FieldValue = bigint | Uint8Array;

/** Calls `visit` for each field in order. @throws Error when the bytes are no protobuf message. */
export function eachField(bytes: Uint8Array, visit: (field: number, value: FieldValue) => void): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    switch (wire) {
      case WireType.Varint:
        visit(field, BigInt(reader.uint64()));
        break;
      case WireType.Bit64:
        visit(field, BigInt(reader.fixed64()));
        break;
      case WireType.LengthDelimited:
        visit(field, reader.bytes());
        break;
      case WireType.Bit32:
        visit(field, BigInt(reader.fixed32()));
        break;
      default:
        reader.skip(wire, field);
    }
    if (reader.pos > reader.len) throw new RangeError("the message ends inside a field");
  }
}

/** A number field. @throws Error when the message gives bytes instead. */
export function numberOf(field: number, value: FieldValue): bigint {
  if (typeof value !== "bigint") throw new TypeError(`field ${field} is not a number`);
  return value;
}

/** A field of bytes. @throws Error when the message gives a number instead. */
export function bytesOf(field: number, value: FieldValue): Uint8Array {
  if (typeof value === "bigint") throw new TypeError(`field ${field} is a number`);
  return value;
}

/** A repeated number: one value, or a packed list of them. */
export function numbersOf(value: FieldValue): readonly bigint[] {
  if (typeof value === "bigint") return [value];
  const reader = new BinaryReader(value);
  const numbers: bigint[] = [];
  while (reader.pos < reader.len) numbers.push(BigInt(reader.uint64()));
  return numbers;
}
