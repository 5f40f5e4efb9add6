import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scope } from "../../server/find/index.ts";
import type { PatternForm } from "../../shared/find/index.ts";
import { PROVENANCES } from "../../shared/provenance/index.ts";
import { finish, ingest, samplePath, temporaryStore } from "../ingest/temporary-store.ts";
import { everywhere, findAll, type Piece, snapshotOf, temporaryFinder } from "./snapshots.ts";

/** From MANIFEST.md beside the dumps: all places in recorded pages, found by `count.py find`. */
const PLANTED: readonly { readonly text: string; readonly t0: readonly string[]; readonly t1: readonly string[] }[] = [
  {
    text: "AWS_ACCESS_KEY_ID=AKIAFAKEDUMPSCOPE001",
    t0: ["0x7fe203e1f000", "0x7fe204008a70", "0x7fe20401ae20", "0x7fe204084ca0"],
    t1: ["0x7fe204008a70", "0x7fe20401ae20", "0x7fe204084ca0"],
  },
  {
    text: "AWS_SECRET_ACCESS_KEY=fakeFAKEfake/Dumpscope+Test0nlyNotAKey00",
    t0: ["0x7fe203e1f027", "0x7fe203ff52c0", "0x7fe204008a97", "0x7fe204084cc7"],
    t1: ["0x7fe203e1f027", "0x7fe203ff52c0", "0x7fe204008a97", "0x7fe204084cc7"],
  },
  {
    text: "-----BEGIN RSA PRIVATE KEY-----\nRkFLRSBrZXkgZm9yIHRlc3RzLCBub3QgYSBrZXkgYXQgYWxsLg==\n-----END RSA PRIVATE KEY-----",
    t0: ["0x7fe203e1f066", "0x7fe204008ad6", "0x7fe204020950", "0x7fe204084d06"],
    t1: ["0x7fe203e1f066", "0x7fe204008ad6", "0x7fe204020950", "0x7fe204084d06"],
  },
  {
    text: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJmYWtlLWR1bXBzY29wZSIsIm5hbWUiOiJOb2JvZHkifQ.ZmFrZS1zaWduYXR1cmUtbm90LXJlYWwtMDAwMDAwMDA",
    t0: ["0x7fe203e1f0d9", "0x7fe203ffca20", "0x7fe204008b49", "0x7fe204020cb1", "0x7fe204084d79"],
    t1: ["0x7fe203e1f0d9", "0x7fe203ffca20", "0x7fe204008b49", "0x7fe204020cb1", "0x7fe204084d79"],
  },
  {
    text: "password=correct-horse-battery-staple-FAKE",
    t0: ["0x7fe203e1f161", "0x7fe203e79771", "0x7fe204008bd1", "0x7fe20401ad60", "0x7fe204084e01"],
    t1: ["0x7fe203e1f161", "0x7fe203e79771", "0x7fe204008bd1", "0x7fe20401ad60", "0x7fe204084e01"],
  },
  {
    text: "AWS_ACCESS_KEY_ID=AKIAFAKEDUMPSCOPE002",
    t0: ["0x7fe203e79862", "0x7fe203e798b0"],
    t1: ["0x7fe203e1f000", "0x7fe203e79862", "0x7fe203e798b0"],
  },
  {
    text: "AKIAFAKEDUMPSCOPE001",
    t0: ["0x7fe203e1f012", "0x7fe204008a82", "0x7fe20401ae32", "0x7fe204084cb2"],
    t1: ["0x7fe204008a82", "0x7fe20401ae32", "0x7fe204084cb2"],
  },
  {
    text: "AKIAFAKEDUMPSCOPE002",
    t0: ["0x7fe203e79874", "0x7fe203e798c2"],
    t1: ["0x7fe203e1f012", "0x7fe203e79874", "0x7fe203e798c2"],
  },
  {
    text: "-----BEGIN RSA PRIVATE KEY-----",
    t0: ["0x7fe203e1f066", "0x7fe204008ad6", "0x7fe204020950", "0x7fe204060691", "0x7fe204084d06"],
    t1: ["0x7fe203e1f066", "0x7fe204008ad6", "0x7fe204020950", "0x7fe204060691", "0x7fe204084d06"],
  },
];
const asHex = (text: string) => Buffer.from(text).toString("hex");
const asRegex = (text: string) => text.replace(/[/+.=\-{}]/g, "\\$&");

