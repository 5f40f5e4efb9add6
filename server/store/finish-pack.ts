/** The final form of one pack: the same pages in the same frames, packed densely, and their summaries beside. */
import { compressFrame } from "../frames/index.ts";
import type { BlobName, Blobs } from "./blobs.ts";
import { createPackWriter, frameRows, readFrame, readPackTable, writeSummaries } from "./pack.ts";
import { summariesOf } from "./page-store.ts";

export interface ToFinishWorker {
  readonly kind: "finish";
  readonly id: number;
  readonly directory: string;
  readonly pack: BlobName;
}

export type FromFinishWorker =
  | ({ readonly kind: "finished"; readonly id: number } & FinishedPack)
  | { readonly kind: "failed"; readonly id: number; readonly message: string; readonly code: string | undefined };

export interface FinishedPack {
  /** The same name when nothing could be packed more densely. */
  readonly name: BlobName;
  readonly summaries: BlobName;
}

/** @throws DumpError `store-damaged` when a page does not match its hash: what is damaged is never given a new name */
export async function finishPack(blobs: Blobs, pack: BlobName): Promise<FinishedPack> {
  const table = readPackTable(blobs, "packs", pack);
  const writer = createPackWriter(blobs);
  try {
    const summaries = await writeSummaries(blobs, table, (frame) => {
      const [first, end] = frameRows(table, frame);
      const pages = readFrame(blobs, "packs", pack, table, frame);
      writer.append({
        contents: compressFrame(pages, "dense"),
        pages: table.pages.subarray(first, end),
        hashes: table.hashes.subarray(first * 32, end * 32),
      });
      return summariesOf(pages);
    });
    const [{ name }] = await writer.finish();
    return { name, summaries };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}
