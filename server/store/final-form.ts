/** The two things that make the final form of a pack; each reads all of its pages and checks them against their hashes. */
import { compressFrame } from "../frames/index.ts";
import type { BlobName, Blobs } from "./blobs.ts";
import { createPackWriter, frameRows, readFrame, readPackTable, writeSummaries } from "./pack.ts";
import { summariesOf } from "./page-store.ts";

export interface ToFinishWorker {
  readonly kind: "summarise" | "pack-densely";
  readonly id: number;
  readonly directory: string;
  readonly pack: BlobName;
}

export type FromFinishWorker =
  /** The blob that was made. */
  | { readonly kind: "made"; readonly id: number; readonly name: BlobName }
  | { readonly kind: "failed"; readonly id: number; readonly message: string; readonly code: string | undefined };

/** @returns the summaries. @throws DumpError `store-damaged` */
export async function summarisePack(blobs: Blobs, pack: BlobName): Promise<BlobName> {
  const table = readPackTable(blobs, "packs", pack);
  return writeSummaries(blobs, table, (frame) => summariesOf(readFrame(blobs, "packs", pack, table, frame)));
}

/**
 * The same pages in the same frames.
 * @returns the new pack; the same name when nothing could be packed more densely.
 * @throws DumpError `store-damaged`: what is damaged is never given a new name
 */
export async function packDensely(blobs: Blobs, pack: BlobName): Promise<BlobName> {
  const table = readPackTable(blobs, "packs", pack);
  const writer = createPackWriter(blobs);
  try {
    for (let frame = 0; frame < table.frames.length / 4; frame++) {
      const [first, end] = frameRows(table, frame);
      writer.append({
        contents: compressFrame(readFrame(blobs, "packs", pack, table, frame), "dense"),
        pages: table.pages.subarray(first, end),
        hashes: table.hashes.subarray(first * 32, end * 32),
      });
    }
    const [{ name }] = await writer.finish();
    return name;
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}