test("planted strings are found at all places that were counted, and at no others", { timeout: 120_000 }, async () => {
  const store = temporaryStore();
  const first = await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  const second = await ingest(store, samplePath("podman", "app-t1.tar.zst"), "app");
  const [t0, t1] = [first.snapshot, second.snapshot];
  const finder = temporaryFinder(store);
  for (const { text, ...places } of PLANTED) {
    const expected = (at: readonly string[]) => at.map((address) => `p1 ${address}+${text.length}`);
    for (const [form, pattern] of [
      ["text", text],
      ["hex", asHex(text)],
      ["regex", asRegex(text)],
    ] as const) {
      const inT0 = await findAll(store, finder, t0, { form, text: pattern });
      expect(inT0.hits).toEqual(expected(places.t0));
      expect(inT0.pagesRead).toBe(first.pagesProcessed);
      const inT1 = await findAll(store, finder, t1, { form, text: pattern });
      expect(inT1.hits).toEqual(expected(places.t1));
      // Of the next snapshot only what it brought is read.
      expect(inT1.pagesRead).toBe(second.pagesProcessed);
      expect((await findAll(store, finder, t0, { form, text: pattern })).pagesRead).toBe(0);
    }
  }
});

test("over several processes and segments as many places are found as were counted", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "nginx-t0.tar.zst"), "nginx");
  const finder = temporaryFinder(store);
  // By `count.py find` beside the dump.
  for (const [text, places] of [
    ["nginx", 125],
    ["/var/log", 14],
    ["worker", 15],
    ["GET", 2],
  ] as const) {
    const { hits, pagesRead } = await findAll(store, finder, snapshot, { text });
    expect(hits).toHaveLength(places);
    // Of 726 recorded pages 300 are distinct.
    expect(pagesRead).toBe(300);
  }
});

describe("borders", () => {
  const page = (fill: string) => Buffer.alloc(4096, fill);
  const split = (left: string, right: string) => [
    Buffer.concat([page(".").subarray(left.length), Buffer.from(left)]),
    Buffer.concat([Buffer.from(right), page(".").subarray(right.length)]),
  ];

  test.each<[PatternForm, string]>([
    ["text", "needle"],
    ["hex", "6e 65 ?? 64 6c 65"],
    ["regex", "n[a-z]+e"],
  ])("a needle over neighbouring pages, also of two mappings, is found once: %s", async (form, text) => {
    const store = temporaryStore();
    const [left, right] = split("nee", "dle");
    const record = await snapshotOf(store, [
      { address: 0x10000n, content: left },
      { address: 0x11000n, content: right },
    ]);
    const { hits } = await findAll(store, temporaryFinder(store), record, { form, text });
    expect(hits).toEqual(["p7 0x10ffd+6"]);
  });

  test.each<[PatternForm, string]>([
    ["text", "needle"],
    ["regex", "need?le"],
  ])("a needle split over a hole, or over bytes that are not in the dump, is not found: %s", async (form, text) => {
    const store = temporaryStore();
    const [left, right] = split("nee", "dle");
    const record = await snapshotOf(store, [
      { address: 0x10000n, content: left },
      { address: 0x12000n, content: right },
      // The page's last byte is unknown.
      { address: 0x20000n, content: left.subarray(1) },
      { address: 0x21000n, content: right },
    ]);
    expect((await findAll(store, temporaryFinder(store), record, { form, text })).hits).toEqual([]);
  });

  test("a needle over the border of two chunks of a manifest, in one mapping or two, is found once", async () => {
    const store = temporaryStore();
    const [left, right] = split("nee", "dle");
    // Chunks of a manifest end at addresses divisible by 4 MiB.
    const record = await snapshotOf(store, [
      { address: 0x3ff000n, content: Buffer.concat([left, right]) },
      { address: 0x7ff000n, content: left },
      { address: 0x800000n, content: right },
    ]);
    const finder = temporaryFinder(store);
    for (const pattern of [{ text: "needle" }, { text: "ne+dle", form: "regex" as const }])
      expect((await findAll(store, finder, record, pattern)).hits).toEqual(["p7 0x3ffffd+6", "p7 0x7ffffd+6"]);
  });

  test("the same pages match where they are neighbours, and nowhere else", async () => {
    const store = temporaryStore();
    const [left, right] = split("nee", "dle");
    const pages = [left, right, right, left, left, right];
    const record = await snapshotOf(store, [{ address: 0x10000n, content: Buffer.concat(pages) }]);
    const finder = temporaryFinder(store);
    const { hits, pagesRead } = await findAll(store, finder, record, { text: "needle" });
    expect(hits).toEqual(["p7 0x10ffd+6", "p7 0x14ffd+6"]);
    expect(pagesRead).toBe(2);
  });

  test("bytes that no text has are found as they are", async () => {
    const store = temporaryStore();
    const content = Buffer.alloc(4096, "x");
    content.set([0x00, 0xff, 0x3f], 100);
    const record = await snapshotOf(store, [{ address: 0x10000n, content }]);
    const finder = temporaryFinder(store);
    const hits = async (text: string) => (await findAll(store, finder, record, { form: "hex", text })).hits;
    expect(await hits("00ff3f")).toEqual(["p7 0x10064+3"]);
    expect(await hits("3f")).toEqual(["p7 0x10066+1"]);
  });

  test("a space of 128 TiB costs the pages that it has", async () => {
    const store = temporaryStore();
    const [left, right] = split("nee", "dle");
    const record = await snapshotOf(store, [
      { address: 0x1000n, content: Buffer.concat([left, right]), memory: 0x7fff_ffff_0000n },
    ]);
    const finder = temporaryFinder(store);
    const { hits, pagesRead } = await findAll(store, finder, record, { text: "needle" });
    expect(hits).toEqual(["p7 0x1ffd+6"]);
    expect(pagesRead).toBe(2);
  });
});

