/**
 * A compressed upload, unpacked as it comes into a scratch file that grows with it. Nothing is done unless somebody
 * says that the upload has grown; whoever looks at it no more closes it, and the file is gone.
 */
import { type FileHandle, open, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import { decompress } from "../readers/index.ts";

const CHUNK = 256 * 1024;
/** The free space of the disk is looked at once in so many bytes. */
const LOOK_BYTES = 16 << 20;
/** Left free beside what the upload still lacks: looking at a dump must not be what refuses it. */
const SPARE_BYTES = 256 << 20;

export class UnpackedUpload {
  /** Scratch file with the content so far. */
  readonly file: FileHandle;
  readonly #path: string;
  readonly #source: FileHandle;
  readonly #limit: number;
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  #wake: () => void = () => undefined;
  #lacking: number;
  #bytes = 0;
  #isDone = false;
  #failure: DumpError | null = null;

  private constructor(source: FileHandle, file: FileHandle, scratch: string, lacking: number, limit: number) {
    this.#source = source;
    this.file = file;
    this.#path = scratch;
    this.#lacking = lacking;
    this.#limit = limit;
    this.#running = this.#run();
  }

  /**
   * @param source the upload; stays the caller's, until this is closed. @param scratch path of a file that is not there yet.
   * @param lacking bytes of the upload that have not come. @param limit most bytes to unpack.
   * @throws of the file system, when the scratch file cannot be made
   */
  static async start(source: FileHandle, scratch: string, lacking: number, limit: number): Promise<UnpackedUpload> {
    return new UnpackedUpload(source, await open(scratch, "wx+"), scratch, lacking, limit);
  }

  /** Of the content so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** All of the content is here. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Why it goes on no more. */
  get failure(): DumpError | null {
    return this.#failure;
  }

  /** More of the upload may have come. @param lacking what has not. */
  goOn(lacking: number): void {
    this.#lacking = lacking;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#wake();
    await this.#running;
    await this.file.close();
    await rm(this.#path, { force: true });
  }

  async #run(): Promise<void> {
    try {
      const { bytes } = await decompress(this.#compressed());
      let looked = Number.NEGATIVE_INFINITY;
      for await (const chunk of bytes) {
        if (this.#abort.signal.aborted) return;
        if (this.#bytes + chunk.length > this.#limit)
          throw new DumpError("limit-met", `The file unpacks to more than ${this.#limit} bytes`, {
            limit: this.#limit,
          });
        if (this.#bytes - looked >= LOOK_BYTES) {
          await this.#requireSpace();
          looked = this.#bytes;
        }
        await writeAll(this.file, chunk, this.#bytes);
        this.#bytes += chunk.length;
      }
      this.#isDone = !this.#abort.signal.aborted;
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#failure = asDumpError(error);
    }
  }

  /** The upload from its beginning, to its end or until this is closed. */
  async *#compressed(): AsyncGenerator<Uint8Array> {
    for (let at = 0; !this.#abort.signal.aborted; ) {
      const grown = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      // Asked before the file is read: what comes between is read the next time.
      const isWhole = this.#lacking === 0;
      const bytes = new Uint8Array(CHUNK);
      const { bytesRead } = await this.#source.read(bytes, 0, CHUNK, at);
      at += bytesRead;
      if (bytesRead > 0) yield bytes.subarray(0, bytesRead);
      else if (isWhole) return;
      else await grown;
    }
  }

  async #requireSpace(): Promise<void> {
    const { bavail, bsize } = await statfs(path.dirname(this.#path));
    const free = bavail * bsize;
    if (free < this.#lacking + SPARE_BYTES)
      throw new DumpError("disk-full", `Only ${free} bytes are free on the disk: they are kept for the upload`, {
        free,
      });
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}

function asDumpError(error: unknown): DumpError {
  if (isDumpError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DumpError("io-failed", `The upload could not be unpacked: ${message}`, {}, { cause: error });
}
