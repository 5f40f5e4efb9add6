import { describe, expect, test } from "vitest";
import {
  formatCount,
  formatDuration,
  formatHash,
  formatOffset,
  formatPercent,
  formatPlural,
  formatProgress,
  formatRange,
  formatSentence,
  formatSize,
  formatTime,
  groupDigits,
  groupNumbers,
} from "./index.ts";

/** Narrow and fixed blanks as plain ones, so that the tables can be read. */
const plain = (text: string) => text.replaceAll("\u202f", "'").replaceAll("\u00a0", " ");

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1'000"],
  [5276, "5'276"],
  [1463880242, "1'463'880'242"],
])("count %i is %s", (value, text) => expect(plain(formatCount(value))).toBe(text));

test.each([
  [0, "0 B"],
  [1023, "1'023 B"],
  [1024, "1.0 KiB"],
  [1024 * 1024 - 1, "1.0 MiB"],
  [30_199_000, "28.8 MiB"],
])("size %i is %s", (value, text) => expect(plain(formatSize(value))).toBe(text));

test.each([
  [5079, 5276, "96.3 %"],
  [0, 100, "0.0 %"],
  [100, 100, "100.0 %"],
  [1, 10_000, "< 0.1 %"],
  [9_999, 10_000, "> 99.9 %"],
  [0, 0, "0.0 %"],
])("%i of %i is %s", (part, whole, text) => expect(plain(formatPercent(part, whole))).toBe(text));

test("progress says 100 only when done", () => {
  expect(plain(formatProgress(9_999, 10_000))).toBe("99 %");
  expect(plain(formatProgress(10_000, 10_000))).toBe("100 %");
});

test("singular and plural are right", () => {
  expect(formatPlural(1, "page")).toBe("1 page");
  expect(formatPlural(0, "page")).toBe("0 pages");
  expect(formatPlural(2, "process", "processes")).toBe("2 processes");
});

test("numbers in a sentence are grouped, addresses and names are not", () => {
  expect(plain(groupNumbers("It ends at byte 3407872, inside pages-1234.img at 0x12345."))).toBe(
    "It ends at byte 3'407'872, inside pages-1234.img at 0x12345.",
  );
  expect(plain(formatSentence("The file ends at byte 100352. 23 of 41 segments end outside"))).toBe(
    "The file ends at byte 100'352. 23 of 41 segments end outside.",
  );
});

test("durations carry two units at most", () => {
  expect(plain(formatDuration(0.2))).toBe("1 s");
  expect(plain(formatDuration(125))).toBe("2 min 05 s");
  expect(plain(formatDuration(3720))).toBe("1 h 02 min");
});

test("times are UTC, and what is no time stays as it is", () => {
  expect(formatTime("2026-11-23T04:06:49Z")).toBe("2026-11-23 04:06:49 UTC");
  expect(formatTime("2026-11-23T05:06:49+01:00")).toBe("2026-11-23 04:06:49 UTC");
  expect(formatTime("yesterday")).toBe("yesterday");
});

test("a hash is cut only when it is longer", () => {
  expect(formatHash("e6c2d65f12d5c4d8aa", 16)).toBe("e6c2d65f12d5c4d8…");
  expect(formatHash("e6c2", 16)).toBe("e6c2");
});

describe("addresses", () => {
  test("groups come from the right", () => {
    expect(groupDigits("7fe203e1f000")).toEqual(["7fe2", "03e1", "f000"]);
    expect(groupDigits("a7f000")).toEqual(["a7", "f000"]);
    expect(groupDigits("0")).toEqual(["0"]);
  });

  test("ranges are inclusive and keep all 64 bits", () => {
    expect(formatRange(0x7fe203e1f000n, 64)).toBe("0x7fe203e1f000–03f");
    expect(formatRange(0x7fe203e1f000n, 65536)).toBe("0x7fe203e1f000–2efff");
    expect(formatRange(0xffffffffff600000n, 4096)).toBe("0xffffffffff600000–fff");
    expect(formatRange(0x10n, 1)).toBe("0x10");
    expect(formatRange(0xfffn, 2)).toBe("0xfff–1000");
  });

  test("an offset in a page has three digits", () => expect(formatOffset(0x25)).toBe("+0x025"));
});
