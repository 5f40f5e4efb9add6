/**
 * The bytes of a selection as an archive: the bytes themselves, end to end, and beside them which ranges of which spaces
 * they are of, because holes take no room; with the digests of both.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type Pack, pack } from "tar-stream";
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { addressOfPage, formatAddress, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import type { PageBatch } from "../find/index.ts";
import type { Store } from "../store/index.ts";

/** Pages read at once: 1 MiB. */
const PIECE = 256;
/** The same selection gives the same archive. */
const NO_TIME = new Date(0);

/** Neighbouring bytes of a space. */
export interface SelectedRange {
  readonly space: string;
  readonly address: string;
  readonly bytes: number;
  /** Where they begin among all selected bytes. */
  readonly offset: number;
}

/** What there are bytes of, in the order of the selection. */
export function selectedRanges(batches: Iterable<PageBatch>): SelectedRange[] {
  const ranges: { space: string; address: string; bytes: number; offset: number }[] = [];
  let offset = 0;
  let next = -1;
  let space: string | undefined;
  for (const batch of batches) {
    for (let row = 0; row < batch.length; row++) {
      const [page, from, to] = [batch.address[row], batch.from[row], batch.to[row]];
      const last = ranges.at(-1);
      if (last && space === batch.space && page === next && from === 0) last.bytes += to - from;
      else {
        const address = formatAddress(addressOfPage(page as PageAddress, from));
        ranges.push({ space: batch.space, address, bytes: to - from, offset });
      }
      offset += to - from;
      space = batch.space;
      next = to === PAGE_SIZE ? page + 1 : -1;
    }
  }
  return ranges;
}

/**
 * @param batches of the selection, walked twice.
 * @param describe what `selection.json` says, from the ranges.
 * @returns a stream of the archive; it is destroyed with what went wrong, or when the signal comes.
 */
export function exportSelection(
  store: Store,
  batches: () => Iterable<PageBatch>,
  describe: (ranges: readonly SelectedRange[]) => object,
  signal: AbortSignal,
): Pack {
  const archive = pack();
  write(archive, store, batches, describe, signal).catch((error: unknown) =>
    archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return archive;
}

async function write(
  archive: Pack,
  store: Store,
  batches: () => Iterable<PageBatch>,
  describe: (ranges: readonly SelectedRange[]) => object,
  signal: AbortSignal,
): Promise<void> {
  const ranges = selectedRanges(batches());
  const text = `${JSON.stringify(describe(ranges), null, 2)}\n`;
  archive.entry({ name: "selection.json", mtime: NO_TIME }, text);
  const size = ranges.reduce((sum, { bytes }) => sum + bytes, 0);
  const entry = archive.entry({ name: "bytes.raw", size, mtime: NO_TIME });
  const hash = createHash("sha256");
  for (const batch of batches()) {
    for (let at = 0; at < batch.length; at += PIECE) {
      signal.throwIfAborted();
      const piece = bytesOf(store, batch, at, Math.min(batch.length, at + PIECE));
      hash.update(piece);
      if (!entry.write(piece)) await once(entry, "drain", { signal });
    }
  }
  entry.end(undefined);
  const digests = `${hash.digest("hex")}  bytes.raw\n${createHash("sha256").update(text).digest("hex")}  selection.json\n`;
  archive.entry({ name: "SHA256SUMS", mtime: NO_TIME }, digests);
  archive.finalize();
}

/** The selected bytes of rows [from, to) of a batch, end to end. */
function bytesOf(store: Store, batch: PageBatch, from: number, to: number): Buffer {
  const pages = batch.page.subarray(from, to);
  const content = store.pages.bytes(pages.filter((page) => page !== ZERO_PAGE));
  const pieces: Uint8Array[] = [];
  let taken = 0;
  pages.forEach((page, i) => {
    const [first, behind] = [batch.from[from + i], batch.to[from + i]];
    if (page === ZERO_PAGE) pieces.push(new Uint8Array(behind - first));
    else {
      pieces.push(content.subarray(taken + first, taken + behind));
      taken += PAGE_SIZE;
    }
  });
  return Buffer.concat(pieces);
}
