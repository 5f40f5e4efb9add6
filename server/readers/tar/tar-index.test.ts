import { describe, expect, test } from "vitest";
import { makeEntry, makeTar, pax, type TarEntry } from "../../../test/readers/make-tar.ts";
import type { ByteSource } from "../contract.ts";
import { MemorySource } from "../unpack/index.ts";
import { indexTar, type TarIndex } from "./index.ts";

async function indexOf(entries: readonly TarEntry[], end?: Uint8Array): Promise<TarIndex> {
  const index = await indexTar(new MemorySource(makeTar(entries, end)));
  if (index === null) throw new Error("not taken for a tar");
  return index;
}

async function contentOf(entries: readonly TarEntry[], name: string): Promise<string | null> {
  const bytes = makeTar(entries);
  const member = (await indexTar(new MemorySource(bytes)))?.file(name);
  return member === undefined
    ? null
    : Buffer.from(bytes.subarray(member.offset, member.offset + member.size)).toString();
}

const LONG = `${"directory/".repeat(20)}file`;

describe("names and sizes, in every dialect", () => {
  const table: readonly (readonly [string, readonly TarEntry[], string])[] = [
    ["ustar prefix", [{ name: "file", prefix: "a/b", content: "x" }], "a/b/file"],
    ["old GNU magic: no prefix", [{ name: "file", prefix: "12345678901", magic: "ustar  \0", content: "x" }], "file"],
    ["v7: no magic", [{ name: "file", magic: "", content: "x" }], "file"],
    [
      "GNU long name",
      [
        { name: "././@LongLink", type: "L", content: `${LONG}\0` },
        { name: "cut", content: "x" },
      ],
      LONG,
    ],
    ["pax path", [pax({ path: LONG }), { name: "cut", content: "x" }], LONG],
    ["pax path with blanks and equals", [pax({ path: "a = b\nc" }), { name: "cut", content: "x" }], "a = b\nc"],
    ["pax over GNU", [pax({ path: "p" }), { name: "L", type: "L", content: "l\0" }, { name: "u", content: "x" }], "p"],
    [
      "global pax header before another",
      [pax({ comment: "c" }, "g"), pax({ path: "p" }), { name: "u", content: "x" }],
      "p",
    ],
    ["leading ./", [{ name: "./a//b", content: "x" }], "a/b"],
    ["signed checksum", [{ name: "f\xe9", content: "x", signedChecksum: true }], "f\xe9"],
    ["contiguous file", [{ name: "file", type: "7", content: "x" }], "file"],
  ];
  test.each(table)("%s", async (_what, entries, name) => {
    expect(await contentOf(entries, name)).toBe("x");
  });

  test("a size in base-256", async () => {
    const sizeBytes = new Uint8Array(12);
    sizeBytes[0] = 0x80;
    sizeBytes[11] = 3;
    expect(
      await contentOf(
        [
          { name: "a", content: "abc", sizeBytes },
          { name: "b", content: "x" },
        ],
        "a",
      ),
    ).toBe("abc");
  });

  test("a size by pax counts, not the header's", async () => {
    const entries = [
      pax({ size: "3" }),
      { name: "a", content: "abc", size: "00000000000\0" },
      { name: "b", content: "x" },
    ];
    expect(await contentOf(entries, "a")).toBe("abc");
    expect(await contentOf(entries, "b")).toBe("x");
  });

  test("the size of a link is decoration", async () => {
    const entries = [
      { name: "a", content: "abc" },
      { name: "b", type: "1", link: "a", size: "00000001000\0" },
      { name: "c", content: "x" },
    ];
    expect(await contentOf(entries, "b")).toBe("abc");
    expect(await contentOf(entries, "c")).toBe("x");
  });

  test("a time by pax keeps its fraction; a name twice is told, and the last counts", async () => {
    const entries = [
      pax({ mtime: "1763870804.890635549" }),
      { name: "a", content: "old" },
      { name: "a", content: "new", mtime: 1_763_870_804 },
    ];
    const index = await indexOf(entries);
    expect(index.members.map(({ modifiedAt }) => modifiedAt)).toEqual([
      "2025-11-23T04:06:44.890635549Z",
      "2025-11-23T04:06:44Z",
    ]);
    expect(await contentOf(entries, "a")).toBe("new");
    expect(index.notes.join()).toContain("more than one member of the same name");
  });
});

describe("links are resolved inside the archive's own names", () => {
  test("a symbolic link beside, above, and a hard link", async () => {
    const entries = [
      { name: "layers/x.tar", content: "x" },
      { name: "a/layer.tar", type: "2", link: "../layers/x.tar" },
      { name: "b/layer.tar", type: "1", link: "a/layer.tar" },
    ];
    expect(await contentOf(entries, "a/layer.tar")).toBe("x");
    expect(await contentOf(entries, "b/layer.tar")).toBe("x");
  });

  test("a circle of links leads nowhere, and ends", async () => {
    const entries = [
      { name: "a", type: "2", link: "b" },
      { name: "b", type: "2", link: "a" },
    ];
    expect(await contentOf(entries, "a")).toBeNull();
  });

  test("the parent link of an incremental checkpoint is normal", async () => {
    for (const name of ["checkpoint/parent", "parent"]) {
      const index = await indexOf([{ name, type: "2", link: "../pre-checkpoint" }]);
      expect([index.refusal, index.get(name)?.linkTarget]).toEqual([null, "../pre-checkpoint"]);
    }
  });
});

