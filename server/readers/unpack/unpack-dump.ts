/**
 * The uncompressed content of a file, written to another file: readers need random access, and `export` gives back
 * exactly this stream.
 */
import { createReadStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { DumpError, isDumpError } from "../../../shared/errors/index.ts";
import { type Compression, compressionOf } from "./compression.ts";
import { decompress } from "./decompress.ts";
import { FileSource } from "./file-source.ts";

const CHUNK = 256 * 1024;

export interface UnpackOptions {
  readonly signal?: AbortSignal;
  /** Called as the file is read, with all bytes read of it so far. */
  readonly onProgress?: (bytesIn: number) => void;
  /** Most bytes to produce. */
  readonly limit?: number;
  /** Keep what came out of a stream that is cut or damaged, instead of throwing. */
  readonly keepCut?: boolean;
  /** Each piece of the uncompressed content, in order: for its digest. Not to be kept. */
  readonly onOutput?: (bytes: Uint8Array) => void;
}

export interface Unpacked {
  readonly compression: Compression;
  /** Of the uncompressed content. */
  readonly bytes: number;
  /** What was lost by a cut, in words; `null` for a whole stream. */
  readonly lost: string | null;
}

/** What a file is compressed with, told by its first bytes. */
export async function compressionOfFile(path: string): Promise<Compression> {
  await using source = await FileSource.open(path);
  return compressionOf(await source.read(0, 16));
}

/**
 * Undoes gzip and zstd (at most twice) into `target`, which must not exist. A file that is not compressed is left
 * alone: nothing is written and `target` is not made, because the caller can read the file itself; its bytes are
 * passed to `onOutput` if that is given.
 * A failure leaves no `target` behind.
 * @throws DumpError `dump-cut`, `dump-damaged`, `dump-unsupported`, `limit-met`, `disk-full`, `io-failed`, `cancelled`.
 */
export async function unpackDump(path: string, target: string, options: UnpackOptions = {}): Promise<Unpacked> {
  const compression = await compressionOfFile(path);
  if (compression === "none") return passOver(path, options);
  const file = await open(target, "wx");
  try {
    const done = await write(file, path, compression, options);
    await file.close();
    return done;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(target, { force: true });
    throw explain(error, path, target, options.signal);
  }
}

async function write(
  file: FileHandle,
  path: string,
  compression: Compression,
  options: UnpackOptions,
): Promise<Unpacked> {
  const limit = options.limit ?? Number.MAX_SAFE_INTEGER;
  const { bytes: content } = await decompress(fileBytes(path, options));
  let bytes = 0;
  try {
    for await (const chunk of content) {
      options.signal?.throwIfAborted();
      if (bytes + chunk.length > limit) {
        throw new DumpError("limit-met", `The file unpacks to more than ${limit} bytes`, { limit });
      }
      options.onOutput?.(chunk);
      await writeAll(file, chunk, bytes);
      bytes += chunk.length;
    }
  } catch (error) {
    const recovered = isDumpError(error) && (error.code === "dump-cut" || error.code === "dump-damaged");
    if (!options.keepCut || !recovered) throw error;
    return { compression, bytes, lost: `${error.message}; ${bytes} bytes came out of it.` };
  }
  return { compression, bytes, lost: null };
}

async function passOver(path: string, options: UnpackOptions): Promise<Unpacked> {
  let bytes = 0;
  if (options.onOutput === undefined) {
    await using source = await FileSource.open(path);
    bytes = source.size;
  } else {
    try {
      for await (const chunk of fileBytes(path, options)) {
        options.onOutput?.(chunk);
        bytes += chunk.length;
      }
    } catch (error) {
      throw explain(error, path, path, options.signal);
    }
  }
  return { compression: "none", bytes, lost: null };
}

async function* fileBytes(path: string, options: UnpackOptions): AsyncGenerator<Uint8Array> {
  let bytesIn = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK, signal: options.signal })) {
    const bytes: Uint8Array = chunk;
    bytesIn += bytes.length;
    yield bytes;
    options.onProgress?.(bytesIn);
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < chunk.length) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}

function explain(error: unknown, path: string, target: string, signal: AbortSignal | undefined): unknown {
  if (isDumpError(error)) return error;
  if (signal?.aborted) return new DumpError("cancelled", "Unpacking was cancelled", {}, { cause: error });
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new DumpError(
      "disk-full",
      `The disk is full while the dump is unpacked to ${target}`,
      { target },
      { cause: error },
    );
  }
  return new DumpError(
    "io-failed",
    `Unpacking ${path} to ${target} failed: ${message}`,
    { path, reason: code },
    { cause: error },
  );
}
