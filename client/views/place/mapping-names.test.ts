import { expect, test } from "vitest";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { layStrip } from "../../../shared/strip/index.ts";
import { type Atlas, addressOf, findPlace, type PlacedMapping } from "./places.ts";

const LIBC = 0x7f0000000;

function mapping(pid: number, start: number, pages: number, more: Partial<PlacedMapping> = {}): PlacedMapping {
  const address = `0x${(BigInt(start) * 4096n).toString(16)}`;
  return {
    space: `p${pid}`,
    pid,
    start,
    pages,
    name: "[anon]",
    path: null,
    offset: 0,
    permissions: "rw-",
    address,
    ...more,
  };
}

const libc = { name: "libc.so.6", path: "/usr/lib/x86_64-linux-gnu/libc.so.6" };
const maps = [
  mapping(1, 0x400, 16, { name: "prog", path: "/bin/prog", permissions: "r-x", offset: 0x2000 }),
  mapping(1, 0xa00, 16, { name: "[heap]" }),
  mapping(1, LIBC, 16, { ...libc, permissions: "r--" }),
  mapping(1, LIBC + 16, 16, { ...libc, permissions: "r-x", offset: 0x10000 }),
  // The end of the code is mapped once more, to be written.
  mapping(1, LIBC + 33, 16, { ...libc, offset: 0x1f000 }),
  mapping(1, LIBC + 64, 1),
  mapping(1, LIBC + 66, 1),
  mapping(7, 0xa00, 16, { name: "[heap]" }),
  mapping(7, 0xb00, 16, { name: "libstdc++.so.6", path: "/usr/lib/libstdc++.so.6" }),
  mapping(7, LIBC, 16, { ...libc, permissions: "r--" }),
  { ...mapping(7, 0, 4, { name: "[shared]", space: "s59" }), address: "0x7fe203e1f000" },
];
const strip = layStrip(
  maps.map(({ space, start, pages }) => ({
    space: space as "p1",
    start: start as PageAddress,
    pages,
    shown: [{ start: 0, end: Math.ceil(pages / 16) }],
  })),
);

function find(text: string, cursor: Atlas["cursor"] = null): string {
  const answer = findPlace(text, { name: "t1", maps, strip, choice: "all", cursor });
  if (answer.answer === "place") return `${answer.place.space}:${addressOf(answer.place).toString(16)}`;
  return answer.answer === "elsewhere" ? answer.sentence.replaceAll("\u00a0", " ") : answer.answer;
}
const inSeven = { space: "p7", page: 0xa01 as PageAddress, offset: 0 } as const;

test.each([
  ["libc.so.6", "p1:7f0000000000"],
  ["/usr/lib/x86_64-linux-gnu/libc.so.6", "p1:7f0000000000"],
  ["x86_64-linux-gnu/libc.so.6", "p1:7f0000000000"],
  ["libc.so.6+0x10123", "p1:7f0000010123"],
  ["libc.so.6 + 10123", "p1:7f0000010123"],
  // The file's page before the one that is mapped first.
  ["prog+0x2010", "p1:400010"],
  ["prog@0x2010", "p1:400010"],
  ["[heap]+0x25", "p1:a00025"],
  ["libc.so.6@0x1f008", "p1:7f000001f008"],
  ["libc.so.6@0x20008", "p1:7f0000022008"],
  ["7:a00025", "p7:a00025"],
  ["7:0x7fe2 03e1 f010", "s59:10"],
  ["s59:10", "s59:10"],
  ["libstdc++.so.6", "p7:b00000"],
  ["libstdc++.so.6+0x10", "p7:b00010"],
  [
    "libc.so.6+0x20010",
    "0x7f0000020010 is in no mapping of process 1. Nearest: libc.so.6 0x7f0000010000, which ends 16 B below.",
  ],
  ["libc.so.6@0x99999", "Process 1 has not mapped byte 0x99999 of libc.so.6."],
  ["[anon]+0x10", "2 mappings of process 1 are called [anon]: write an address."],
  ["9:a00025", "There is no process 9 in t1."],
  ["7:400010", /^0x400010 is in no mapping of process 7\. Nearest: \[heap\]/],
  ["libc.so.6+0xffffffffffffffff", "no-address"],
  ["libc", "no-address"],
  ["malloc", "no-address"],
  ["malloc+0x10", "no-address"],
])("%s is %s", (text, expected) => expect(find(text)).toMatch(expected));

test("a name is first looked for in the process of the cursor", () => {
  expect(find("libc.so.6+0x10", inSeven)).toBe("p7:7f0000000010");
  expect(find("[heap]", inSeven)).toBe("p7:a00000");
  expect(find("prog", inSeven)).toBe("p1:400000");
});
