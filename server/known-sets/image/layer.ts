/**
 * One layer as its members, in order. A compressed one is a stream, read front to back: there is no other way. One that
 * lies in the archive as it is is read by its headers. Names are labels; members are never written anywhere.
 */
import { Readable } from "node:stream";
import { extract, type Header } from "tar-stream";
import { DumpError, isDumpError } from "../../../shared/errors/index.ts";
import { type ByteSource, compressionOf, decompress, type FileSource, withinLimit } from "../../readers/index.ts";
import type { ImageLayer } from "./archive.ts";
import { readPlainLayer } from "./plain-layer.ts";

const CHUNK = 256 * 1024;
/** The kernel's longest path is 4096; a tar may name longer ones, which no container can open. */
const PATH_LIMIT = 16_384;
/** Old writers leave the magic out; the library takes them when told to, though its types do not name the option. */
const TAR_OPTIONS = { allowUnknownFormat: true, highWaterMark: CHUNK };

export interface LayerMember {
  /** Place in the layer, from 0. */
  readonly index: number;
  readonly path: string;
  readonly kind: "file" | "hard link" | "symbolic link" | "directory" | "other";
  readonly size: number;
  /** Of a hard link a path of the layer; of a symbolic link what it says, which may be anything. */
  readonly target: string;
  /** Its bytes; those not taken are passed over when the next member is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

export interface LayerOptions {
  readonly signal?: AbortSignal;
  /** Bytes of the stored layer read so far. */
  readonly onProgress?: (bytes: number) => void;
  /** Most bytes one layer may unpack to. */
  readonly limit: number;
  /** What an analyst must know of the layer. */
  readonly onNote?: (note: string) => void;
}

/** @throws DumpError `image-damaged`, `archive-hostile`, `limit-met`, `cancelled`. */
export async function* readLayer(
  source: FileSource,
  layer: ImageLayer,
  options: LayerOptions,
): AsyncGenerator<LayerMember> {
  const { offset, size } = layer.member;
  const isPlain = compressionOf(await source.read(offset, Math.min(16, size))) === "none";
  yield* isPlain ? readPlainLayer(source, layer, options) : readPackedLayer(source, layer, options);
}

async function* readPackedLayer(
  source: ByteSource,
  layer: ImageLayer,
  options: LayerOptions,
): AsyncGenerator<LayerMember> {
  const name = layer.member.name;
  const { bytes } = await decompress(storedBytes(source, layer, options));
  const tar = extract(TAR_OPTIONS);
  const { limit } = options;
  const tooMany = () =>
    new DumpError("limit-met", `Layer ${name} unpacks to more than ${limit} bytes`, { member: name, limit });
  const input = Readable.from(withinLimit(bytes, limit, tooMany));
  input.on("error", (error) => tar.destroy(error));
  input.pipe(tar);
  try {
    let index = 0;
    for await (const entry of tar) {
      const { header } = entry;
      const chunks = entry[Symbol.asyncIterator]();
      // Leaving the loop over a member early must not end the layer, so its iterator is never returned.
      const content: AsyncIterable<Uint8Array> = {
        async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
          for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
            const chunk: unknown = next.value;
            if (chunk instanceof Uint8Array) yield chunk;
          }
        },
      };
      yield {
        index: index++,
        path: pathOf(header.name, name),
        kind: kindOf(header.type),
        size: header.size ?? 0,
        target: targetOf(header, name),
        content,
      };
      while ((await chunks.next()).done !== true);
    }
  } catch (error) {
    throw explain(error, name, options.signal);
  } finally {
    input.destroy();
    tar.destroy();
  }
}

function explain(error: unknown, name: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return new DumpError("cancelled", "Reading the image was cancelled", {}, { cause: error });
  const damaged = isDumpError(error) && (error.code === "dump-cut" || error.code === "dump-damaged");
  if (isDumpError(error) && !damaged) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DumpError("image-damaged", `Layer ${name} cannot be read: ${message}`, { member: name }, { cause: error });
}

async function* storedBytes(source: ByteSource, layer: ImageLayer, options: LayerOptions): AsyncGenerator<Uint8Array> {
  const { offset, size } = layer.member;
  for (let done = 0; done < size; ) {
    options.signal?.throwIfAborted();
    const chunk = await source.read(offset + done, Math.min(CHUNK, size - done));
    if (chunk.length === 0) break;
    done += chunk.length;
    yield chunk;
    options.onProgress?.(done);
  }
}

function kindOf(type: string | null | undefined): LayerMember["kind"] {
  if (type === "file" || type === "contiguous-file") return "file";
  if (type === "link") return "hard link";
  if (type === "symlink") return "symbolic link";
  return type === "directory" ? "directory" : "other";
}

function targetOf({ type, linkname }: Header, layer: string): string {
  if (type === "link") return pathOf(linkname ?? "", layer);
  return type === "symlink" ? (linkname ?? "").slice(0, PATH_LIMIT) : "";
}

/** Without `./`, doubled and outer `/`. */
function pathOf(name: string, layer: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..") || name.includes("\0") || name.length > PATH_LIMIT) {
    const shown = name.length > 200 ? `${name.slice(0, 200)}…` : name;
    throw new DumpError("archive-hostile", `Layer ${layer} names a place outside itself: ${shown}`, {
      member: shown,
      layer,
    });
  }
  return parts.join("/");
}
