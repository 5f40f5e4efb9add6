/**
 * Random access to a file. Headers are read in thousands of small pieces, so blocks of it stay in memory; long reads
 * pass by the blocks, because page bytes are read once.
 */
import { type FileHandle, open } from "node:fs/promises";
import { getSystemErrorMessage } from "node:util";
import { DumpError } from "../../../shared/errors/index.ts";
import type { ByteSource } from "../contract.ts";

// 64 KiB × 64 blocks = 4 MiB at most.
const BLOCK = 65_536;
const BLOCKS = 64;

export class FileSource implements ByteSource {
  readonly size: number;
  readonly #file: FileHandle;
  readonly #path: string;
  /** By block number; the order of insertion is the order of last use. */
  readonly #blocks = new Map<number, Promise<Uint8Array>>();

  private constructor(file: FileHandle, path: string, size: number) {
    this.#file = file;
    this.#path = path;
    this.size = size;
  }

  /** @throws DumpError `file-unreadable`. The caller closes it. */
  static async open(path: string): Promise<FileSource> {
    let file: FileHandle;
    try {
      file = await open(path, "r");
    } catch (cause) {
      throw new DumpError("file-unreadable", `${path} cannot be opened: ${reasonOf(cause)}`, { path }, { cause });
    }
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new DumpError("file-unreadable", "This is not a regular file", { path });
      return new FileSource(file, path, stat.size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** What a file holds now, whatever is added to it later. The caller closes the file, and not the source. */
  static async over(file: FileHandle, path: string): Promise<FileSource> {
    return new FileSource(file, path, (await file.stat()).size);
  }

  /** The bytes may be shared with the source's blocks: not to be written to. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (offset < 0 || end <= offset) return new Uint8Array(0);
    const first = Math.floor(offset / BLOCK);
    const last = Math.floor((end - 1) / BLOCK);
    if (first === last) {
      const block = await this.#block(first);
      return block.subarray(offset - first * BLOCK, end - first * BLOCK);
    }
    return this.#readFile(offset, end - offset);
  }

  async close(): Promise<void> {
    this.#blocks.clear();
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #block(number: number): Promise<Uint8Array> {
    let block = this.#blocks.get(number);
    if (block === undefined) {
      block = this.#readFile(number * BLOCK, Math.min(BLOCK, this.size - number * BLOCK));
      if (this.#blocks.size >= BLOCKS) {
        for (const oldest of this.#blocks.keys()) {
          this.#blocks.delete(oldest);
          break;
        }
      }
    } else this.#blocks.delete(number);
    this.#blocks.set(number, block);
    return block;
  }

  async #readFile(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const done = await this.readInto(bytes, offset);
    return done === length ? bytes : bytes.subarray(0, done);
  }

  /** Fills memory of the caller. @returns bytes read, fewer at the end of the file */
  async readInto(bytes: Uint8Array, offset: number): Promise<number> {
    const { length } = bytes;
    let done = 0;
    try {
      while (done < length) {
        const { bytesRead } = await this.#file.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
    } catch (cause) {
      throw new DumpError(
        "io-failed",
        `Reading ${this.#path} failed: ${reasonOf(cause)}`,
        { path: this.#path, offset: offset + done },
        { cause },
      );
    }
    return done;
  }
}

/** A source over bytes in memory: small parts, and tests. */
export class MemorySource implements ByteSource {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.#bytes.subarray(offset, Math.min(offset + length, this.size));
  }
}

/** What the system says, without the call that Node.js names around it. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && "errno" in error && typeof error.errno === "number")
    return getSystemErrorMessage(error.errno);
  return error instanceof Error ? error.message : String(error);
}
