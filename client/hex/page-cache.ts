/**
 * Pages of one side, read in chunks of 16 (64 KiB, one request) and kept: 128 chunks are 8 MiB. Reads are started by
 * looking; what is looked at no more is not read further.
 */
import { FILLED_STATE, type RangeBytes } from "../../shared/api/index.ts";
import { PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { isRecorded } from "../../shared/snapshot/index.ts";
import type { BytesSource } from "./bytes-source.ts";

const CHUNK_PAGES = 16;
const MOST_CHUNKS = 128;
const MOST_READS = 4;

type Chunk =
  /** `before`: what is shown until then, of a chunk that is read again. */
  | { readonly state: "reading"; readonly abort: AbortController; readonly before: RangeBytes | undefined }
  /** `isOld`: more of it may be there by now. */
  | { readonly state: "here"; readonly content: RangeBytes; readonly isOld: boolean }
  | { readonly state: "failed"; readonly message: string };

/** `absent`: the page has no bytes, whatever the picture says. */
export type PageContent =
  | { readonly state: "reading" | "absent" }
  | { readonly state: "failed"; readonly message: string }
  /** `known`: the bytes [from, to) that are there, the dump's unless the page is filled; the others are 00 in `bytes`. */
  | {
      readonly state: "here";
      readonly bytes: Uint8Array;
      readonly known: readonly [number, number];
      readonly isFilled: boolean;
    };

/** A byte of a page; `undefined` where the dump has none, or it is not here yet. */
export function byteAt(content: PageContent | undefined, offset: number): number | undefined {
  if (content?.state !== "here" || offset < content.known[0] || offset >= content.known[1]) return undefined;
  return content.bytes[offset];
}

/** Whether both have a byte there, and not the same. What one of them does not hold is no difference. */
export function isDifference(a: PageContent | undefined, b: PageContent | undefined, offset: number): boolean {
  const [one, other] = [byteAt(a, offset), byteAt(b, offset)];
  return one !== undefined && other !== undefined && one !== other;
}

const READING: PageContent = { state: "reading" };
const ABSENT: PageContent = { state: "absent" };
const WHOLE = [0, PAGE_SIZE] as const;

export interface PageCache {
  /** Starts a read when the page is not here. */
  page(space: Space, page: PageAddress): PageContent;
  /** Forgets failures, so that looking tries again. */
  retry(): void;
  /** Pages that were not there may be there now: looking at one reads again, and shows what was there until then. */
  renew(): void;
  dispose(): void;
}

export function createPageCache(source: BytesSource, onChange: () => void): PageCache {
  const chunks = new Map<string, Chunk>();
  let reads = 0;
  let isDisposed = false;
  let filledFrom = source.filledFrom;

  /** What was read with other bytes in filled pages is read again. */
  function followFilling(): void {
    if (filledFrom === source.filledFrom) return;
    filledFrom = source.filledFrom;
    for (const [key, chunk] of chunks) {
      if (chunk.state === "reading") chunk.abort.abort();
      if (chunk.state !== "failed") chunks.delete(key);
    }
  }

  function read(key: string, space: Space, first: PageAddress, before?: RangeBytes): void {
    if (reads >= MOST_READS) {
      // The least recently looked at gives way.
      for (const [other, chunk] of chunks) {
        if (chunk.state !== "reading") continue;
        chunk.abort.abort();
        chunks.delete(other);
        break;
      }
    }
    const abort = new AbortController();
    const mine: Chunk = { state: "reading", abort, before };
    chunks.set(key, mine);
    reads++;
    source
      .read(space, first, CHUNK_PAGES, abort.signal)
      .then(
        (content) => {
          if (chunks.get(key) === mine) chunks.set(key, { state: "here", content, isOld: false });
        },
        (error: unknown) => {
          if (chunks.get(key) !== mine) return;
          if (abort.signal.aborted) chunks.delete(key);
          else chunks.set(key, { state: "failed", message: error instanceof Error ? error.message : String(error) });
        },
      )
      .finally(() => {
        reads--;
        for (const [other, chunk] of chunks) {
          if (chunks.size <= MOST_CHUNKS) break;
          if (chunk.state !== "reading") chunks.delete(other);
        }
        if (!isDisposed) onChange();
      });
  }

  return {
    page(space, page) {
      const first = (Math.floor(page / CHUNK_PAGES) * CHUNK_PAGES) as PageAddress;
      followFilling();
      const key = `${space} ${first}`;
      const chunk = chunks.get(key);
      if (!chunk) {
        if (!isDisposed) read(key, space, first);
        return READING;
      }
      chunks.delete(key);
      chunks.set(key, chunk);
      if (chunk.state === "failed") return chunk;
      const content = chunk.state === "here" ? chunk.content : chunk.before;
      if (!content) return READING;
      const at = page - first;
      const isFilled = content.states[at] === FILLED_STATE;
      const isThere = isFilled || isRecorded(content.states[at] ?? 255);
      if (!isThere && chunk.state === "here" && chunk.isOld && !isDisposed) read(key, space, first, content);
      if (!isThere) return chunk.state === "here" && !chunk.isOld ? ABSENT : READING;
      return {
        state: "here",
        bytes: content.bytes.subarray(at * PAGE_SIZE, (at + 1) * PAGE_SIZE),
        known: content.partial.get(at) ?? WHOLE,
        isFilled,
      };
    },
    retry() {
      for (const [key, chunk] of chunks) if (chunk.state === "failed") chunks.delete(key);
      onChange();
    },
    renew() {
      for (const [key, chunk] of chunks) if (chunk.state === "here") chunks.set(key, { ...chunk, isOld: true });
      onChange();
    },
    dispose() {
      isDisposed = true;
      for (const chunk of chunks.values()) if (chunk.state === "reading") chunk.abort.abort();
      chunks.clear();
    },
  };
}
