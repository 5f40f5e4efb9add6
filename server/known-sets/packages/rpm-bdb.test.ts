import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBerkeleyDb } from "./rpm-bdb.ts";

interface Layout {
  readonly littleEndian: boolean;
  readonly pageSize: number;
  /** Values of each bucket. */
  readonly buckets: readonly (readonly Uint8Array[])[];
}

/** A hash table of Berkeley DB, written from the description of its format; keys are numbers, 0 has a value as well. */
function makeBerkeleyDb({ littleEndian, pageSize, buckets }: Layout): Buffer {
  const pages: Buffer[] = [];
  const u16 = (page: Buffer, value: number, at: number) =>
    littleEndian ? page.writeUInt16LE(value, at) : page.writeUInt16BE(value, at);
  const u32 = (page: Buffer, value: number, at: number) =>
    littleEndian ? page.writeUInt32LE(value, at) : page.writeUInt32BE(value, at);
  const add = (type: number) => {
    const page = Buffer.alloc(pageSize);
    u32(page, pages.length, 8);
    page[25] = type;
    return pages[pages.push(page) - 1];
  };
  const numberOf = (page: Buffer) => pages.indexOf(page);

  const meta = add(8);
  u32(meta, 0x61561, 12);
  u32(meta, 9, 16);
  u32(meta, pageSize, 20);
  u32(meta, buckets.length - 1, 72);

  /** Value, then key: what is later in the list lies nearer to the page's beginning. */
  const item = (content: Uint8Array): Buffer => {
    if (content.length <= pageSize / 4) return Buffer.concat([Buffer.of(1), content]);
    const made = Buffer.alloc(12);
    made[0] = 3;
    u32(made, pages.length, 4);
    u32(made, content.length, 8);
    for (let at = 0; at < content.length; at += pageSize - 26) {
      const part = content.subarray(at, at + pageSize - 26);
      const page = add(7);
      page.set(part, 26);
      u16(page, part.length, 22);
      if (at + part.length < content.length) u32(page, pages.length, 16);
    }
    return made;
  };

  let key = 0;
  let bits = 0;
  // Buckets 0, 1, 2-3, 4-7, …: each group's pages lie one behind the other, with others between the groups.
  for (let first = 0; first < buckets.length; first = bits === 0 ? 1 : first * 2, bits++) {
    const last = bits === 0 ? 1 : Math.min(first * 2, buckets.length);
    u32(meta, pages.length - first, 96 + bits * 4);
    const group = buckets.slice(first, last).map(() => add(13));
    for (const [i, head] of group.entries()) {
      let page = head;
      let end = pageSize;
      let items: number[] = [];
      for (const value of first + i === 0 ? [Buffer.alloc(4, 7), ...buckets[0]] : buckets[first + i]) {
        const name = Buffer.alloc(5, 1);
        u32(name, key++, 1);
        const content = item(value);
        if (26 + (items.length + 2) * 2 > end - name.length - content.length) {
          const next = add(13);
          u32(page, numberOf(next), 16);
          u32(next, numberOf(page), 12);
          [page, end, items] = [next, pageSize, []];
        }
        page.set(name, end - name.length);
        page.set(content, end - name.length - content.length);
        items.push(end - name.length, end - name.length - content.length);
        end = items[items.length - 1];
        for (const [n, at] of items.entries()) u16(page, at, 26 + n * 2);
        u16(page, items.length, 20);
      }
    }
  }
  u32(meta, pages.length - 1, 32);
  return Buffer.concat(pages);
}

function readAll(bytes: Uint8Array) {
  const lost: string[] = [];
  const blobs = [...readBerkeleyDb(bytes, (what) => lost.push(what))].map((blob) => Buffer.from(blob));
  return { blobs, lost };
}

const value = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
  fc.uint8Array({ minLength: 200, maxLength: 3000, size: "max" }),
);
const layout = fc.record({
  littleEndian: fc.boolean(),
  pageSize: fc.constantFrom(512, 1024, 4096, 65536),
  buckets: fc.array(fc.array(value, { maxLength: 12 }), { minLength: 1, maxLength: 11 }),
});

test("whatever is put into a table is read from it, once, by bucket", () => {
  fc.assert(
    fc.property(layout, (made) => {
      const { blobs, lost } = readAll(makeBerkeleyDb(made));
      expect(lost).toEqual([]);
      expect(blobs).toEqual(made.buckets.flat().map((blob) => Buffer.from(blob)));
    }),
  );
});

test("a table of any layout can be damaged anywhere: no more is given than there is", () => {
  fc.assert(
    fc.property(layout, fc.infiniteStream(fc.nat()), (made, numbers) => {
      const bytes = makeBerkeleyDb({ ...made, pageSize: 512 });
      for (let i = 0; i < 8; i++) {
        const at = numbers.next().value % bytes.length;
        bytes[at - (at % 512) + (at % 40)] = numbers.next().value % 32;
      }
      const { blobs } = readAll(bytes);
      expect(blobs.reduce((sum, blob) => sum + blob.length, 0)).toBeLessThanOrEqual(bytes.length);
    }),
  );
});

