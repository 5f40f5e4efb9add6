/**
 * The file as it arrived → its uncompressed content and its digests. A file that is not compressed is read where it
 * lies, and its digest is computed by a thread beside the pages; a compressed one is unpacked into the scratch folder.
 */
import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { DumpError } from "../../shared/errors/index.ts";
import { messageId, type PageWorkers } from "../page-workers/index.ts";
import { compressionOfFile, unpackDump, unpackLimit } from "../readers/index.ts";
import type { IngestOptions, IngestRequest } from "./path.ts";

export interface Arrived extends AsyncDisposable {
  /** Path of the uncompressed content. */
  readonly content: string;
  /** What was lost with the end of a compressed stream, in words. */
  readonly lost: readonly string[];
  /** @throws DumpError `file-changed` when the file is not the one that was opened */
  digests(): Promise<ArrivedDigests>;
}

export interface ArrivedDigests {
  readonly sha256: string;
  /** Of the uncompressed stream, when it arrived compressed. */
  readonly unpackedSha256: string | null;
  /** Of the file as it arrived. */
  readonly bytes: number;
}

/** A tenth of a second's work. */
const DIGEST_SLICE = 64 << 20;

export async function arrive(
  request: IngestRequest,
  scratch: string,
  workers: PageWorkers,
  options: IngestOptions,
): Promise<Arrived> {
  const before = await lookAt(request.file);
  const bytes = before.size;
  const name = request.fileName ?? request.file;
  // A pipe or a device also says that it has no bytes.
  if (!before.isFile()) throw new DumpError("file-unreadable", `${name} is not a regular file`, { file: name });
  if (bytes === 0) throw new DumpError("dump-empty", `${name} is empty`, { file: name });
  if ((await compressionOfFile(request.file)) === "none") {
    const stopping = new AbortController();
    const digest = digestBeside(request.file, workers, stopping.signal);
    // Awaited at the end; a failure of the pages must not leave it unobserved.
    digest.catch(() => undefined);
    return {
      content: request.file,
      lost: [],
      async digests() {
        const sha256 = await digest;
        await requireUnchanged(request.file, before);
        return { sha256, unpackedSha256: null, bytes };
      },
      async [Symbol.asyncDispose]() {
        stopping.abort();
        await digest.catch(() => undefined);
      },
    };
  }
  const packed = createHash("sha256");
  const content = createHash("sha256");
  const limit = unpackLimit();
  const { lost } = await unpackDump(request.file, scratch, {
    signal: options.signal,
    keepCut: request.keepCut,
    limit,
    onInput: (piece) => packed.update(piece),
    onOutput: (piece) => content.update(piece),
    onProgress: (done) =>
      options.onProgress({
        phase: "unpacking",
        content: scratch,
        bytes: done,
        totalBytes: bytes,
        pages: 0,
        newPages: 0,
      }),
  });
  const digests = { sha256: packed.digest("hex"), unpackedSha256: content.digest("hex"), bytes };
  return {
    content: scratch,
    lost: lost === null ? [] : [lost],
    digests: async () => {
      await requireUnchanged(request.file, before);
      return digests;
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** SHA-256 of a file, by the last of the workers, in slices: so that it is fair to others, and can be stopped. */
async function digestBeside(file: string, workers: PageWorkers, signal: AbortSignal): Promise<string> {
  const worker = workers.size - 1;
  const session = messageId();
  await workers.request(worker, { kind: "open", id: messageId(), session, file, memory: [] });
  try {
    for (;;) {
      signal.throwIfAborted();
      const slice = { kind: "digest", id: messageId(), session, bytes: DIGEST_SLICE } as const;
      const answer = await workers.request(worker, slice);
      if (answer.kind !== "digest") throw new Error("the worker answered something else than a digest");
      if (answer.sha256 !== null) return answer.sha256;
    }
  } finally {
    await workers.request(worker, { kind: "close", id: messageId(), session });
  }
}

type Look = Pick<Stats, "size" | "mtimeMs" | "ino" | "dev" | "isFile">;

async function lookAt(file: string): Promise<Look> {
  try {
    return await stat(file);
  } catch (cause) {
    throw new DumpError("file-unreadable", `${file} cannot be read`, { file }, { cause });
  }
}

/** Pages and digest are read at different moments: a file that is written to meanwhile would come back as neither. */
async function requireUnchanged(file: string, before: Look): Promise<void> {
  const now = await lookAt(file);
  if (now.size === before.size && now.mtimeMs === before.mtimeMs && now.ino === before.ino && now.dev === before.dev)
    return;
  throw new DumpError("file-changed", `${file} was changed while it was read`, {
    file,
    bytes: before.size,
    bytesNow: now.size,
  });
}
