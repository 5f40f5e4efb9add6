/**
 * A store of many distinct pages without the dumps they came from: each page is its own number and zeros, so that it
 * packs to nothing, while hashes, index, packs' tables and catalog are those of a real store.
 */
import { hash } from "node:crypto";
import { compressFrame, FRAME_PAGES } from "../server/frames/index.ts";
import { createPageIntake, openStore } from "../server/store/index.ts";
import { NO_PAGE } from "../shared/manifest/index.ts";

const PAGE = 4096;

/** @param pages a multiple of 64. */
export async function makeLargeStore(directory: string, pages: number): Promise<void> {
  const store = openStore(directory);
  const intake = createPageIntake(store.blobs, store.catalog);
  const content = Buffer.alloc(FRAME_PAGES * PAGE);
  const hashes = Buffer.alloc(FRAME_PAGES * 32);
  const columns = {
    zero: new Uint8Array(FRAME_PAGES),
    guesses: new Uint32Array(FRAME_PAGES).fill(NO_PAGE),
    pages: new Uint32Array(FRAME_PAGES),
    fresh: new Uint16Array(FRAME_PAGES),
  };
  for (let first = 0; first < pages; first += FRAME_PAGES) {
    for (let i = 0; i < FRAME_PAGES; i++) {
      content.writeDoubleLE(first + i + 1, i * PAGE);
      hashes.write(hash("sha256", content.subarray(i * PAGE, (i + 1) * PAGE), "binary"), i * 32, 32, "latin1");
    }
    intake.number(hashes, FRAME_PAGES, columns);
    intake.keep({ contents: compressFrame(content, "fast"), pages: columns.pages, hashes });
  }
  const finished = await intake.finish();
  store.catalog.transaction(() => finished.commit());
  store.close();
}
