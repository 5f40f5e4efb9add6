/**
 * A layer that lies in the archive uncompressed: its headers say where its members are, so names cost no bytes, and bytes
 * no tar parser.
 */
import { DumpError } from "../../../shared/errors/index.ts";
import { type ByteSource, type FileSource, indexRootTar, type RootTar } from "../../readers/index.ts";
import type { ImageLayer } from "./archive.ts";
import type { LayerMember, LayerOptions } from "./layer.ts";

const CHUNK = 1 << 20;
/** Up to this size a file lies in a block that the source has read already, or soon needs. */
const SMALL = 65_536;

/** @throws DumpError `image-damaged`, `archive-hostile`, `limit-met`, `cancelled`. */
export async function* readPlainLayer(
  source: FileSource,
  { member: { name, offset, size } }: ImageLayer,
  { limit, onNote, onProgress, signal }: LayerOptions,
): AsyncGenerator<LayerMember> {
  if (size > limit)
    throw new DumpError("limit-met", `Layer ${name} has more than ${limit} bytes`, { member: name, limit });
  const within: ByteSource = {
    size,
    read: (at, length) => source.read(offset + at, Math.min(length, Math.max(0, size - at))),
  };
  const { members, notes } = await membersOf(within, name);
  for (const note of notes) onNote?.(`Layer ${name}: ${note}`);
  const chunk = new Uint8Array(Math.min(CHUNK, size));
  for (const [index, member] of members.entries()) {
    if (signal?.aborted) throw new DumpError("cancelled", "Reading the image was cancelled");
    yield {
      index,
      path: member.name,
      kind: member.kind,
      size: member.size,
      target: member.linkTarget ?? "",
      content: bytesOf(source, offset + member.offset, member.size, chunk),
    };
    onProgress?.(member.offset + member.size);
  }
  onProgress?.(size);
}

async function membersOf(layer: ByteSource, name: string): Promise<Pick<RootTar, "members" | "notes">> {
  const index = await indexRootTar(layer);
  if (index === null) {
    const first = await layer.read(0, 512);
    // Nothing but the end mark: a layer of nothing.
    if (first.length === 512 && first.every((byte) => byte === 0)) return { members: [], notes: [] };
    throw new DumpError("image-damaged", `Layer ${name} cannot be read: it is no tar`, { member: name });
  }
  if (index.refusal !== null) throw index.refusal;
  if (index.trouble !== null)
    throw new DumpError("image-damaged", `Layer ${name} cannot be read: ${index.trouble.message}`, {
      ...index.trouble.facts,
      member: name,
    });
  return index;
}

async function* bytesOf(
  source: FileSource,
  offset: number,
  size: number,
  chunk: Uint8Array,
): AsyncGenerator<Uint8Array> {
  if (size > 0 && size <= SMALL) {
    yield await source.read(offset, size);
    return;
  }
  for (let done = 0; done < size; ) {
    const some = chunk.subarray(0, Math.min(chunk.length, size - done));
    const got = await source.readInto(some, offset + done);
    if (got < some.length)
      throw new DumpError("file-changed", "The image was changed while it was read", { offset: offset + done + got });
    done += got;
    yield some;
  }
}