describe("hostile tables", () => {
  const small = Buffer.from("a small value");
  const large = Buffer.alloc(1500, "large");
  // Page 1 is the bucket, pages 2 to 5 are the first large value, 6 to 9 the second.
  const table = () => makeBerkeleyDb({ littleEndian: true, pageSize: 512, buckets: [[small, large, large]] });
  const page = (n: number) => n * 512;
  /** Of the value of a pair of page 1; pair 0 is the number's. */
  const valueAt = (bytes: Buffer, pair: number) => page(1) + bytes.readUInt16LE(page(1) + 26 + pair * 4 + 2);

  test("the table without damage", () => {
    expect(readAll(table())).toEqual({ blobs: [small, large, large], lost: [] });
    expect(table().length).toBe(page(10));
  });

  test.each<[string, (bytes: Buffer) => void, { readonly blobs: readonly Buffer[]; readonly lost: string }]>([
    [
      "a bucket whose chain comes back to itself",
      (bytes) => bytes.writeUInt32LE(1, page(1) + 16),
      { blobs: [small, large, large], lost: "page 1 is of two chains" },
    ],
    [
      "a value whose chain comes back to itself",
      (bytes) => bytes.writeUInt32LE(3, page(4) + 16),
      { blobs: [small, large], lost: "page 3 is of two chains" },
    ],
    [
      "two values with one chain",
      (bytes) => bytes.writeUInt32LE(2, valueAt(bytes, 3) + 4),
      { blobs: [small, large], lost: "page 2 is of two chains" },
    ],
    [
      "a value of 4 GiB",
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, valueAt(bytes, 2) + 8),
      { blobs: [small, large], lost: "page 0 is damaged" },
    ],
    [
      "a value that ends before its chain's page does",
      (bytes) => bytes.writeUInt32LE(500, valueAt(bytes, 2) + 8),
      { blobs: [small, large], lost: "page 3 has 486 bytes of a value of which 14 are left" },
    ],
    [
      "a chain whose page has nothing",
      (bytes) => bytes.writeUInt16LE(0, page(3) + 22),
      { blobs: [small, large], lost: "page 3 has 0 bytes of a value of which 1014 are left" },
    ],
    [
      "a chain whose page has more than a page",
      (bytes) => bytes.writeUInt16LE(0xffff, page(3) + 22),
      { blobs: [small, large], lost: "page 3 has 65535 bytes of a value of which 1014 are left" },
    ],
    [
      "a chain that leaves the file",
      (bytes) => bytes.writeUInt32LE(10, page(2) + 16),
      { blobs: [small, large], lost: "page 10 is not in the file, which has 10" },
    ],
    [
      "a chain that leads to a bucket",
      (bytes) => bytes.writeUInt32LE(1, page(2) + 16),
      { blobs: [small, large], lost: "page 1 is of two chains" },
    ],
    [
      "a page with another's number",
      (bytes) => bytes.writeUInt32LE(4, page(3) + 8),
      { blobs: [small, large], lost: "page 3 is damaged" },
    ],
    [
      "a bucket with a page of another type",
      (bytes) => bytes.writeUInt8(5, page(1) + 25),
      { blobs: [], lost: "page 1 is damaged" },
    ],
    [
      "more buckets than pages",
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, 72),
      { blobs: [small, large, large], lost: "it is to have 4294967296 buckets, in 10 pages" },
    ],
    [
      "a bucket far out",
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, 96),
      { blobs: [], lost: "page 4294967295 is not in the file, which has 10" },
    ],
    [
      "items that overlap",
      (bytes) => bytes.writeUInt16LE(bytes.readUInt16LE(page(1) + 30), page(1) + 34),
      { blobs: [small], lost: "the items of the page at byte 512 overlap" },
    ],
    [
      "more items than a page has room for",
      (bytes) => bytes.writeUInt16LE(0xfffe, page(1) + 20),
      { blobs: [], lost: "the page at byte 512 cannot have 65534 items" },
    ],
    [
      "a key without a value",
      (bytes) => bytes.writeUInt16LE(7, page(1) + 20),
      { blobs: [], lost: "the page at byte 512 cannot have 7 items" },
    ],
    [
      "a value of duplicates, which rpm never has",
      (bytes) => bytes.writeUInt8(2, valueAt(bytes, 1)),
      { blobs: [large, large], lost: expect.stringMatching(/^at byte \d+ is no item that rpm makes$/) },
    ],
    ["pages of no bytes", (bytes) => bytes.writeUInt32LE(0, 20), { blobs: [], lost: "its pages cannot have 0 bytes" }],
    [
      "pages of 768 bytes",
      (bytes) => bytes.writeUInt32LE(768, 20),
      { blobs: [], lost: "its pages cannot have 768 bytes" },
    ],
    [
      "a later version",
      (bytes) => bytes.writeUInt32LE(11, 16),
      { blobs: [], lost: "it is a hash table of version 11, and 8 to 10 are known" },
    ],
    [
      "an encrypted table",
      (bytes) => bytes.writeUInt8(1, 24),
      { blobs: [], lost: "it is encrypted, checksummed or partitioned" },
    ],
    [
      "a table with checksums",
      (bytes) => bytes.writeUInt8(1, 26),
      { blobs: [], lost: "it is encrypted, checksummed or partitioned" },
    ],
    [
      "a tree of Berkeley DB",
      (bytes) => bytes.writeUInt32LE(0x53162, 12),
      { blobs: [], lost: "it does not begin as a hash table of Berkeley DB does" },
    ],
  ])("%s", (_name, damage, { blobs, lost }) => {
    const bytes = table();
    damage(bytes);
    const found = readAll(bytes);
    expect(found.lost[0]).toEqual(lost);
    expect(found.blobs).toEqual(blobs);
  });

  test("a file too short for a first page", () => {
    expect(readAll(table().subarray(0, 511))).toEqual({
      blobs: [],
      lost: ["it has 511 bytes, too few for a Berkeley DB"],
    });
  });
});
