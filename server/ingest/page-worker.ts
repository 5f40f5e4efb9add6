/** A page worker: reads batches for itself, hashes them, and makes frames and summaries of the rows that are wanted. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { SUMMARY_BYTES } from "../../shared/summary/index.ts";
import { hashPages } from "../hash/index.ts";
import { compressFrame, type FilledFrame, FRAME_PAGES } from "../store/index.ts";
import { summarisePages } from "../summarise/index.ts";
import { type BatchPieces, type FromPageWorker, type ToPageWorker, transferList } from "./protocol.ts";

const port = parentPort;
if (!port) throw new Error("page-worker runs as a worker thread only");

const batches = new Map<number, { readonly content: Buffer; readonly hashes: Buffer }>();
const spare: Buffer[] = [];
let opened: { readonly file: string; readonly fd: number } | undefined;

port.on("message", (message: ToPageWorker) => {
  let answer: FromPageWorker;
  try {
    answer = handle(message);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    answer = { kind: "failed", id: message.id, message: error instanceof Error ? error.message : String(error), code };
  }
  port.postMessage(answer, transferList(answer));
});

function handle(message: ToPageWorker): FromPageWorker {
  switch (message.kind) {
    case "hash": {
      const content = spare.pop() ?? Buffer.alloc(256 * PAGE_SIZE);
      readPieces(descriptor(message.file), message.pieces, content);
      const hashes = Buffer.alloc(message.count * 32);
      const zero = new Uint8Array(message.count);
      hashPages(content, message.count, hashes, zero);
      batches.set(message.id, { content, hashes });
      return { kind: "hashed", id: message.id, hashes: new Uint8Array(hashes), zero };
    }
    case "keep": {
      const batch = batches.get(message.id);
      if (!batch) throw new Error(`batch ${message.id} is not here`);
      batches.delete(message.id);
      const frames = fillFrames(batch.content, batch.hashes, message.rows, message.pages);
      spare.push(batch.content);
      return { kind: "kept", id: message.id, frames };
    }
    case "digest": {
      const hash = createHash("sha256");
      const fd = openSync(message.file, "r");
      try {
        const piece = Buffer.alloc(1 << 20);
        for (let got = readSync(fd, piece); got > 0; got = readSync(fd, piece)) hash.update(piece.subarray(0, got));
      } finally {
        closeSync(fd);
      }
      return { kind: "digest", id: message.id, sha256: hash.digest("hex") };
    }
    default:
      return message satisfies never;
  }
}

function descriptor(file: string): number {
  if (opened?.file === file) return opened.fd;
  if (opened) closeSync(opened.fd);
  opened = { file, fd: openSync(file, "r") };
  return opened.fd;
}

/** Reads pieces one behind another; a partial page is zero-padded on both sides. */
function readPieces(fd: number, pieces: BatchPieces, content: Buffer): void {
  let at = 0;
  for (let i = 0; i < pieces.offset.length; i++) {
    const length = pieces.pages[i] * PAGE_SIZE;
    const isPartial = pieces.from[i] !== 0 || pieces.to[i] !== PAGE_SIZE;
    if (isPartial) content.fill(0, at, at + length);
    const start = isPartial ? at + pieces.from[i] : at;
    const end = isPartial ? at + pieces.to[i] : at + length;
    for (let done = start; done < end; ) {
      const got = readSync(fd, content, done, end - done, pieces.offset[i] + done - start);
      if (got === 0) throw new Error(`the file ended at byte ${pieces.offset[i] + done - start} while it was read`);
      done += got;
    }
    at += length;
  }
}

function fillFrames(content: Buffer, hashes: Buffer, rows: Uint32Array, pages: Uint32Array): FilledFrame[] {
  const frames: FilledFrame[] = [];
  for (let at = 0; at < rows.length; at += FRAME_PAGES) {
    const some = rows.subarray(at, at + FRAME_PAGES);
    const gathered = new Uint8Array(some.length * PAGE_SIZE);
    const theirHashes = new Uint8Array(some.length * 32);
    some.forEach((row, i) => {
      gathered.set(content.subarray(row * PAGE_SIZE, row * PAGE_SIZE + PAGE_SIZE), i * PAGE_SIZE);
      theirHashes.set(hashes.subarray(row * 32, row * 32 + 32), i * 32);
    });
    const summaries = new Uint8Array(some.length * SUMMARY_BYTES);
    summarisePages(gathered, undefined, summaries);
    frames.push({
      contents: compressFrame(gathered),
      summaries: compressFrame(summaries),
      pages: pages.slice(at, at + FRAME_PAGES),
      hashes: theirHashes,
    });
  }
  return frames;
}
