/**
 * Finds a pattern in a snapshot: walks its pages in order, has those searched by threads that were not searched for this
 * pattern before, and joins what was found in single pages to matches. Every page is read once however often it occurs;
 * a later snapshot costs the pages that no earlier search has read.
 */
import type { Pattern, Region, StringKind } from "../../shared/find/index.ts";
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { ProvenanceCounts } from "../../shared/provenance/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { Filling } from "../filling/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import type { ChunkRef, SnapshotRecord, Store } from "../store/index.ts";
import { Aborted, quiet } from "./aborted.ts";
import { createMaskedJoin, type Match, regexMatches } from "./join.ts";
import { createMaskedSearch } from "./masked-search.ts";
import { type MeasureEvent, measure } from "./measure.ts";
import { maskedBytes } from "./pattern.ts";
import { emptyItems, type FoundRun, isBrought, NOTHING, type PageItems, unpackFindings } from "./protocol.ts";
import { provenanceIn } from "./provenance-in.ts";
import { compileRegex } from "./regex-program.ts";
import { searchAlone } from "./regex-search.ts";
import { createMemory, pairKey, type Remembered } from "./remembered.ts";
import { orderedRegions, type Scope } from "./scope.ts";
import { type BytePlace, createSearched } from "./searched.ts";
import { createFindThreads, type Question } from "./threads.ts";
import { type PageBatch, rowsIn, walkPages } from "./walk.ts";

/** The first batch is small, so that something is seen soon; then each is twice the one before, up to 16 MiB of pages. */
const FIRST_BATCH = 128;
const LARGEST_BATCH = 4096;
/** Strings of 2 MiB are few enough to be held at once. */
const STRINGS_BATCH = 512;
const ZEROS = new Uint8Array(PAGE_SIZE);
/** Nobody asks why pages need no look. */
const NO_CODES = new Uint8Array(0);

export interface FindProgress {
  /** Rows of the manifest in the scope, and how many are behind. */
  readonly rows: number;
  readonly rowsDone: number;
  /** Pages of the scope with bytes that were searched, each place counted. */
  readonly pages: number;
  /** Of the distinct ones, those that had to be read. */
  readonly pagesRead: number;
}

interface Settled {
  /** Since the event before: ranges in which every known byte was searched; of what touches them nothing is left to tell. */
  readonly searched: readonly Region[];
}

export type FindEvent<T> =
  | { readonly kind: "found"; readonly space: Space; readonly found: readonly T[] }
  | ({ readonly kind: "progress" } & FindProgress & Settled)
  /** The last one. `next`: the first that was left out, since the limit is met. */
  | ({ readonly kind: "done"; readonly count: number; readonly next: BytePlace | null } & FindProgress & Settled);

export interface FindRequest {
  readonly scope: Scope;
  /** In pages that are left to files too, with what it fills them; a scope `among` provenances has none of them. */
  readonly filling?: Filling;
  /** No more than so many. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface StringsRequest extends FindRequest {
  readonly leastLength: number;
  /** Those of any of these kinds; all when empty. */
  readonly kinds: readonly StringKind[];
}

export interface Finder {
  /**
   * Every place at which the pattern stands: for fixed bytes all of them, also where they overlap; of a regular
   * expression those that do not overlap, each the first in its run of neighbouring pages. In order of addresses within
   * each space.
   * @throws DumpError `pattern-invalid`, `bytes-invalid`, `regex-invalid`, `store-damaged`; an AbortError when
   * the signal comes, at once
   */
  find(record: SnapshotRecord, pattern: Pattern, request: FindRequest): AsyncGenerator<FindEvent<Match>>;
  /** Printable runs, in order of their ends. @throws as `find` */
  strings(record: SnapshotRecord, request: StringsRequest): AsyncGenerator<FindEvent<FoundRun>>;
  /** What the bytes of a scope are, counted. @throws as `find` */
  measure(record: SnapshotRecord, request: Pick<FindRequest, "scope" | "signal">): AsyncGenerator<MeasureEvent>;
  /** Why the recorded pages of a scope need no look, as they are explained now. */
  provenance(record: SnapshotRecord, scope: Scope): ProvenanceCounts;
  /** The pages of a scope that have bytes, those that are filled with it too, in order; those of parts that touch as of one. */
  pages(record: SnapshotRecord, scope: Scope, filling?: Filling): Iterable<PageBatch>;
  close(): Promise<void>;
}