describe("what is asked for", () => {
  const content = Buffer.alloc(8192, ".");
  content.write("Secret", 10);
  content.write("secret", 4093);
  content.write("sEcReT", 6001, "utf16le");
  const memory = [{ address: 0x10000n, content }];

  test.each<[PatternForm, boolean, string, readonly string[]]>([
    ["text", false, "secret", ["p7 0x10ffd+6"]],
    ["text", true, "SECRET", ["p7 0x1000a+6", "p7 0x10ffd+6"]],
    ["utf16", true, "SECRET", ["p7 0x11771+12"]],
    ["utf16", false, "secret", []],
    ["hex", false, "?3 65 63 7? 65 74", ["p7 0x1000a+6", "p7 0x10ffd+6"]],
    ["regex", true, "sec[r]et", ["p7 0x1000a+6", "p7 0x10ffd+6"]],
  ])("%s, ignoring case: %s, %s", async (form, ignoreCase, text, hits) => {
    const store = temporaryStore();
    const record = await snapshotOf(store, memory);
    expect((await findAll(store, temporaryFinder(store), record, { form, ignoreCase, text })).hits).toEqual(hits);
  });

  test.each<[PatternForm, string, string]>([
    ["hex", "4", "4 has an odd number of digits"],
    ["hex", "xy", "x is no hexadecimal digit"],
    ["hex", "?? ??", "all wildcards"],
    ["text", "", "nothing to search for"],
    ["text", "x".repeat(65_537), "65536 are the most"],
    ["regex", "(", "not closed"],
  ])("what cannot be searched for is refused: %s", async (form, text, message) => {
    const store = temporaryStore();
    const record = await snapshotOf(store, memory);
    await expect(findAll(store, temporaryFinder(store), record, { form, text })).rejects.toThrow(message);
  });

  test("more than the limit is not given, and that is said", async () => {
    const store = temporaryStore();
    const record = await snapshotOf(store, memory);
    const finder = temporaryFinder(store);
    const some = await findAll(store, finder, record, { text: "." }, { limit: 12 });
    expect(some).toMatchObject({ isLimitMet: true, hits: { length: 12 } });
    const all = await findAll(store, finder, record, { text: "secret" }, { limit: 1 });
    expect(all).toMatchObject({ isLimitMet: false, hits: { length: 1 } });
  });

  test("among new pages, a match counts that touches one", async () => {
    const store = temporaryStore();
    const page = (text: string, at: number) => {
      const bytes = Buffer.alloc(4096, ".");
      bytes.write(text, at);
      return bytes;
    };
    const kept = Buffer.alloc(4096, ".");
    kept.write("needle", 100);
    kept.write("nee", 4093);
    await snapshotOf(store, [{ address: 0x10000n, content: Buffer.concat([kept, page("xyz", 0)]) }]);
    const content = Buffer.concat([kept, page("dle", 0), page("needle", 200), kept]);
    const record = await snapshotOf(store, [{ address: 0x10000n, content }]);
    const finder = temporaryFinder(store);
    const scope = { ...everywhere(store, record), among: new Set([PROVENANCES.indexOf("new")]) };
    for (const pattern of [{ text: "needle" }, { text: "n[e]+dle", form: "regex" as const }]) {
      expect((await findAll(store, finder, record, pattern)).hits).toEqual([
        "p7 0x10064+6",
        "p7 0x10ffd+6",
        "p7 0x120c8+6",
        "p7 0x13064+6",
      ]);
      const { hits } = await findAll(store, finder, record, pattern, { scope });
      expect(hits).toEqual(["p7 0x10ffd+6", "p7 0x120c8+6"]);
    }
  });

  test("what is cancelled ends at once, also amid a page, and the next search is answered", async () => {
    const store = temporaryStore();
    const hard = Buffer.alloc(64 * 4096, "a");
    for (let page = 0; page < 64; page++) hard.write(String(page), page * 4096 + 2000);
    const record = await snapshotOf(store, [{ address: 0x10000n, content: hard }]);
    const finder = temporaryFinder(store);
    const controller = new AbortController();
    const search = finder.find(
      record,
      { form: "regex", text: "[a-z0-9]*[a-z]{500}[^a]+!", ignoreCase: false },
      { scope: everywhere(store, record), limit: 10, signal: controller.signal },
    );
    const next = search.next();
    controller.abort();
    await expect(next).rejects.toThrow("aborted");
    expect((await findAll(store, finder, record, { text: "a63a" })).hits).toEqual(["p7 0x4f7cf+4"]);
  });

  test("pages are found after their packs were given another form", async () => {
    const store = temporaryStore();
    const record = await snapshotOf(store, memory);
    const finder = temporaryFinder(store);
    expect((await findAll(store, finder, record, { text: "Secret" })).hits).toHaveLength(1);
    await finish(store);
    expect((await findAll(store, finder, record, { text: "ecret" })).hits).toHaveLength(2);
  });

  test("a page that is not what its hash says is an error, not an answer", async () => {
    const store = temporaryStore();
    const record = await snapshotOf(store, [{ address: 0x10000n, content: randomBytes(8192) }]);
    const [{ name }] = store.catalog.packs();
    const file = path.join(store.directory, "packs", name);
    const bytes = readFileSync(file);
    bytes[100] ^= 1;
    writeFileSync(file, bytes);
    await expect(findAll(store, temporaryFinder(store), record, { text: "x" })).rejects.toMatchObject({
      code: "store-damaged",
    });
  });
});

