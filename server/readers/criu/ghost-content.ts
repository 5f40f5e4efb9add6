/**
 * Where the content of a deleted file lies in its `ghost-file` image: behind the first record either all of it, or parts,
 * each behind a record of its own. What lies between parts is zero.
 * @see docs/formats/criu.md
 */
import type { TarMember } from "../tar/index.ts";
import { type ImageContext, MAGIC, messages } from "./image-file.ts";
import { parseGhostChunk, parseGhostSize } from "./messages.ts";

/** Columns of equal length, a row a part of the file that has bytes: ascending in the file, apart from each other. */
export interface GhostParts {
  /** First byte in the file. */
  readonly at: Float64Array;
  /** Bytes. */
  readonly length: Float64Array;
  /** First byte in the dump. */
  readonly offset: Float64Array;
}

/** A deleted file whose content a dump carries. */
export interface GhostFile {
  /** As it was called before. */
  readonly path: string;
  /** The member of the archive that has its content. */
  readonly member: string;
  /** Bytes. */
  readonly size: number;
  readonly parts: GhostParts;
}

/** The record before a part: two numbers. */
const CHUNK_RECORD_LIMIT = 64;
/** CRIU writes one for each stretch between holes; a file of more is left alone. */
const PARTS_LIMIT = 65_536;

/**
 * @returns the size, and `parts: null` where they do not lie as the records say; `empty` of an image of 0 bytes.
 * @throws DumpError `dump-damaged`, `dump-cut` of the first record
 */
export async function readGhostContent(
  context: ImageContext,
  member: TarMember,
): Promise<{ readonly size: number; readonly parts: GhostParts | null } | "unreadable" | "empty"> {
  for await (const { bytes, offset } of messages(context, member, MAGIC.ghost)) {
    const start = offset + bytes.length;
    let size: number | null;
    try {
      size = parseGhostSize(bytes);
    } catch {
      return "unreadable";
    }
    if (size !== null) return { size, parts: await readParts(context, member, start, size) };
    const length = member.size - start;
    const isWhole = member.stored === member.size;
    return { size: length, parts: isWhole ? partsOf([{ at: 0, length, offset: member.offset + start }]) : null };
  }
  return "empty";
}

interface Part {
  readonly at: number;
  readonly length: number;
  readonly offset: number;
}

async function readParts(
  { source, byteOrder }: ImageContext,
  member: TarMember,
  start: number,
  size: number,
): Promise<GhostParts | null> {
  const parts: Part[] = [];
  let end = 0;
  for (let position = start; position < member.size; ) {
    if (parts.length === PARTS_LIMIT) return null;
    const there = await source.read(
      member.offset + position,
      Math.min(4 + CHUNK_RECORD_LIMIT, member.stored - position),
    );
    if (there.length < 4) return null;
    const recorded = new DataView(there.buffer, there.byteOffset, 4).getUint32(0, byteOrder === "little");
    if (recorded > there.length - 4) return null;
    const chunk = chunkOf(there.subarray(4, 4 + recorded));
    position += 4 + recorded;
    if (!chunk || chunk.length === 0 || chunk.at < end || chunk.at + chunk.length > size) return null;
    if (position + chunk.length > member.stored) return null;
    parts.push({ ...chunk, offset: member.offset + position });
    position += chunk.length;
    end = chunk.at + chunk.length;
  }
  return partsOf(parts);
}

function chunkOf(bytes: Uint8Array): Pick<Part, "at" | "length"> | undefined {
  try {
    return parseGhostChunk(bytes);
  } catch {
    return undefined;
  }
}

function partsOf(parts: readonly Part[]): GhostParts {
  return {
    at: Float64Array.from(parts, ({ at }) => at),
    length: Float64Array.from(parts, ({ length }) => length),
    offset: Float64Array.from(parts, ({ offset }) => offset),
  };
}
