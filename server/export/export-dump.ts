/** Gives a dump back byte for byte. The digest of the stream is checked at its end: a consumer that sees no error has it. */
import { createHash } from "node:crypto";
import { DumpError } from "../../shared/errors/index.ts";
import { decodePages } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { type Blobs, readSection, type Section, type SnapshotRecord, type Store } from "../store/index.ts";
import { readOriginal } from "./original.ts";
import { pagesOf } from "./pages-of.ts";

/** Pages in one piece: 1 MiB. */
const PIECE = 256;

/**
 * @yields pieces of at most 1 MiB; a dump that arrived compressed comes as its exact uncompressed stream.
 * @throws DumpError `store-damaged` when a page or the whole does not match its digest
 */
export async function* exportDump(store: Store, snapshot: SnapshotRecord): AsyncGenerator<Uint8Array> {
  const original = readOriginal(store.blobs, snapshot.original);
  const hash = createHash("sha256");
  const skeleton = sectionReader(store.blobs, snapshot.original, original.skeleton, (bytes) => bytes);
  const numbers = sectionReader(
    store.blobs,
    snapshot.original,
    original.numbers,
    (bytes) => new Uint8Array(decodePages(bytes).buffer),
  );
  for (let part = 0; part < original.parts.length; part++) {
    const isPages = part % 2 === 1;
    for (let left = original.parts[part]; left > 0; ) {
      const piece = isPages
        ? pagesOf(store, new Uint32Array(numbers(Math.min(left, PIECE) * 4).slice().buffer))
        : skeleton(Math.min(left, PIECE * PAGE_SIZE));
      left -= isPages ? piece.length / PAGE_SIZE : piece.length;
      hash.update(piece);
      yield piece;
    }
  }
  const digest = hash.digest("hex");
  const expected = snapshot.unpackedSha256 ?? snapshot.sha256;
  if (digest !== expected) {
    throw new DumpError(
      "store-damaged",
      `${snapshot.container}/${snapshot.name} came out as ${digest}; it arrived as ${expected}`,
      { sha256: digest, expected },
    );
  }
}

/** Reads sections as one stream; each call gives exactly as many bytes as asked for. */
function sectionReader(
  blobs: Blobs,
  name: string,
  sections: readonly Section[],
  decode: (bytes: Uint8Array) => Uint8Array,
): (length: number) => Uint8Array {
  let next = 0;
  let current = new Uint8Array(0);
  let at = 0;
  return (length) => {
    const out = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      if (at === current.length) {
        current = new Uint8Array(decode(readSection(blobs, "originals", name, sections[next++])));
        at = 0;
      }
      const piece = current.subarray(at, at + length - done);
      out.set(piece, done);
      at += piece.length;
      done += piece.length;
    }
    return out;
  };
}