/** What memory holds by address, and a search that knows nothing of pages. */
class Model {
  readonly bytes = new Map<bigint, number>();

  constructor(pieces: readonly Piece[]) {
    for (const { address, content } of pieces)
      for (const [i, byte] of content.entries()) this.bytes.set(address + BigInt(i), byte);
  }

  runs(start: bigint, end: bigint): { readonly at: bigint; readonly bytes: Buffer }[] {
    const runs: { at: bigint; bytes: number[] }[] = [];
    for (const at of [...this.bytes.keys()].filter((a) => a >= start && a < end).sort((x, y) => (x < y ? -1 : 1))) {
      const last = runs.at(-1);
      if (last && last.at + BigInt(last.bytes.length) === at) last.bytes.push(this.bytes.get(at) as number);
      else runs.push({ at, bytes: [this.bytes.get(at) as number] });
    }
    return runs.map(({ at, bytes }) => ({ at, bytes: Buffer.from(bytes) }));
  }

  masked(pattern: readonly (number | null)[], start: bigint, end: bigint): string[] {
    return this.runs(start, end).flatMap(({ at, bytes }) =>
      Array.from(bytes.keys())
        .filter((i) => i + pattern.length <= bytes.length && pattern.every((b, j) => b === null || bytes[i + j] === b))
        .map((i) => `p7 0x${(at + BigInt(i)).toString(16)}+${pattern.length}`),
    );
  }

  regex(text: string, start: bigint, end: bigint): string[] {
    const hits: string[] = [];
    const regex = new RegExp(text, "sy");
    for (const { at, bytes } of this.runs(start, end)) {
      const subject = bytes.toString("latin1");
      for (let i = 0; i < subject.length; ) {
        regex.lastIndex = 0;
        const length = regex.exec(subject.slice(i, i + 4096))?.[0].length ?? 0;
        if (length > 0) hits.push(`p7 0x${(at + BigInt(i)).toString(16)}+${length}`);
        i += Math.max(1, length);
      }
    }
    return hits;
  }
}