describe("hostile archives are refused by name", () => {
  const table: readonly (readonly [string, TarEntry])[] = [
    ["a name that climbs", { name: "../../etc/passwd", content: "x" }],
    ["a name that climbs in the middle", { name: "a/../../b", content: "x" }],
    ["an absolute name", { name: "/etc/passwd", content: "x" }],
    ["a name with a drive", { name: "C:\\windows", content: "x" }],
    ["a name that climbs by backslashes", { name: "a\\..\\..\\b", content: "x" }],
    ["a link that climbs", { name: "a", type: "2", link: "../b" }],
    ["an absolute link", { name: "a", type: "2", link: "/etc/passwd" }],
    ["a hard link that climbs", { name: "a/b", type: "1", link: "../x" }],
    ["a parent link that climbs further", { name: "checkpoint/parent", type: "2", link: "../../x" }],
    ["an absolute parent link", { name: "checkpoint/parent", type: "2", link: "/var/lib/x" }],
  ];
  test.each(table)("%s", async (_what, entry) => {
    const index = await indexOf([{ name: "checkpoint/inventory.img", content: "x" }, entry]);
    expect(index.refusal).toMatchObject({ code: "archive-hostile", facts: { member: entry.name } });
  });

  test("a long name that climbs", async () => {
    const name = `${"a/".repeat(100)}${"../".repeat(101)}b`;
    const index = await indexOf([
      { name: "L", type: "L", content: name },
      { name: "a", content: "x" },
    ]);
    expect(index.refusal?.code).toBe("archive-hostile");
  });

  test("a member with a hundred headers", async () => {
    const headers = Array.from({ length: 100 }, () => pax({ path: "a" }));
    const index = await indexOf([...headers, { name: "a", content: "x" }]);
    expect(index.refusal?.code).toBe("limit-met");
  });

  test("a header that claims gigabytes is not read", async () => {
    const index = await indexOf([{ name: "L", type: "L", size: "77777777777\0" }]);
    expect(index.refusal?.code).toBe("limit-met");
  });

  test("sparse members are refused, because their pages would be shifted", async () => {
    const gnu = await indexOf([{ name: "pages-1.img", type: "S", content: "x" }]);
    const posix = await indexOf([pax({ "GNU.sparse.major": "1" }), { name: "pages-1.img", content: "x" }]);
    for (const index of [gnu, posix]) expect(index.refusal).toMatchObject({ code: "dump-unsupported" });
  });

  test("headers are read, content is not", async () => {
    let bytesRead = 0;
    const tar = makeTar([
      { name: "a", content: Buffer.alloc(1_000_000) },
      { name: "b", content: "x" },
    ]);
    const source: ByteSource = {
      size: tar.length,
      read: async (offset, length) => {
        bytesRead += length;
        return tar.subarray(offset, offset + length);
      },
    };
    expect((await indexTar(source))?.members.length).toBe(2);
    expect(bytesRead).toBeLessThan(10_000);
  });
});

describe("archives that end early", () => {
  const entries: readonly TarEntry[] = [
    { name: "a", content: "abc" },
    { name: "checkpoint/pages-1.img", content: Buffer.alloc(2000, 1) },
  ];

  test("inside a member: which, where, how much", async () => {
    const bytes = makeTar(entries);
    const index = await indexTar(new MemorySource(bytes.subarray(0, 512 * 3 + 700)));
    expect(index?.trouble).toEqual({
      code: "dump-cut",
      message:
        "The archive ends at byte 2236, inside checkpoint/pages-1.img. That entry says it holds 2000 bytes; 700 are there",
      facts: { offset: 2236, member: "checkpoint/pages-1.img", needed: 2000, there: 700 },
    });
    expect(index?.file("checkpoint/pages-1.img")).toMatchObject({ size: 2000, stored: 700 });
  });

  test("inside a header", async () => {
    const bytes = makeTar(entries);
    const index = await indexTar(new MemorySource(bytes.subarray(0, 512 * 2 + 100)));
    expect(index?.trouble).toMatchObject({ code: "dump-cut", facts: { offset: 1124 } });
  });

  test.each([0, 1, 511, 512, 513, 1023])("with %i bytes of the end mark", async (there) => {
    const index = await indexOf(entries, new Uint8Array(there));
    const end = 3584 + there;
    expect(index.members.map(({ name, size, stored }) => [name, size === stored])).toEqual([
      ["a", true],
      ["checkpoint/pages-1.img", true],
    ]);
    expect(index.trouble).toEqual({
      code: "dump-cut",
      message: `The archive ends at byte ${end}, behind checkpoint/pages-1.img and before its end mark; what followed is missing`,
      facts: { offset: end, member: "checkpoint/pages-1.img", needed: 1024, there },
    });
  });

  test("a lone block of zeros between members is passed over; bytes behind the end mark are not looked at", async () => {
    const bytes = Buffer.concat([
      makeEntry(entries[0]),
      new Uint8Array(512),
      makeTar(entries.slice(1)),
      Buffer.alloc(100, 7),
    ]);
    const index = await indexTar(new MemorySource(bytes));
    expect([index?.members.length, index?.trouble]).toEqual([2, null]);
  });

  test("a damaged header is told from an end", async () => {
    const bytes = Buffer.from(makeTar(entries));
    bytes[512 * 2 + 150] ^= 1;
    const index = await indexTar(new MemorySource(bytes));
    expect(index?.trouble).toMatchObject({ code: "dump-damaged", facts: { offset: 1024 } });
  });
});
