/** Where the time of an ingest goes: each step alone, on one thread, over the first file of the pair. */
import { createHash, hash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { compressFrame, FRAME_PAGES } from "../../server/frames/index.ts";
import { hashPages, pagesToHash } from "../../server/hash/index.ts";
import { summarisePages } from "../../server/summarise/index.ts";
import { SUMMARY_BYTES } from "../../shared/summary/index.ts";
import { type Row, timeRow, type Yardstick } from "./row.ts";

const PAGE = 4096;
const PIECE = FRAME_PAGES * PAGE;

export function benchSteps(file: string, openssl: Yardstick): Row[] {
  const distinct = distinctPages(file);
  const batch = new Uint8Array(PIECE);
  const toHash = pagesToHash(batch, new Uint8Array(FRAME_PAGES * 32));
  const zero = new Uint8Array(FRAME_PAGES);
  const digest = createHash("sha256");
  const summaries = new Uint8Array(FRAME_PAGES * SUMMARY_BYTES);
  const step = (what: string, work: () => void) => {
    const start = performance.now();
    work();
    return timeRow(`step: ${what}`, (performance.now() - start) / 1000, openssl);
  };
  const overFile = (each: (count: number) => void) => () => forEachPiece(file, batch, each);
  const overDistinct = (each: (pages: Buffer) => void) => () => {
    for (let at = 0; at < distinct.length; at += PIECE) each(distinct.subarray(at, at + PIECE));
  };
  return [
    step(
      "read",
      overFile(() => undefined),
    ),
    step(
      "read, digest of the file",
      overFile((count) => digest.update(batch.subarray(0, count * PAGE))),
    ),
    step(
      "read, zero test and hash of each page",
      overFile((count) => hashPages(toHash, count, zero)),
    ),
    step(
      "compress distinct pages, fast",
      overDistinct((pages) => compressFrame(pages, "fast")),
    ),
    step(
      "compress distinct pages, dense",
      overDistinct((pages) => compressFrame(pages, "dense")),
    ),
    step(
      "summarise distinct pages",
      overDistinct((pages) => summarisePages(pages, undefined, summaries)),
    ),
  ];
}

function forEachPiece(file: string, batch: Uint8Array, each: (count: number) => void): void {
  const fd = openSync(file, "r");
  try {
    for (let got = readSync(fd, batch); got > 0; got = readSync(fd, batch)) each(Math.floor(got / PAGE));
  } finally {
    closeSync(fd);
  }
}

function distinctPages(file: string): Buffer {
  const seen = new Set<string>();
  const out = Buffer.alloc(statSync(file).size);
  const batch = Buffer.alloc(PIECE);
  const zero = Buffer.alloc(PAGE);
  let filled = 0;
  forEachPiece(file, batch, (count) => {
    for (let i = 0; i < count; i++) {
      const page = batch.subarray(i * PAGE, (i + 1) * PAGE);
      if (page.equals(zero)) continue;
      const digest = hash("sha256", page, "base64");
      if (seen.has(digest)) continue;
      seen.add(digest);
      filled += page.copy(out, filled);
    }
  });
  return out.subarray(0, filled);
}
