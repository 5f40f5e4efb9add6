import { describe, expect, test } from "vitest";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { layStrip } from "../../../shared/strip/index.ts";
import { type Atlas, addressOf, findPlace, type PlacedMapping } from "./places.ts";

const heap: PlacedMapping = {
  space: "p1",
  pid: 1,
  start: 0xa00,
  pages: 0x7f,
  name: "[heap]",
  path: null,
  offset: 0,
  permissions: "rw-",
  address: "0xa00000",
};
const shared: PlacedMapping = {
  space: "s59",
  pid: 1,
  start: 0,
  pages: 4,
  name: "[shared]",
  path: null,
  offset: 0,
  permissions: "rw-",
  address: "0x7fe203e1f000",
};
const strip = layStrip([
  { space: "p1", start: 0xa00 as PageAddress, pages: 0x7f, shown: [{ start: 0, end: 2 }] },
  { space: "s59", start: 0 as PageAddress, pages: 4, shown: [{ start: 0, end: 1 }] },
]);
const atlas: Atlas = { name: "t1", maps: [heap, shared], strip, choice: "all", cursor: null };
const plain = (text: string) => text.replaceAll("\u00a0", " ");

function place(text: string, cursor: Atlas["cursor"] = null) {
  const answer = findPlace(text, { ...atlas, cursor });
  return answer.answer === "place" ? `${answer.place.space}:${addressOf(answer.place).toString(16)}` : answer.answer;
}

test.each([
  ["0xa00025", "p1:a00025"],
  ["a0 0025", "p1:a00025"],
  ["p1:a00025", "p1:a00025"],
  ["0x7fe203e1f010", "s59:10"],
  ["s59:10", "s59:10"],
  ["p1:7fe203e1f010", "s59:10"],
  ["p2:7fe203e1f010", "elsewhere"],
  ["libc.so.6", "no-address"],
  ["", "no-address"],
])("%s is %s", (text, expected) => expect(place(text)).toBe(expected));

test("an offset counts from the start of the cursor's mapping", () => {
  const cursor = { space: "p1", page: 0xa05 as PageAddress, offset: 3 } as const;
  expect(place("+0x25", cursor)).toBe("p1:a00025");
  expect(place("+0x25")).toBe("elsewhere");
});

test("offsets and addresses beyond 2^33 and 2^63 are exact", () => {
  const large: PlacedMapping = { ...heap, start: 0x7f0000000, pages: 2 ** 22, address: "0x7f0000000000" };
  const vsyscall: PlacedMapping = { ...heap, start: 0xffffffffff600, pages: 1, address: "0xffffffffff600000" };
  const maps = [large, vsyscall];
  const sources = maps.map(({ start, pages }) => ({
    space: "p1" as const,
    start: start as PageAddress,
    pages,
    shown: [{ start: 0, end: Math.ceil(pages / 16) }],
  }));
  const cursor = { space: "p1", page: large.start as PageAddress, offset: 0 } as const;
  const found = (text: string) => findPlace(text, { ...atlas, maps, strip: layStrip(sources), cursor });
  expect(found("+0x200000001")).toEqual({
    answer: "place",
    place: { space: "p1", page: 0x7f0000000 + 2 ** 21, offset: 1 },
  });
  expect(found("0xffffffffff600fff")).toEqual({
    answer: "place",
    place: { space: "p1", page: 0xffffffffff600, offset: 0xfff },
  });
  expect(found("0xffffffffffffffff").answer).toBe("elsewhere");
});

describe("where there is nothing", () => {
  test("the nearest mapping is named, with its distance", () => {
    const answer = findPlace("0xabb000", atlas);
    expect(answer.answer).toBe("elsewhere");
    if (answer.answer !== "elsewhere") return;
    expect(plain(answer.sentence)).toBe(
      "0xabb000 is in no mapping of t1. Nearest: [heap] 0xa00000, which ends 240.0 KiB below.",
    );
    // The end of the heap is folded away: what is shown of it is offered.
    expect(answer.nearest).toEqual({ space: "p1", page: 0xa1f, offset: 0 });
  });

  test("a folded page says so, and may be gone to all the same", () => {
    const answer = findPlace("0xa40000", atlas);
    expect(answer.answer).toBe("elsewhere");
    if (answer.answer !== "elsewhere") return;
    expect(plain(answer.sentence)).toContain("takes no room in the picture. Nearest shown: 0xa1f000, 132.0 KiB below.");
    expect(answer.nearest).toEqual({ space: "p1", page: 0xa40, offset: 0 });
  });

  test.each([
    ["p9:1000", "There is no process 9 in t1."],
    ["9:1000", "There is no process 9 in t1."],
    ["s9:1000", "There is no shared segment 9 in t1."],
  ])("%s names what there is not", (text, sentence) => {
    expect(findPlace(text, atlas)).toEqual({ answer: "elsewhere", sentence, nearest: null });
  });

  test("a mapping of which nothing is shown is called whole, and what is shown is far away in bytes", () => {
    const vsyscall = { ...heap, name: "[vsyscall]", start: 0xffffffffff600, pages: 1, address: "0xffffffffff600000" };
    const answer = findPlace("0xffffffffff600000", { ...atlas, maps: [heap, vsyscall] });
    if (answer.answer !== "elsewhere") throw new Error(answer.answer);
    expect(plain(answer.sentence)).toBe(
      "0xffffffffff600000 is in [vsyscall], of which nothing is recorded; it takes no room in the picture. Nearest shown: 0xa1f000, 16.0 EiB below.",
    );
    expect(answer.nearest).toEqual({ space: "p1", page: 0xffffffffff600, offset: 0 });
  });
});

test("a page that the strip folds away is said to be, with the name of the strip", () => {
  const said = ["all", "recorded", "residual"].map((choice) => {
    const answer = findPlace("a50000", { ...atlas, choice: choice as Atlas["choice"] });
    return answer.answer === "elsewhere" ? plain(answer.sentence) : answer.answer;
  });
  expect(said.map((sentence) => /a part of it (.*?);/.exec(sentence)?.[1])).toEqual([
    "in which nothing is recorded",
    "that the strip of recorded pages leaves out",
    "that the strip of residual pages leaves out",
  ]);
});
