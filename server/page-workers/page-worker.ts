/** A page worker: reads batches for itself, hashes them, and makes frames of the rows that are wanted. */
import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { fillFrames } from "../frames/index.ts";
import { type HashedPages, hashPages, pagesToHash } from "../hash/index.ts";
import { answerRequests, type BatchMemory, batchMemory } from "../threads/index.ts";
import { type BatchPieces, ENDED_EARLY, type FromPageWorker, PIECE, type ToPageWorker } from "./protocol.ts";

interface Batch extends BatchMemory {
  readonly toHash: HashedPages;
}

interface Session {
  readonly fd: number;
  readonly file: string;
  readonly batches: readonly Batch[];
  readonly digest: Hash;
}

const sessions = new Map<number, Session>();
/** What is digested passes through it. */
const digested = Buffer.alloc(1 << 20);

answerRequests(handle);

function handle(message: ToPageWorker): FromPageWorker {
  switch (message.kind) {
    case "open": {
      const { file, memory } = message;
      const fd = openSync(file, "r");
      sessions.set(message.session, { fd, file, batches: memory.map(openBatch), digest: createHash("sha256") });
      return { kind: "opened", id: message.id };
    }
    case "close": {
      const session = sessions.get(message.session);
      if (session) closeSync(session.fd);
      sessions.delete(message.session);
      return { kind: "closed", id: message.id };
    }
    case "hash": {
      const { fd, file, batches } = sessionOf(message.session);
      const batch = batches[message.memory];
      naming(file, () => readPieces(fd, message.pieces, batch.content));
      hashPages(batch.toHash, message.count, batch.zero);
      return { kind: "hashed", id: message.id };
    }
    case "keep": {
      const batch = sessionOf(message.session).batches[message.memory];
      return { kind: "kept", id: message.id, frames: fillFrames(batch, message.count, message.effort) };
    }
    case "digest": {
      const session = sessionOf(message.session);
      return { kind: "digest", id: message.id, sha256: naming(session.file, () => digestMore(session, message.bytes)) };
    }
    default:
      return message satisfies never;
  }
}

function openBatch(buffer: SharedArrayBuffer): Batch {
  const memory = batchMemory(buffer);
  return { ...memory, toHash: pagesToHash(memory.content, memory.hashes) };
}

function sessionOf(id: number): Session {
  const session = sessions.get(id);
  if (!session) throw new Error("no file is open in this worker");
  return session;
}

/** Node.js names no file in what fails on a descriptor. */
function naming<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) error.message += ` '${file}'`;
    throw error;
  }
}

/** The reader has checked every length against the file's: it has been cut since. */
class EndedEarly extends Error {
  readonly code = ENDED_EARLY;

  constructor(byte: number) {
    super(`the file ended at byte ${byte} while it was read`);
  }
}

/** Reads pieces one behind another; a partial page is zero-padded on both sides. */
function readPieces(fd: number, pieces: BatchPieces, content: Uint8Array): void {
  let at = 0;
  for (let i = 0; i < pieces.length; i += PIECE) {
    const offset = pieces[i];
    const length = pieces[i + 1] * PAGE_SIZE;
    const isPartial = pieces[i + 2] !== 0 || pieces[i + 3] !== PAGE_SIZE;
    if (isPartial) content.fill(0, at, at + length);
    const start = isPartial ? at + pieces[i + 2] : at;
    const end = isPartial ? at + pieces[i + 3] : at + length;
    for (let done = start; done < end; ) {
      const got = readSync(fd, content, done, end - done, offset + done - start);
      if (got === 0) throw new EndedEarly(offset + done - start);
      done += got;
    }
    at += length;
  }
}

/** @returns the digest once the file has ended */
function digestMore({ fd, digest }: Session, bytes: number): string | null {
  for (let left = bytes; left > 0; ) {
    const got = readSync(fd, digested, 0, Math.min(left, digested.length), null);
    if (got === 0) return digest.digest("hex");
    digest.update(digested.subarray(0, got));
    left -= got;
  }
  return null;
}
