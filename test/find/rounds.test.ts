/** A search that met its limit goes on where it stopped; and it says at any time what it has settled. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Finder, type Scope, scopeFrom } from "../../server/find/index.ts";
import type { SnapshotRecord, Store } from "../../server/store/index.ts";
import type { PatternForm } from "../../shared/find/index.ts";
import { provenanceCode } from "../../shared/provenance/index.ts";
import { ingest, samplePath, temporaryStore } from "../ingest/temporary-store.ts";
import { piecesWith, scatteredWord } from "./scattered-words.ts";
import { everywhere, snapshotOf, temporaryFinder } from "./snapshots.ts";

type Wanted = { readonly form: PatternForm; readonly text: string } | "strings";
/** Bytes [start, end). */
interface Bytes {
  readonly space: string;
  readonly start: bigint;
  readonly end: bigint;
}

interface Round {
  readonly hits: readonly Bytes[];
  readonly searched: readonly Bytes[];
  readonly pages: number;
  readonly next: Parameters<typeof scopeFrom>[2] | null;
}

/** One search. @param onEvent what has been told when an event has come */
async function searchOnce(
  finder: Finder,
  record: SnapshotRecord,
  wanted: Wanted,
  { scope, limit = 1e6 }: { readonly scope: Scope; readonly limit?: number },
  onEvent: (told: Pick<Round, "hits" | "searched">) => void = () => undefined,
): Promise<Round> {
  const request = { scope, limit, signal: new AbortController().signal };
  const events =
    wanted === "strings"
      ? finder.strings(record, { ...request, leastLength: 4, kinds: [] })
      : finder.find(record, { ...wanted, ignoreCase: false }, request);
  const hits: Bytes[] = [];
  const searched: Bytes[] = [];
  for await (const event of events) {
    if (event.kind === "found")
      for (const one of event.found) {
        const start = BigInt(one.page) * 4096n + BigInt(one.offset);
        const width = "encoding" in one && one.encoding === "utf-16le" ? 2 : 1;
        hits.push({ space: event.space, start, end: start + BigInt(one.length * width) });
      }
    else searched.push(...event.searched);
    onEvent({ hits, searched });
    if (event.kind === "done") return { hits, searched, pages: event.pages, next: event.next };
  }
  throw new Error("the search ended without saying so");
}

async function searchInRounds(
  store: Store,
  finder: Finder,
  record: SnapshotRecord,
  wanted: Wanted,
  scope: Scope,
  limit: number,
): Promise<Round> {
  const all: { hits: Bytes[]; searched: Bytes[]; pages: number } = { hits: [], searched: [], pages: 0 };
  let rest = scope;
  for (;;) {
    const round = await searchOnce(finder, record, wanted, { scope: rest, limit });
    all.hits.push(...round.hits);
    all.searched.push(...round.searched);
    // A page amid which a round ended is counted by the next one too.
    all.pages += round.pages - (round.next && round.next.offset > 0 ? 1 : 0);
    if (!round.next) return { ...all, next: null };
    expect(round.hits).toHaveLength(limit);
    rest = scopeFrom(store.manifest(record), scope, round.next);
  }
}

const touches = (one: Bytes, other: Bytes) =>
  one.space === other.space && one.start < other.end && other.start < one.end;
const keyOf = ({ space, start, end }: Bytes) => `${space} ${start.toString(16)}-${end.toString(16)}`;

function covers(ranges: readonly Bytes[], space: string, at: bigint): boolean {
  return ranges.some((range) => range.space === space && range.start <= at && at < range.end);
}

const PATTERNS: readonly Wanted[] = [
  { form: "hex", text: "61 61" },
  { form: "text", text: "needle" },
  { form: "regex", text: "a+b?|n[a-z]{3,}" },
  "strings",
];

test.each(PATTERNS)(
  "rounds of %j are the whole of it, and what is settled is touched by no later hit",
  async (wanted) => {
    const store = temporaryStore();
    let made = 0;
    const word = scatteredWord(9_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 3, max: 1500 }),
        async (words, limit) => {
          const pieces = piecesWith(words);
          const record = await snapshotOf(store, pieces, `made${made++}`);
          const finder = temporaryFinder(store);
          const scope = everywhere(store, record);
          const { hits } = await searchOnce(finder, record, wanted, { scope });
          const told: { readonly hits: number; readonly searched: readonly Bytes[] }[] = [];
          const whole = await searchOnce(finder, record, wanted, { scope }, (so) =>
            told.push({ hits: so.hits.length, searched: [...so.searched] }),
          );
          const some = await searchOnce(finder, record, wanted, { scope, limit });
          told.push({ hits: some.hits.length, searched: some.searched });
          for (const so of told)
            for (const later of hits.slice(so.hits))
              expect(so.searched.filter((range) => touches(range, later)).map(keyOf)).toEqual([]);

          const rounds = await searchInRounds(store, finder, record, wanted, scope, limit);
          expect(rounds.hits.map(keyOf)).toEqual(hits.map(keyOf));
          expect(rounds.pages).toBe(whole.pages);
          for (const { searched } of [whole, rounds])
            for (const { address, content: bytes } of pieces)
              for (let at = 0; at < bytes.length; at += 97)
                if (!covers(searched, "p7", address + BigInt(at))) throw new Error(`${address}+${at} is not searched`);
        },
      ),
      { numRuns: 6 },
    );
  },
);

test("among residual pages only they are searched, all of them, in rounds too", async () => {
  const store = temporaryStore();
  await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  const record = (await ingest(store, samplePath("podman", "app-t1.tar.zst"), "app")).snapshot;
  const finder = temporaryFinder(store);
  const scope = { ...everywhere(store, record), among: new Set([provenanceCode("new")]) };
  const wanted = { form: "text", text: "KEY" } as const;
  const whole = await searchOnce(finder, record, wanted, { scope });
  expect(whole.pages).toBe(record.provenance.new);
  const rounds = await searchInRounds(store, finder, record, wanted, scope, 2);
  expect(rounds.hits).toEqual(whole.hits);
  expect(rounds.pages).toBe(whole.pages);

  const counting = new Set<bigint>();
  const others = new Set<bigint>();
  const everything = everywhere(store, record);
  const isNew = finder.pages(record, scope);
  for (const { length, address, counts } of isNew)
    for (let row = 0; row < length; row++) if (counts[row] === 1) counting.add(BigInt(address[row]) * 4096n);
  for (const { length, address } of finder.pages(record, everything))
    for (let row = 0; row < length; row++) others.add(BigInt(address[row]) * 4096n);
  expect(counting.size).toBe(record.provenance.new);
  for (const { searched } of [whole, rounds])
    for (const at of others) {
      expect(covers(searched, "p1", at), `0x${at.toString(16)}`).toBe(counting.has(at));
      expect(covers(searched, "p1", at + 4095n)).toBe(counting.has(at));
    }
});

test("a page is searched from where a part of it is asked for, and not before", async () => {
  const store = temporaryStore();
  const record = await snapshotOf(store, [{ address: 0x10000n, content: Buffer.alloc(4 * 4096, "a") }]);
  const regions = [
    { space: "p7" as const, start: 0x10800n, end: 0x11004n },
    { space: "p7" as const, start: 0x13ff0n, end: 0x20000n },
  ];
  const scope = { regions, among: null };
  const { searched, pages } = await searchOnce(
    temporaryFinder(store),
    record,
    { form: "text", text: "aaa" },
    { scope },
  );
  expect(searched.map(keyOf)).toEqual(["p7 10800-11004", "p7 13ff0-14000", "p7 14000-20000"]);
  expect(pages).toBe(3);
});
