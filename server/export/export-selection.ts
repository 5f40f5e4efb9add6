/**
 * The bytes of a selection as an archive: the bytes themselves, end to end, and beside them which ranges of which spaces
 * they are of, because holes take no room, and which of them are not the dump's; with the digests of all.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type Pack, pack } from "tar-stream";
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { addressOfPage, formatAddress, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import type { PageBatch } from "../find/index.ts";
import type { PageReader } from "../store/index.ts";

/** Pages read at once: 1 MiB. */
const PIECE = 256;
/** The same selection gives the same archive. */
const NO_TIME = new Date(0);

/** Neighbouring bytes of a space, all of them the dump's or none. */
export interface SelectedRange {
  readonly space: string;
  readonly address: string;
  readonly bytes: number;
  /** Where they begin among all selected bytes. */
  readonly offset: number;
  /** Bytes for pages left to files: not the dump's. */
  readonly filled: boolean;
}

/** What there are bytes of, in the order of the selection. */
export function selectedRanges(batches: Iterable<PageBatch>): SelectedRange[] {
  const ranges: { space: string; address: string; bytes: number; offset: number; filled: boolean }[] = [];
  let offset = 0;
  let next = -1;
  let space: string | undefined;
  for (const batch of batches) {
    for (let row = 0; row < batch.length; row++) {
      const [page, from, to] = [batch.address[row], batch.from[row], batch.to[row]];
      const filled = batch.filled[row] === 1;
      const last = ranges.at(-1);
      const isNext = space === batch.space && page === next && from === 0;
      if (last && isNext && last.filled === filled) last.bytes += to - from;
      else {
        const address = formatAddress(addressOfPage(page as PageAddress, from));
        ranges.push({ space: batch.space, address, bytes: to - from, offset, filled });
      }
      offset += to - from;
      space = batch.space;
      next = to === PAGE_SIZE ? page + 1 : -1;
    }
  }
  return ranges;
}

export interface SelectionExport {
  /** Gives bytes of pages by the numbers that `batches` have. */
  readonly reader: Pick<PageReader, "bytes">;
  /** Of the selection; walked twice. */
  batches(): Iterable<PageBatch>;
  /** What `selection.json` says, from the ranges. */
  describe(ranges: readonly SelectedRange[]): object;
  /** What lies beside the bytes when some of them may be filled. */
  readonly list?: { readonly name: string; text(whole: { bytes: number; sha256: string }): string } | undefined;
}

/** The member of the archive that has the bytes. */
export const BYTES_NAME = "bytes.raw";

/** @returns a stream of the archive; it is destroyed with what went wrong, or when the signal comes. */
export function exportSelection(exported: SelectionExport, signal: AbortSignal): Pack {
  const archive = pack();
  write(archive, exported, signal).catch((error: unknown) =>
    archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return archive;
}

async function write(archive: Pack, exported: SelectionExport, signal: AbortSignal): Promise<void> {
  const { reader, list } = exported;
  const digests: string[] = [];
  const addText = (name: string, text: string) => {
    archive.entry({ name, mtime: NO_TIME }, text);
    digests.push(digestLine(createHash("sha256").update(text).digest("hex"), name));
  };
  const ranges = selectedRanges(exported.batches());
  addText("selection.json", `${JSON.stringify(exported.describe(ranges), null, 2)}\n`);
  const bytes = ranges.reduce((sum, range) => sum + range.bytes, 0);
  const entry = archive.entry({ name: BYTES_NAME, size: bytes, mtime: NO_TIME });
  const hash = createHash("sha256");
  for (const batch of exported.batches()) {
    for (let at = 0; at < batch.length; at += PIECE) {
      signal.throwIfAborted();
      const piece = bytesOf(reader, batch, at, Math.min(batch.length, at + PIECE));
      hash.update(piece);
      if (!entry.write(piece)) await once(entry, "drain", { signal });
    }
  }
  entry.end(undefined);
  const sha256 = hash.digest("hex");
  digests.push(digestLine(sha256, BYTES_NAME));
  if (list) addText(list.name, list.text({ bytes, sha256 }));
  archive.entry({ name: "SHA256SUMS", mtime: NO_TIME }, digests.join(""));
  archive.finalize();
}

/** As `sha256sum` reads it. */
function digestLine(sha256: string, name: string): string {
  return `${sha256}  ${name}\n`;
}

/** The selected bytes of rows [from, to) of a batch, end to end. */
function bytesOf(reader: SelectionExport["reader"], batch: PageBatch, from: number, to: number): Buffer {
  const pages = batch.page.subarray(from, to);
  const content = reader.bytes(pages.filter((page) => page !== ZERO_PAGE));
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
