/** A page worker: hashes the pages of a batch, makes frames of the rows that the store wants, and digests of layers. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { fillFrames } from "../frames/index.ts";
import { type HashedPages, hashPages, pagesToHash } from "../hash/index.ts";
import { answerRequests, type BatchMemory, batchMemory } from "../threads/index.ts";
import type { FromPageWorker, ToPageWorker } from "./protocol.ts";

let batches: readonly (BatchMemory & { readonly toHash: HashedPages })[] = [];

answerRequests(handle);

function handle(message: ToPageWorker): FromPageWorker {
  switch (message.kind) {
    case "open":
      batches = message.memory.map((buffer) => {
        const memory = batchMemory(buffer);
        return { ...memory, toHash: pagesToHash(memory.content, memory.hashes) };
      });
      return { kind: "opened", id: message.id };
    case "hash": {
      const { toHash, zero } = batches[message.memory];
      hashPages(toHash, message.count, zero);
      return { kind: "hashed", id: message.id };
    }
    case "keep": {
      const frames = fillFrames(batches[message.memory], message.count, message.effort);
      return { kind: "kept", id: message.id, frames };
    }
    case "digest":
      return { kind: "digest", id: message.id, sha256: digestOf(message.file, message.offset, message.size) };
    default:
      return message satisfies never;
  }
}

function digestOf(file: string, offset: number, size: number): string {
  const hash = createHash("sha256");
  const fd = openSync(file, "r");
  try {
    const piece = Buffer.alloc(Math.min(1 << 20, size));
    for (let done = 0; done < size; ) {
      const got = readSync(fd, piece, 0, Math.min(piece.length, size - done), offset + done);
      if (got === 0) break;
      hash.update(piece.subarray(0, got));
      done += got;
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest("hex");
}
