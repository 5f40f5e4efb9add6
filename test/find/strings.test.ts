import fc from "fast-check";
import { expect, test } from "vitest";
import type { StringsRequest } from "../../server/find/index.ts";
import type { SnapshotRecord, Store } from "../../server/store/index.ts";
import { ingest, samplePath, temporaryStore } from "../ingest/temporary-store.ts";
import { everywhere, type Piece, snapshotOf, temporaryFinder } from "./snapshots.ts";

async function stringsIn(store: Store, record: SnapshotRecord, request: Partial<StringsRequest> = {}) {
  const finder = temporaryFinder(store);
  const options = {
    limit: 1e6,
    leastLength: 6,
    kinds: [],
    scope: everywhere(store, record),
    signal: new AbortController().signal,
    ...request,
  };
  const strings: string[] = [];
  let isLimitMet = false;
  for await (const event of finder.strings(record, options)) {
    if (event.kind === "found") {
      for (const { page, offset, encoding, length, text } of event.found)
        strings.push(`0x${(page * 4096 + offset).toString(16)} ${encoding} ${length} ${text}`);
    }
    if (event.kind === "done") isLimitMet = event.next !== null;
  }
  return { strings, isLimitMet };
}

/** Every run by expressions over the whole of a piece of memory, which know nothing of pages. */
function modelOf(pieces: readonly Piece[], least: number): string[] {
  const runs: { at: number; line: string }[] = [];
  for (const { address, content } of pieces) {
    const text = Buffer.from(content).toString("latin1");
    const add = (index: number, encoding: string, chars: string) => {
      const at = Number(address) + index;
      runs.push({ at, line: `0x${at.toString(16)} ${encoding} ${chars.length} ${chars.slice(0, 512)}` });
    };
    for (const { 0: run, index } of text.matchAll(new RegExp(`[\\t -~]{${least},}`, "g"))) add(index, "ascii", run);
    for (const parity of [0, 1]) {
      const pairs = Array.from({ length: (text.length - parity) >> 1 }, (_, i) =>
        text.slice(parity + 2 * i, parity + 2 * i + 2),
      );
      const flags = pairs.map((pair) => (/^[\t -~]\0$/.test(pair) ? pair[0] : "\n")).join("");
      for (const { 0: run, index } of flags.matchAll(new RegExp(`[\\t -~]{${least},}`, "g")))
        add(parity + 2 * index, "utf-16le", run);
    }
  }
  return runs.map(({ line }) => line).sort();
}

test("printable runs are those of memory, whatever pages they lie in", { timeout: 120_000 }, async () => {
  const store = temporaryStore();
  const word = fc.tuple(
    fc.constantFrom("abc", "wide text", "x".repeat(700), "\t /"),
    fc.constantFrom("latin1", "utf16le"),
    fc.constantFrom(0, 1, 4090, 4093, 4095, 8187),
  );
  let made = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 4 }), fc.constantFrom(0, 1), async (words, cut) => {
      const content = Buffer.alloc(3 * 4096, "\x01");
      for (const [text, encoding, at] of words) content.write(text, at, encoding as BufferEncoding);
      const pieces = [
        { address: 0x10000n, content: content.subarray(0, content.length - cut) },
        { address: 0x20000n, content: content.subarray(4096) },
      ];
      const record = await snapshotOf(store, pieces, `made${made++}`);
      const { strings } = await stringsIn(store, record, { leastLength: 4 });
      expect(strings.toSorted()).toEqual(modelOf(pieces, 4));
    }),
    { numRuns: 15 },
  );
});

test("strings of a real dump: secrets are of kind key, and the limit is said", { timeout: 120_000 }, async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  const keys = (await stringsIn(store, snapshot, { kinds: ["key"] })).strings;
  for (const at of ["0x7fe203e1f000", "0x7fe204008a70", "0x7fe20401ae20", "0x7fe204084ca0"])
    expect(keys.some((line) => line.startsWith(at) && line.includes("AKIAFAKEDUMPSCOPE001"))).toBe(true);
  const some = await stringsIn(store, snapshot, { limit: 10 });
  expect(some.strings).toHaveLength(10);
  expect(some.isLimitMet).toBe(true);
});
