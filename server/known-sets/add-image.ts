/** An image archive → a known set: the pages of its merged files are hashed, and only hashes are kept. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import path from "node:path";
import { DumpError } from "../../shared/errors/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { type HashedPages, hashPages, pagesToHash } from "../hash/index.ts";
import type { KnownSetRecord, Store } from "../store/index.ts";
import { buildKnownSet } from "./known-set.ts";

/** Pages hashed at once: 1 MiB. */
const BATCH = 256;

export interface AddImageOptions {
  readonly signal: AbortSignal;
  /** Bytes of layers read, of both passes together. */
  onProgress(bytes: number, total: number): void;
}

/**
 * @returns the set as it is in the catalog; its `pages` are distinct and non-zero.
 * @throws DumpError `name-taken`, `store-busy`, and those of the image reader
 */
export async function addImage(
  store: Store,
  file: string,
  name: string,
  options: AddImageOptions,
): Promise<KnownSetRecord> {
  using _lock = await store.lock(`known add ${name}`);
  if (store.catalog.knownSets().some((set) => set.name === name)) {
    throw new DumpError("name-taken", `There is a known set ${name} already`, { name });
  }
  const scratch = path.join(store.scratch, randomBytes(8).toString("hex"));
  try {
    // Loaded when asked: every ingest looks known sets up, few commands add one.
    const { openImage } = await import("./image/index.ts");
    await using image = await openImage(file, { ...options, scratch });
    const builder = buildKnownSet(store.blobs);
    const batch = hashingBatch();
    await image.forEachFile(async ({ paths }, content) => {
      const { hashes, zero } = await hashFile(content, batch);
      for (const filePath of paths) builder.addFile(filePath, hashes, zero);
    });
    const record: KnownSetRecord = {
      name,
      source: image.kind,
      digest: image.configDigest,
      ...builder.finish(),
      addedAt: new Date().toISOString(),
    };
    store.catalog.transaction(() => store.catalog.addKnownSet(record));
    return record;
  } finally {
    rmSync(scratch, { force: true });
    store.sweep();
  }
}

/** Memory through which one file after another passes. */
interface HashingBatch {
  readonly batch: Uint8Array;
  readonly toHash: HashedPages;
}

function hashingBatch(): HashingBatch {
  const batch = new Uint8Array(BATCH * PAGE_SIZE);
  return { batch, toHash: pagesToHash(batch, new Uint8Array(BATCH * 32)) };
}

/** Hashes of a file's pages, the last one zero-padded as it is when it is mapped. 33 B a page. */
async function hashFile(
  content: AsyncIterable<Uint8Array>,
  { batch, toHash }: HashingBatch,
): Promise<{ readonly hashes: Uint8Array; readonly zero: Uint8Array }> {
  const hashes: Uint8Array[] = [];
  const zeros: Uint8Array[] = [];
  let filled = 0;
  const flush = () => {
    const count = Math.ceil(filled / PAGE_SIZE);
    batch.fill(0, filled, count * PAGE_SIZE);
    const zero = new Uint8Array(count);
    hashPages(toHash, count, zero);
    hashes.push(new Uint8Array(toHash.hashes.subarray(0, count * 32)));
    zeros.push(zero);
    filled = 0;
  };
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + batch.length - filled);
      batch.set(piece, filled);
      filled += piece.length;
      at += piece.length;
      if (filled === batch.length) flush();
    }
  }
  if (filled > 0) flush();
  return { hashes: Buffer.concat(hashes), zero: Buffer.concat(zeros) };
}
