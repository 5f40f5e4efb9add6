/** Any range of a dump as it arrived, read from what the store keeps of it: a byte source again, without the file. */
import { decodePages } from "../../shared/manifest/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import type { ByteSource } from "../readers/index.ts";
import { LeastRecent, readSection, type Section, type SnapshotRecord, type Store } from "../store/index.ts";
import { NUMBERS, readOriginal } from "./original.ts";
import { pagesOf } from "./pages-of.ts";

/** Of 1 MiB at most. */
const OPEN_SECTIONS = 8;

export interface OriginalSource extends ByteSource {
  /** The same as `read`, at once. */
  bytes(offset: number, length: number): Uint8Array;
}

/** @throws DumpError `store-damaged` */
export function openOriginal(store: Store, { original: name }: Pick<SnapshotRecord, "original">): OriginalSource {
  const { bytes: size, parts, skeleton, numbers } = readOriginal(store.blobs, name);
  // Of each part: its first byte in the dump, and what of its kind stands before it (bytes, or pages).
  const first = new Float64Array(parts.length + 1);
  const before = new Float64Array(parts.length);
  const seen = [0, 0];
  parts.forEach((length, part) => {
    before[part] = seen[part % 2];
    seen[part % 2] += length;
    first[part + 1] = first[part] + (part % 2 === 1 ? length * PAGE_SIZE : length);
  });
  const skeletonEnds = endsOf(skeleton);
  const open = new LeastRecent<Uint8Array>(OPEN_SECTIONS);
  const sectionOf = (section: Section) =>
    open.get(String(section.offset), () => readSection(store.blobs, "originals", name, section));

  function skeletonBytes(out: Uint8Array, from: number): void {
    for (let done = 0; done < out.length; ) {
      const at = bisect(skeleton.length, (i) => skeletonEnds[i] <= from + done);
      const content = sectionOf(skeleton[at]);
      const start = from + done - (skeletonEnds[at] - skeleton[at].length);
      const piece = content.subarray(start, start + out.length - done);
      out.set(piece, done);
      done += piece.length;
    }
  }

  function pageBytes(out: Uint8Array, from: number): void {
    for (let done = 0; done < out.length; ) {
      const page = Math.floor((from + done) / PAGE_SIZE);
      const column = decodePages(sectionOf(numbers[Math.floor(page / NUMBERS)]));
      const content = pagesOf(store, column.slice(page % NUMBERS, (page % NUMBERS) + 1));
      const piece = content.subarray((from + done) % PAGE_SIZE).subarray(0, out.length - done);
      out.set(piece, done);
      done += piece.length;
    }
  }

  function bytes(offset: number, length: number): Uint8Array {
    const out = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    for (let done = 0; done < out.length; ) {
      const part = bisect(parts.length, (i) => first[i + 1] <= offset + done);
      const within = offset + done - first[part];
      const piece = out.subarray(done, Math.min(out.length, done + first[part + 1] - first[part] - within));
      if (part % 2 === 1) pageBytes(piece, before[part] * PAGE_SIZE + within);
      else skeletonBytes(piece, before[part] + within);
      done += piece.length;
    }
    return out;
  }

  return { size, bytes, read: async (offset, length) => bytes(offset, length) };
}

/** Of the content of each section, behind those before it. */
function endsOf(sections: readonly Section[]): Float64Array {
  const ends = new Float64Array(sections.length);
  sections.forEach(({ length }, i) => {
    ends[i] = (i === 0 ? 0 : ends[i - 1]) + length;
  });
  return ends;
}
