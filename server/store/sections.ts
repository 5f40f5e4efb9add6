/**
 * A blob of sections with a directory at its end: manifests, provenance and originals have this form.
 *
 *     magic (4), u32 version, sections …, directory, footer
 *     section    zstd, or as it is when that is not smaller (then its length equals its bytes)
 *     directory  zstd of JSON
 *     footer     f64 offset of the directory, u32 bytes, u32 length, magic (4)
 */
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { DumpError } from "../../shared/errors/index.ts";
import type { BlobKind, BlobName, Blobs } from "./blobs.ts";

const FOOTER = 20;
/** Below this zstd's own head outweighs what it saves. */
const SMALLEST_COMPRESSED = 64;
/** A directory is a few kilobytes a thousand mappings; more than this is damage. */
const LARGEST_DIRECTORY = 512 << 20;

export interface Section {
  readonly offset: number;
  /** As stored. */
  readonly bytes: number;
  /** Of the content. */
  readonly length: number;
}

export interface SectionWriter<Directory> {
  append(content: Uint8Array): Section;
  finish(directory: Directory): BlobName;
  abandon(): void;
}

export function createSections<Directory>(blobs: Blobs, kind: BlobKind, magic: string): SectionWriter<Directory> {
  const writer = blobs.create(kind);
  const mark = new TextEncoder().encode(magic);
  const head = new Uint8Array(8);
  head.set(mark);
  head[4] = 1;
  writer.append(head);
  const append = (content: Uint8Array): Section => {
    const small = content.length < SMALLEST_COMPRESSED ? content : zstdCompressSync(content);
    const stored = small.length < content.length ? small : content;
    const section = { offset: writer.bytes, bytes: stored.length, length: content.length };
    writer.append(stored);
    return section;
  };
  return {
    append,
    finish(directory) {
      const { offset, bytes, length } = append(new TextEncoder().encode(JSON.stringify(directory)));
      const footer = new Uint8Array(FOOTER);
      const view = new DataView(footer.buffer);
      view.setFloat64(0, offset, true);
      view.setUint32(8, bytes, true);
      view.setUint32(12, length, true);
      footer.set(mark, 16);
      writer.append(footer);
      return writer.finish();
    },
    abandon: () => writer.abandon(),
  };
}

/** @throws DumpError `store-damaged` when the blob is not of this form */
export function readDirectory<Directory>(blobs: Blobs, kind: BlobKind, name: BlobName, magic: string): Directory {
  const damaged = (what: string, cause?: unknown) =>
    new DumpError("store-damaged", `${kind}/${name}: ${what}`, { blob: `${kind}/${name}` }, { cause });
  const size = blobs.size(kind, name);
  if (size < 8 + FOOTER) throw damaged("shorter than its head and footer");
  const footer = blobs.read(kind, name, size - FOOTER, FOOTER);
  const view = new DataView(footer.buffer);
  const section = {
    offset: view.getFloat64(0, true),
    bytes: view.getUint32(8, true),
    length: view.getUint32(12, true),
  };
  const isWhole =
    new TextDecoder().decode(footer.subarray(16)) === magic && section.offset + section.bytes + FOOTER === size;
  if (!isWhole || section.length > LARGEST_DIRECTORY) throw damaged("the footer is not one");
  const content = readSection(blobs, kind, name, section);
  try {
    // The blob's name is the digest of its bytes, and only this store writes them: its form is trusted.
    return JSON.parse(new TextDecoder().decode(content)) as Directory;
  } catch (cause) {
    throw damaged("the directory cannot be read", cause);
  }
}

export function readSection(blobs: Blobs, kind: BlobKind, name: BlobName, section: Section): Uint8Array {
  const stored = blobs.read(kind, name, section.offset, section.bytes);
  if (section.bytes === section.length) return stored;
  try {
    // One piece of memory, as for a frame.
    const chunkSize = Math.max(64, section.length + 1);
    const content = zstdDecompressSync(stored, { maxOutputLength: section.length, chunkSize });
    // Not a Buffer: its `slice` would share memory.
    return new Uint8Array(content.buffer, content.byteOffset, content.length);
  } catch (cause) {
    throw new DumpError(
      "store-damaged",
      `${kind}/${name}: the section at ${section.offset} cannot be unpacked`,
      { blob: `${kind}/${name}` },
      { cause },
    );
  }
}