export function createFinder(store: Store, known: KnownSets): Finder {
  const threads = createFindThreads(store);
  const memory = createMemory();
  let nextScan = 1;

  /** Provenance of the rows of a chunk, as they are explained now. */
  function codesOf(record: SnapshotRecord): (chunk: ChunkRef) => Uint8Array {
    const manifest = store.manifest(record);
    const provenance = store.provenance(record);
    const knownPages = known.pagesOf(record);
    return (chunk) =>
      known.overlay(knownPages, provenance.codes(chunk.row, chunk.rows), manifest.columns(chunk).page, chunk.row);
  }

  /** What every walk over a snapshot has in common. */
  function walk(record: SnapshotRecord, asked: Scope, reach: number, largest: number, filling?: Filling) {
    const manifest = store.manifest(record);
    const scope = { ...asked, regions: orderedRegions(manifest, asked.regions) };
    const searched = createSearched(scope.regions);
    const batches = walkPages(manifest, {
      scope,
      reach,
      firstBatch: FIRST_BATCH,
      largestBatch: largest,
      filling: scope.among ? undefined : filling,
      codesOf: scope.among ? codesOf(record) : () => NO_CODES,
      onPage: searched.pass,
    });
    return {
      searched,
      rows: rowsIn(manifest, scope, scope.among ? undefined : filling),
      /** `undefined` behind the last one. */
      nextBatch: (): PageBatch | undefined => {
        const step = batches.next();
        return step.done ? undefined : step.value;
      },
    };
  }

  /** The items with the bytes of those that only the filling has. */
  function withBrought(items: PageItems, filling: Filling | undefined): PageItems {
    const page = Uint32Array.from(new Set(items.page.filter(isBrought)));
    return filling && page.length > 0 ? { ...items, brought: { page, bytes: filling.bytes(page) } } : items;
  }

  /** Asks threads for each a part of the items. @returns one finding for each item. */
  async function search(
    pattern: Pattern,
    items: PageItems,
    cancelled: Int32Array<SharedArrayBuffer>,
    filling: Filling | undefined,
    starts?: Uint16Array,
  ): Promise<Int32Array[]> {
    const unit = starts ? 2 : 1;
    const count = items.page.length / unit;
    const share = Math.ceil(count / threads.size);
    const parts: Promise<Int32Array[]>[] = [];
    for (let thread = 0; thread * share < count; thread++) {
      const [from, to] = [thread * share, Math.min(count, (thread + 1) * share)];
      const part = withBrought(
        {
          page: items.page.slice(from * unit, to * unit),
          from: items.from.slice(from * unit, to * unit),
          to: items.to.slice(from * unit, to * unit),
        },
        filling,
      );
      const question: Question = starts
        ? { kind: "pairs", pattern, cancelled, items: part, start: starts.slice(from, to) }
        : { kind: "search", pattern, cancelled, items: part };
      parts.push(
        threads.ask(thread, question).then((answer) => {
          if (answer.kind !== "found") throw new Error(`a search was answered by ${answer.kind}`);
          return unpackFindings(answer.findings, to - from);
        }),
      );
    }
    return (await Promise.all(parts)).flat();
  }

  /** Findings of the rows of a batch; what is not remembered is searched. */
  async function findingsOf(
    batch: PageBatch,
    pattern: Pattern,
    remembered: Remembered,
    ofZeros: Int32Array,
    cancelled: Int32Array<SharedArrayBuffer>,
    filling: Filling | undefined,
  ): Promise<{ readonly findings: readonly Int32Array[]; readonly read: number }> {
    const findings = new Array<Int32Array>(batch.length);
    const wanted = new Map<number, number[]>();
    const partial: number[] = [];
    for (let row = 0; row < batch.length; row++) {
      const page = batch.page[row];
      // A brought page's number is of its snapshot alone: nothing is remembered by it.
      if (batch.from[row] !== 0 || batch.to[row] !== PAGE_SIZE || isBrought(page)) partial.push(row);
      else if (page === ZERO_PAGE) findings[row] = ofZeros;
      else {
        const before = remembered.of(page);
        if (before) findings[row] = before;
        else {
          const rows = wanted.get(page);
          if (rows) rows.push(row);
          else wanted.set(page, [row]);
        }
      }
    }
    if (wanted.size + partial.length === 0) return { findings, read: 0 };
    // In the order of their numbers, which is the order in which they lie in packs.
    const pages = Uint32Array.from(wanted.keys()).sort();
    const items = emptyItems(pages.length + partial.length);
    items.page.set(pages);
    partial.forEach((row, i) => {
      items.page[pages.length + i] = batch.page[row];
      items.from[pages.length + i] = batch.from[row];
      items.to[pages.length + i] = batch.to[row];
    });
    const found = await search(pattern, items, cancelled, filling);
    pages.forEach((page, i) => {
      remembered.keep(page, found[i]);
      for (const row of wanted.get(page) ?? []) findings[row] = found[i];
    });
    partial.forEach((row, i) => {
      findings[row] = found[pages.length + i];
    });
    return { findings, read: items.page.length };
  }

  interface Join {
    /** Feeds a batch and hands back the matches that are complete. */
    feed(batch: PageBatch, findings: readonly Int32Array[], isLast: boolean): Promise<Match[]>;
    /** Where the first match may begin that is not complete. */
    open(): Pick<BytePlace, "page" | "offset"> | undefined;
  }

  function maskedJoin(length: number): Join {
    let join = createMaskedJoin(length);
    let space: Space | undefined;
    const feed: Join["feed"] = async (batch, findings) => {
      if (batch.space !== space) join = createMaskedJoin(length);
      space = batch.space;
      const matches: Match[] = [];
      for (let row = 0; row < batch.length; row++) {
        const page = {
          address: batch.address[row],
          from: batch.from[row],
          to: batch.to[row],
          counts: batch.counts[row] === 1,
        };
        for (const match of join.feed(page, findings[row])) matches.push(match);
      }
      return matches;
    };
    return { feed, open: () => join.open() };
  }

  function regexJoin(
    pattern: Pattern,
    remembered: Remembered,
    cancelled: Int32Array<SharedArrayBuffer>,
    filling: Filling | undefined,
  ): Join {
    /** A row that waits for its neighbour. */
    interface Waiting {
      readonly address: number;
      readonly page: number;
      readonly from: number;
      readonly to: number;
      readonly counts: boolean;
      readonly finding: Int32Array;
      readonly space: Space;
    }
    let waiting: Waiting | undefined;
    let resume = 0;

    const isWhole = ({ page, from, to }: Pick<Waiting, "page" | "from" | "to">) =>
      from === 0 && to === PAGE_SIZE && !isBrought(page);

    /** Searches where pages meet that were not searched there before. */
    async function askPairs(
      pairs: readonly (readonly [Waiting, Waiting | undefined, number])[],
    ): Promise<Int32Array[]> {
      const keyOf = ([first, second, start]: (typeof pairs)[number]) =>
        isWhole(first) && (!second || isWhole(second))
          ? pairKey(first.page, second?.page ?? NO_PAGE, start)
          : undefined;
      const found = pairs.map((pair) => {
        const key = keyOf(pair);
        return key === undefined ? undefined : remembered.pair(key);
      });
      const open = pairs.flatMap((_, i) => (found[i] ? [] : [i]));
      if (open.length > 0) {
        const items = emptyItems(open.length * 2);
        const starts = Uint16Array.from(open, (i) => pairs[i][2]);
        open.forEach((i, at) => {
          const [first, second] = pairs[i];
          items.page[at * 2] = first.page;
          if (second) items.page[at * 2 + 1] = second.page;
          items.to[at * 2 + 1] = second ? second.to : 0;
        });
        const answers = await search(pattern, items, cancelled, filling, starts);
        open.forEach((i, at) => {
          const key = keyOf(pairs[i]);
          if (key !== undefined) remembered.keepPair(key, answers[at]);
          found[i] = answers[at];
        });
      }
      return found.map((finding) => finding ?? NOTHING);
    }

    /** @param ahead what was asked ahead: from where on the first page is open. */
    async function settle(first: Waiting, second: Waiting | undefined, ahead: Int32Array | undefined) {
      const matches: Match[] = [];
      const found = await regexMatches(first.finding, resume, first.from, async (start) =>
        ahead && start === first.finding[0] ? ahead : (await askPairs([[first, second, start]]))[0],
      );
      resume = 0;
      for (let i = 0; i < found.length; i += 2) {
        const [offset, length] = [found[i], found[i + 1]];
        const over = offset + length - PAGE_SIZE;
        if (first.counts || (over > 0 && second?.counts)) matches.push({ page: first.address, offset, length });
        resume = Math.max(0, over);
      }
      return matches;
    }

    const feed: Join["feed"] = async (batch, findings, isLast) => {
      const rows: Waiting[] = Array.from({ length: batch.length }, (_, row) => ({
        address: batch.address[row],
        page: batch.page[row],
        from: batch.from[row],
        to: batch.to[row],
        counts: batch.counts[row] === 1,
        finding: findings[row],
        space: batch.space,
      }));
      const all = waiting ? [waiting, ...rows] : rows;
      const neighbourOf = (i: number): Waiting | undefined => {
        const [row, next] = [all[i], all[i + 1]];
        const isNext = next && next.space === row.space && next.address === row.address + 1;
        return isNext && row.to === PAGE_SIZE && next.from === 0 ? next : undefined;
      };
      const end = isLast ? all.length : all.length - 1;
      const open = all.flatMap((row, i) => (i < end && row.finding.length > 0 && row.finding[0] >= 0 ? [i] : []));
      const answers = await askPairs(open.map((i) => [all[i], neighbourOf(i), all[i].finding[0]]));
      const ahead = new Map(open.map((i, at) => [i, answers[at]]));
      const matches: Match[] = [];
      for (let i = 0; i < end; i++)
        for (const match of await settle(all[i], neighbourOf(i), ahead.get(i))) matches.push(match);
      waiting = end < all.length ? all[end] : undefined;
      return matches;
    };
    return { feed, open: () => waiting && { page: waiting.address, offset: resume } };
  }

  return {
    async *find(record, pattern, { scope, filling, limit, signal }) {
      const cancelled = new Int32Array(new SharedArrayBuffer(4));
      const remembered = memory.of(pattern);
      const { ofZeros, reach, join } = prepare(pattern);
      const { rows, nextBatch, searched } = walk(record, scope, reach, LARGEST_BATCH, filling);
      let progress: FindProgress = { rows, rowsDone: 0, pages: 0, pagesRead: 0 };
      let count = 0;
      /** Pages of the batches behind, told or not. */
      let walked = 0;
      const stop = new Aborted(signal, () => Atomics.store(cancelled, 0, 1));
      try {
        const next = () => {
          const batch = nextBatch();
          return batch
            ? { batch, findings: quiet(findingsOf(batch, pattern, remembered, ofZeros, cancelled, filling)) }
            : undefined;
        };
        // While matches of a batch are handed out, threads search the one that follows.
        for (let now = next(); now; ) {
          const { batch } = now;
          const { findings, read } = await stop.or(now.findings);
          const following = next();
          const isLast = following === undefined || following.batch.space !== batch.space;
          const matches = await stop.or(join.feed(batch, findings, isLast));
          const found = matches.slice(0, limit - count);
          const beyond = matches.at(found.length);
          count += found.length;
          const open = isLast ? undefined : join.open();
          progress = {
            rows,
            rowsDone: progress.rowsDone + batch.walked,
            pages: walked + countingPages(batch, beyond ?? open),
            pagesRead: progress.pagesRead + read,
          };
          walked += countingPages(batch);
          if (found.length > 0) yield { kind: "found", space: batch.space, found };
          if (beyond) {
            const place = { space: batch.space, page: beyond.page, offset: beyond.offset };
            yield { kind: "done", count, next: place, ...progress, searched: searched.before(place) };
            return;
          }
          const settled = settledBefore(batch, open);
          yield { kind: "progress", ...progress, searched: settled ? searched.before(settled) : [] };
          now = following;
        }
        yield { kind: "done", count, next: null, ...progress, searched: searched.before() };
      } finally {
        stop.end();
      }

      function prepare({ form, text, ignoreCase }: Pattern): {
        readonly ofZeros: Int32Array;
        readonly reach: number;
        readonly join: Join;
      } {
        if (form === "regex") {
          const ofZeros = searchAlone(compileRegex(text, ignoreCase), ZEROS, 0, PAGE_SIZE);
          return { ofZeros, reach: 1, join: regexJoin(pattern, remembered, cancelled, filling) };
        }
        const masked = createMaskedSearch(maskedBytes({ form, text, ignoreCase }));
        return {
          ofZeros: masked.alignments(ZEROS, 0, PAGE_SIZE),
          reach: Math.ceil((masked.length - 1) / PAGE_SIZE),
          join: maskedJoin(masked.length),
        };
      }
    },

    async *strings(record, { scope, filling, limit, signal, leastLength, kinds }) {
      const cancelled = new Int32Array(new SharedArrayBuffer(4));
      const scan = nextScan++;
      // A stream of pages keeps its open runs in one thread.
      const thread = scan % threads.size;
      const { rows, nextBatch, searched } = walk(record, scope, 0, STRINGS_BATCH, filling);
      let progress: FindProgress = { rows, rowsDone: 0, pages: 0, pagesRead: 0 };
      let count = 0;
      /** Pages of the batches behind, told or not. */
      let walked = 0;
      const stop = new Aborted(signal, () => Atomics.store(cancelled, 0, 1));
      const ask = async (batch: PageBatch, isLast: boolean) => {
        const answer = await threads.ask(thread, {
          kind: "strings",
          scan,
          cancelled,
          items: withBrought({ page: batch.page, from: batch.from, to: batch.to }, filling),
          address: batch.address,
          wanted: { leastLength, kinds },
          most: limit - count + 1,
          isLast,
        });
        if (answer.kind !== "strings") throw new Error(`strings were answered by ${answer.kind}`);
        const strings = answer.strings.toSorted((x, y) => x.page - y.page || x.offset - y.offset);
        return { strings, open: answer.open };
      };
      try {
        for (let batch = nextBatch(); batch; ) {
          const following = nextBatch();
          const isLast = following === undefined || following.space !== batch.space;
          const { strings, open } = await stop.or(ask(batch, isLast));
          const found = strings.slice(0, limit - count);
          const beyond = strings.at(found.length);
          count += found.length;
          progress = {
            rows,
            rowsDone: progress.rowsDone + batch.walked,
            pages: walked + countingPages(batch, beyond ?? open),
            pagesRead: progress.pagesRead + batch.page.filter((page) => page !== ZERO_PAGE).length,
          };
          walked += countingPages(batch);
          if (found.length > 0) yield { kind: "found", space: batch.space, found };
          if (beyond) {
            const place = { space: batch.space, page: beyond.page, offset: beyond.offset };
            yield { kind: "done", count, next: place, ...progress, searched: searched.before(place) };
            return;
          }
          const settled = settledBefore(batch, open);
          yield { kind: "progress", ...progress, searched: settled ? searched.before(settled) : [] };
          batch = following;
        }
        yield { kind: "done", count, next: null, ...progress, searched: searched.before() };
      } finally {
        stop.end();
        threads.forget(thread, scan);
      }
    },

    measure: (record, { scope, signal }) => measure(walk(record, scope, 0, LARGEST_BATCH), threads, signal),

    provenance: (record, scope) => provenanceIn(store.manifest(record), scope, codesOf(record)),

    *pages(record, scope, filling) {
      const { nextBatch } = walk(record, scope, 0, LARGEST_BATCH, filling);
      for (let batch = nextBatch(); batch; batch = nextBatch()) yield batch;
    },

    close: () => threads.close(),
  };
}

/** Pages of a batch that count; of those that hold what is not told the ones before, and the one amid which it begins. */
function countingPages({ length, address, from, counts }: PageBatch, beyond?: Pick<BytePlace, "page" | "offset">) {
  let pages = 0;
  for (let row = 0; row < length; row++) {
    if (beyond && (address[row] > beyond.page || (address[row] === beyond.page && from[row] >= beyond.offset))) break;
    pages += counts[row];
  }
  return pages;
}

/** Up to where everything is told once a batch is; `undefined` when it adds nothing. */
function settledBefore(
  { space, length, address }: PageBatch,
  open: Pick<BytePlace, "page" | "offset"> | undefined,
): BytePlace | undefined {
  if (open) return { space, page: open.page, offset: open.offset };
  return length > 0 ? { space, page: address[length - 1] + 1, offset: 0 } : undefined;
}
