/**
 * The file as it arrived → its uncompressed content and its digests. A file that is not compressed is read where it
 * lies; a compressed one is unpacked into the scratch folder. Beside both a thread computes the digest of the file.
 */
import { createHash } from "node:crypto";
import { type Stats, statSync } from "node:fs";
import { DumpError } from "../../shared/errors/index.ts";
import { beginFileDigest, type FileDigest, type PageWorkers } from "../page-workers/index.ts";
import { compressionOfFile, unpackDump, unpackLimit } from "../readers/index.ts";
import type { IngestOptions, IngestRequest } from "./path.ts";

export interface Arrived extends AsyncDisposable {
  /** Path of the uncompressed content. */
  readonly content: string;
  /** What was lost with the end of a compressed stream, in words. */
  readonly lost: readonly string[];
  /** Whether the last of the workers is still busy with the digest. */
  readonly isDigesting: boolean;
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

/** @throws DumpError `file-unreadable`, `dump-empty`, and those of unpacking */
export async function arrive(
  request: IngestRequest,
  scratch: string,
  workers: PageWorkers,
  options: IngestOptions,
): Promise<Arrived> {
  const { file } = request;
  const name = request.fileName ?? file;
  const digest = request.digest ?? beginDigest(file, workers);
  if (!digest) throw new DumpError("file-unreadable", `${name} is not a regular file`, { file: name });
  try {
    const { before } = digest;
    if (before.size === 0) throw new DumpError("dump-empty", `${name} is empty`, { file: name });
    const unpacked =
      (await compressionOfFile(file)) === "none" ? undefined : await unpack(request, before.size, scratch, options);
    return {
      content: unpacked ? scratch : file,
      lost: unpacked?.lost ?? [],
      get isDigesting() {
        return digest.isUnderWay;
      },
      async digests() {
        const sha256 = await digest.sha256();
        requireUnchanged(file, before);
        return { sha256, unpackedSha256: unpacked?.sha256 ?? null, bytes: before.size };
      },
      [Symbol.asyncDispose]: () => digest[Symbol.asyncDispose](),
    };
  } catch (error) {
    await digest[Symbol.asyncDispose]();
    throw error;
  }
}

async function unpack(request: IngestRequest, totalBytes: number, scratch: string, options: IngestOptions) {
  const sha256 = createHash("sha256");
  const { lost } = await unpackDump(request.file, scratch, {
    signal: options.signal,
    keepCut: request.keepCut,
    limit: unpackLimit(),
    onOutput: (piece) => sha256.update(piece),
    onProgress: (bytes) =>
      options.onProgress({ phase: "unpacking", content: scratch, bytes, totalBytes, pages: 0, newPages: 0 }),
  });
  return { sha256: sha256.digest("hex"), lost: lost === null ? [] : [lost] };
}

function beginDigest(file: string, workers: PageWorkers): FileDigest | undefined {
  try {
    return beginFileDigest(file, workers);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Pages and digest are read at different moments: a file that is written to meanwhile would come back as neither. */
function requireUnchanged(file: string, before: Stats): void {
  const now = lookAt(file);
  if (now.size === before.size && now.mtimeMs === before.mtimeMs && now.ino === before.ino && now.dev === before.dev)
    return;
  throw new DumpError("file-changed", `${file} was changed while it was read`, {
    file,
    bytes: before.size,
    bytesNow: now.size,
  });
}

function lookAt(file: string): Stats {
  try {
    return statSync(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): DumpError {
  return new DumpError("file-unreadable", `${file} cannot be read`, { file }, { cause });
}
