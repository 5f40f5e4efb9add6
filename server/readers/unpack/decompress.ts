/**
 * Compressed bytes in, plain bytes out, as streams with back-pressure: a few chunks are in memory, whatever the ratio
 * (a legitimate core of 26 KB expands to 101 MB, so no ratio is suspicious; the caller limits absolute bytes).
 */
import { constants, createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from "node:zlib";
import { DumpError, isDumpError } from "../../../shared/errors/index.ts";
import { COMPRESSION_MAGIC, type Compression, compressionOf } from "./compression.ts";
import { ZstdFrames } from "./zstd-frames.ts";

const CHUNK = 256 * 1024;
const ZSTD_OPTIONS = { chunkSize: CHUNK, params: { [constants.ZSTD_d_windowLogMax]: 27 } };

/** Compressions inside one another that are undone; `core.gz` in `core.gz.zst` is the most that was ever met. */
const NESTING = 2;

export interface Decompressed {
  /** The outermost compression. */
  readonly compression: Compression;
  /** Ends by throwing `dump-cut` or `dump-damaged` after the last byte that could be recovered. */
  readonly bytes: AsyncGenerator<Uint8Array>;
}

/**
 * Undoes gzip (several members) and zstd (several frames, skippable ones between them), at most twice, told by content.
 * @throws DumpError, while the bytes are read: `dump-cut`, `dump-damaged`, `dump-unsupported`, `limit-met`.
 */
export async function decompress(input: AsyncIterable<Uint8Array>): Promise<Decompressed> {
  const outer = await peek(input);
  const compression = compressionOf(outer.first);
  if (compression === "none") return { compression, bytes: outer.bytes };
  return { compression, bytes: inner(decode(compression, outer.bytes), NESTING - 1) };
}

async function* inner(input: AsyncGenerator<Uint8Array>, left: number): AsyncGenerator<Uint8Array> {
  const { first, bytes } = await peek(input);
  const compression = compressionOf(first);
  if (compression === "none") {
    yield* bytes;
    return;
  }
  if (left === 0) {
    await bytes.return(undefined);
    throw new DumpError("limit-met", `The file is compressed more than ${NESTING} times`, { limit: NESTING });
  }
  yield* inner(decode(compression, bytes), left - 1);
}

function decode(compression: "gzip" | "zstd", input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return compression === "gzip" ? decodeGzip(input) : decodeZstd(input);
}

/** The first bytes of a stream, and the whole stream again. */
async function peek(
  input: AsyncIterable<Uint8Array>,
): Promise<{ first: Uint8Array; bytes: AsyncGenerator<Uint8Array> }> {
  const iterator = input[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  let failure: { readonly error: unknown } | null = null;
  while (length < COMPRESSION_MAGIC) {
    try {
      const next = await iterator.next();
      if (next.done === true) break;
      held.push(next.value);
      length += next.value.length;
    } catch (error) {
      // What came before the failure is still to be passed on; the failure comes after it.
      failure = { error };
      break;
    }
  }
  const first = Buffer.concat(held).subarray(0, COMPRESSION_MAGIC);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      yield* held.splice(0);
      if (failure !== null) throw failure.error;
      for (;;) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.(undefined);
    }
  }
  return { first, bytes: bytes() };
}

async function* decodeZstd(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames();
  let decoder: Decoder | null = null;
  try {
    for await (const chunk of input) {
      for (const piece of frames.push(chunk)) {
        decoder ??= new Decoder(createZstdDecompress(ZSTD_OPTIONS), "zstd");
        yield* decoder.decode(piece.bytes, frames.offset);
        if (piece.last) {
          decoder.close();
          decoder = null;
        }
      }
    }
    if (!frames.complete) throw cutStream("zstd", frames.offset);
  } finally {
    decoder?.close();
  }
}

async function* decodeGzip(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  const decoder = new Decoder(gunzip, "gzip");
  let offset = 0;
  try {
    for await (const chunk of input) {
      let rest = chunk;
      if (!decoder.ended) {
        const before = gunzip.bytesWritten;
        yield* decoder.decode(chunk, offset);
        rest = decoder.ended ? chunk.subarray(gunzip.bytesWritten - before) : new Uint8Array(0);
      }
      // Tapes and some writers pad with zeros behind the last member; anything else there is damage.
      if (rest.some((byte) => byte !== 0)) {
        throw new DumpError("dump-damaged", "Bytes that are no gzip follow the gzip stream", {
          offset: offset + chunk.length - rest.length,
        });
      }
      offset += chunk.length;
    }
    if (!decoder.ended) yield* decoder.end(offset);
  } finally {
    decoder.close();
  }
}

/** Drives one of Node's decoders: writes a piece, hands out what it produces, one chunk at a time. */
class Decoder {
  readonly #stream: Gunzip | ZstdDecompress;
  readonly #name: "gzip" | "zstd";
  #error: Error | null = null;
  #wake: () => void = () => {};
  ended = false;

  constructor(stream: Gunzip | ZstdDecompress, name: "gzip" | "zstd") {
    this.#stream = stream;
    this.#name = name;
    stream.on("error", (error) => {
      this.#error = error;
      this.#wake();
    });
    stream.on("end", () => {
      this.ended = true;
      this.#wake();
    });
    stream.on("readable", () => this.#wake());
  }

  /** @param offset where the piece stands in the compressed stream, for errors. */
  async *decode(piece: Uint8Array, offset: number): AsyncGenerator<Uint8Array> {
    let taken = false;
    this.#stream.write(piece, () => {
      taken = true;
      this.#wake();
    });
    yield* this.#output(() => taken, offset);
  }

  async *end(offset: number): AsyncGenerator<Uint8Array> {
    this.#stream.end();
    yield* this.#output(() => this.ended, offset);
  }

  close(): void {
    this.#stream.destroy();
  }

  async *#output(finished: () => boolean, offset: number): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk: Uint8Array | null = this.#stream.read();
      if (chunk !== null) {
        yield chunk;
        continue;
      }
      if (this.#error !== null) throw this.#explain(this.#error, offset);
      if (finished() || this.ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (finished() || this.ended || this.#error !== null || this.#stream.readableLength > 0) resolve();
      });
    }
  }

  #explain(error: Error, offset: number): unknown {
    if (isDumpError(error)) return error;
    const code = "code" in error ? String(error.code) : error.name;
    if (code === "Z_BUF_ERROR") return cutStream(this.#name, offset);
    return new DumpError(
      "dump-damaged",
      `The ${this.#name} stream cannot be decoded near byte ${offset}: ${error.message}`,
      { offset, reason: code },
      { cause: error },
    );
  }
}

function cutStream(name: "gzip" | "zstd", offset: number): DumpError {
  return new DumpError("dump-cut", `The ${name} stream ends at byte ${offset}, before its end mark`, { offset });
}
