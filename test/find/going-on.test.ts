/**
 * A search that was stopped anywhere goes on, as the browser asks for it: what stood and what comes then are the answer
 * of one search, hit for hit and page for page.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Asked, type Found, withEvent } from "../../client/views/find/follow-search.ts";
import { goOnOf } from "../../client/views/find/go-on.ts";
import { type Finder, type Match, type Scope, scopeFrom } from "../../server/find/index.ts";
import type { SnapshotRecord } from "../../server/store/index.ts";
import { BEYOND, type PatternForm } from "../../shared/find/index.ts";
import { temporaryStore } from "../ingest/temporary-store.ts";
import { piecesWith, scatteredWord } from "./scattered-words.ts";
import { everywhere, snapshotOf, temporaryFinder } from "./snapshots.ts";

type Event = Parameters<typeof withEvent>[2];
type Pattern = { readonly form: PatternForm; readonly text: string } | "strings";

const hex = (address: bigint) => `0x${address.toString(16)}`;

/** The events of a search as the browser gets them. */
async function eventsOf(finder: Finder, record: SnapshotRecord, pattern: Pattern, scope: Scope): Promise<Event[]> {
  const request = { scope, limit: 1e6, signal: new AbortController().signal };
  const events: Event[] = [];
  const addressOf = ({ page, offset }: Pick<Match, "page" | "offset">) => hex(BigInt(page) * 4096n + BigInt(offset));
  for await (const event of pattern === "strings"
    ? finder.strings(record, { ...request, leastLength: 4, kinds: [] })
    : finder.find(record, { ...pattern, ignoreCase: false }, request)) {
    if (event.kind === "found")
      events.push({
        kind: "found",
        space: event.space,
        found: event.found.map((one) => ({
          address: addressOf(one),
          length: "encoding" in one && one.encoding === "utf-16le" ? 2 * one.length : one.length,
        })),
      });
    else {
      const searched = event.searched.map(({ space, start, end }) => ({
        space,
        start: hex(start),
        ...(end === BEYOND ? {} : { end: hex(end) }),
      }));
      const { rows, rowsDone, pages, pagesRead } = event;
      events.push({ kind: "progress", rows, rowsDone, pages, pagesRead, searched });
    }
  }
  return events;
}

const told = ({ hits, progress, ranges }: Found) => ({
  hits: hits
    .map(({ place, length }) => `${place.space} ${hex(BigInt(place.page) * 4096n + BigInt(place.offset))}+${length}`)
    .toSorted(),
  pages: progress?.pages,
  ranges: ranges.map(({ space, start, end }) => `${space} ${hex(start)}-${hex(end)}`),
});

test.each<[string, Pattern]>([
  ["overlapping bytes", { form: "hex", text: "61 61" }],
  ["a pattern of many pages", { form: "hex", text: "61 ".repeat(9000).trim() }],
  ["text", { form: "text", text: "needle" }],
  ["a regular expression", { form: "regex", text: "a+b?|n[a-z]{3,}" }],
  ["strings", "strings"],
])("%s: stopped behind any event, and then again, it goes on to the same end", async (_, pattern) => {
  const store = temporaryStore();
  let made = 0;
  const word = scatteredWord(13_000);
  const wanted: Asked["wanted"] =
    pattern === "strings"
      ? { kind: "strings", leastLength: 4, of: null }
      : { kind: "pattern", ...pattern, ignoreCase: false };
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 4, maxLength: 12 }), fc.nat(), async (words, again) => {
      const pieces = piecesWith(words);
      const record = await snapshotOf(store, pieces, `made${made++}`);
      const finder = temporaryFinder(store);
      const scope = everywhere(store, record);
      const nothing: Found = { asked: { wanted, scope: {}, filled: false }, hits: [], ranges: [], progress: null };
      const all = await eventsOf(finder, record, pattern, scope);
      const whole = all.reduce((found, event) => withEvent(found, { pages: 0, pagesRead: 0 }, event), nothing);

      for (let first = 0; first <= all.length; first++) {
        let found = nothing;
        let counted = { pages: 0, pagesRead: 0 };
        let rest = all;
        for (const stop of [first, again]) {
          for (const event of rest.slice(0, stop % (rest.length + 1))) found = withEvent(found, counted, event);
          const next = goOnOf({ state: "cancelled", ...found })!;
          ({ found, counted } = next);
          const { space, address } = next.from ?? { space: "p7", address: "0x0" };
          const at = BigInt(address);
          const place = { space: space as "p7", page: Number(at >> 12n), offset: Number(at & 4095n) };
          rest = await eventsOf(finder, record, pattern, scopeFrom(store.manifest(record), scope, place));
        }
        for (const event of rest) found = withEvent(found, counted, event);
        expect(told(found), `stopped behind event ${first}`).toEqual(told(whole));
      }
    }),
    // One that a search is amid of where a batch ends.
    { numRuns: 6, examples: [[[[["a", 13_000], "latin1", 198, 1]], 0]] },
  );
});
