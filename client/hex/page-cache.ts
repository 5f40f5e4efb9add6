/**
 * Pages of one side, read in chunks of 16 (64 KiB, one request) and kept: 128 chunks are 8 MiB. Reads are started by
 * looking; what is looked at no more is not read further.
 */
import type { RangeBytes } from "../../shared/api/index.ts";
import { PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { isRecorded } from "../../shared/snapshot/index.ts";
import type { BytesSource } from "./bytes-source.ts";

const CHUNK_PAGES = 16;
const MOST_CHUNKS = 128;
const MOST_READS = 4;

type Chunk =
  | { readonly state: "reading"; readonly abort: AbortController }
  | { readonly state: "here"; readonly content: RangeBytes }
  | { readonly state: "failed"; readonly message: string };

/** `absent`: the page has no bytes, whatever the picture says. */
export type PageContent =
  | { readonly state: "reading" | "absent" }
  | { readonly state: "failed"; readonly message: string }
  /** `known`: the bytes [from, to) that the dump holds; the others are 00 in `bytes`. */
  | { readonly state: "here"; readonly bytes: Uint8Array; readonly known: readonly [number, number] };

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
  dispose(): void;
}

export function createPageCache(source: BytesSource, onChange: () => void): PageCache {
  const chunks = new Map<string, Chunk>();
  let reads = 0;
  let isDisposed = false;

  function read(key: string, space: Space, first: PageAddress): void {
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
    const mine: Chunk = { state: "reading", abort };
    chunks.set(key, mine);
    reads++;
    source
      .read(space, first, CHUNK_PAGES, abort.signal)
      .then(
        (content) => {
          if (chunks.get(key) === mine) chunks.set(key, { state: "here", content });
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
      const key = `${space} ${first}`;
      const chunk = chunks.get(key);
      if (!chunk) {
        if (!isDisposed) read(key, space, first);
        return READING;
      }
      chunks.delete(key);
      chunks.set(key, chunk);
      if (chunk.state === "reading") return READING;
      if (chunk.state === "failed") return chunk;
      const at = page - first;
      if (!isRecorded(chunk.content.states[at] ?? 255)) return ABSENT;
      return {
        state: "here",
        bytes: chunk.content.bytes.subarray(at * PAGE_SIZE, (at + 1) * PAGE_SIZE),
        known: chunk.content.partial.get(at) ?? WHOLE,
      };
    },
    retry() {
      for (const [key, chunk] of chunks) if (chunk.state === "failed") chunks.delete(key);
      onChange();
    },
    dispose() {
      isDisposed = true;
      for (const chunk of chunks.values()) if (chunk.state === "reading") chunk.abort.abort();
      chunks.clear();
    },
  };
}