/** Pages of few kinds, so that they recur and many bytes agree with a pattern. */
const kinds = [[0], [0x61], [0x61, 0x62], [0x61, 0x61, 0x62], [0x62, 0x61, 0x61, 0x61, 0x61], [0x63, 0x61]].map(
  (fill) => Uint8Array.from({ length: 4096 }, (_, i) => fill[(i * fill.length) % 4096 === 0 ? 0 : i % fill.length]),
);
const piece = fc.record({
  gap: fc.constantFrom(0, 0, 1, 2),
  pages: fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 3 }),
  cut: fc.constantFrom(0, 0, 1, 100, 4095),
});
const shapes = fc.array(piece, { minLength: 1, maxLength: 3 });
type Shape = (typeof shapes extends fc.Arbitrary<infer T> ? T : never)[number];

function piecesOf(shapes: readonly Shape[]): Piece[] {
  let address = 0x10000n;
  return shapes.map(({ gap, pages, cut }): Piece => {
    address += BigInt(gap) * 4096n;
    const content = Buffer.concat(pages.map((kind) => kinds[kind]));
    const made = { address, content: content.subarray(0, content.length - cut) };
    address += BigInt(content.length);
    return made;
  });
}
const bounds = fc.tuple(fc.constantFrom(0, 1, 4095, 4096, 5000), fc.constantFrom(0, 1, 4096, 8000, 20_000, 100_000));

test("fixed bytes are found as a search byte by byte finds them", { timeout: 120_000 }, async () => {
  const byte = fc.constantFrom(0, 0x61, 0x61, 0x62, null);
  const short = fc.array(byte, { minLength: 1, maxLength: 5 });
  const long = fc
    .tuple(fc.nat(kinds.length - 1), fc.constantFrom(4096, 4097, 6000, 9000))
    .map(([kind, length]) => Array.from({ length }, (_, i) => kinds[kind][(i + 7) % 4096]));
  const store = temporaryStore();
  const finder = temporaryFinder(store);
  let made = 0;
  await fc.assert(
    fc.asyncProperty(
      shapes,
      fc.array(fc.oneof({ weight: 4, arbitrary: short }, { weight: 1, arbitrary: long }), {
        minLength: 3,
        maxLength: 3,
      }),
      bounds,
      async (drawn, patterns, [skip, take]) => {
        const memory = piecesOf(drawn);
        const record = await snapshotOf(store, memory, `made${made++}`);
        const model = new Model(memory);
        const [start, end] = [0x10000n + BigInt(skip), 0x10000n + BigInt(skip + take)];
        for (const pattern of patterns) {
          if (pattern.every((b) => b === null)) continue;
          const text = pattern.map((b) => (b === null ? "??" : b.toString(16).padStart(2, "0"))).join(" ");
          const all = await findAll(store, finder, record, { form: "hex", text });
          expect(all.hits).toEqual(model.masked(pattern, 0n, 1n << 64n));
          const scope: Scope = { regions: [{ space: "p7", start, end }], among: null };
          const part = await findAll(store, finder, record, { form: "hex", text }, { scope });
          expect(part.hits).toEqual(model.masked(pattern, start, end));
        }
      },
    ),
    { numRuns: 20 },
  );
});

test("a regular expression is found as one that is tried byte by byte", { timeout: 120_000 }, async () => {
  const text = fc.constantFrom(
    "a+",
    "a+b",
    "b[^b]*",
    "(?:ab|aab|a)c?",
    "\\x00a+",
    "a{2,}?b",
    "[ab]{900,}",
    "c|b.*a",
    "(?:ba){1,9}",
    "\\x00+a",
  );
  const store = temporaryStore();
  const finder = temporaryFinder(store);
  let made = 0;
  await fc.assert(
    fc.asyncProperty(shapes, text, text, bounds, async (drawn, one, other, [skip, take]) => {
      const memory = piecesOf(drawn);
      const record = await snapshotOf(store, memory, `made${made++}`);
      const model = new Model(memory);
      const [start, end] = [0x10000n + BigInt(skip), 0x10000n + BigInt(skip + take)];
      const scope: Scope = { regions: [{ space: "p7", start, end }], among: null };
      for (const pattern of [one, other]) {
        const all = await findAll(store, finder, record, { form: "regex", text: pattern });
        expect(all.hits).toEqual(model.regex(pattern, 0n, 1n << 64n));
        const part = await findAll(store, finder, record, { form: "regex", text: pattern }, { scope });
        expect(part.hits).toEqual(model.regex(pattern, start, end));
      }
    }),
    { numRuns: 20 },
  );
});
