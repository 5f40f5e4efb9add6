import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textAt, timesAt } from "./readings.ts";

function bytesOf(write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(8);
  write(new DataView(bytes.buffer));
  return bytes;
}

describe("text", () => {
  test.each([
    ["utf-8", "ASCII", Buffer.from("KEY_ID=\0x"), "KEY_ID="],
    ["utf-8", "of several bytes", Buffer.from("é€😀!\n"), "é€😀!"],
    ["utf-8", "cut amid a character", Buffer.from("a€").subarray(0, 3), "a"],
    ["utf-8", "behind it no UTF-8", Buffer.from([0x61, 0x62, 0xff, 0x63]), "ab"],
    ["utf-8", "none", Buffer.from([0x80, 0x61]), ""],
    ["utf-8", "marks that turn the line are no text", Buffer.from("a\u202eb"), "a"],
    ["utf-16", "little", Buffer.from("Wörter\0", "utf16le"), "Wörter"],
    ["utf-16", "half of a pair", Buffer.from("a😀", "utf16le").subarray(0, 4), "a"],
    ["utf-16", "a pair", Buffer.from("a😀\0", "utf16le"), "a😀"],
    ["utf-16", "ASCII is none", Buffer.from("KEY_ID=1"), ""],
    ["utf-16", "an odd byte", Buffer.from([0x61, 0, 0x62]), "a"],
  ] as const)("%s, %s", (encoding, _, bytes, expected) => {
    expect(textAt(encoding, bytes, "little")).toBe(expected);
  });

  test("follows the byte order", () => {
    expect(textAt("utf-16", Buffer.from([0, 0x61, 0, 0x62]), "big")).toBe("ab");
  });

  test("is never more than the bytes say, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const text = textAt("utf-8", bytes, "little");
        expect(Buffer.from(text).equals(Buffer.from(bytes.subarray(0, Buffer.byteLength(text))))).toBe(true);
        expect(textAt("utf-16", bytes, "little").length * 2).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe("times", () => {
  const time = Date.UTC(2026, 10, 23, 4, 6, 47);
  const seconds = BigInt(time / 1000);
  test.each([
    ["s", bytesOf((view) => view.setBigUint64(0, seconds, true)), "u64 s"],
    ["ms", bytesOf((view) => view.setBigUint64(0, seconds * 1000n, true)), "u64 ms"],
    ["µs", bytesOf((view) => view.setBigUint64(0, seconds * 1_000_000n, true)), "u64 µs"],
    ["ns", bytesOf((view) => view.setBigUint64(0, seconds * 1_000_000_000n, true)), "u64 ns"],
    // Windows' own example: 1970 is 116444736000000000.
    [
      "FILETIME",
      bytesOf((view) => view.setBigUint64(0, 116_444_736_000_000_000n + seconds * 10_000_000n, true)),
      "FILETIME",
    ],
    ["f64", bytesOf((view) => view.setFloat64(0, Number(seconds), true)), "f64 s"],
    ["32 bits", bytesOf((view) => view.setUint32(0, Number(seconds), true)).subarray(0, 4), "u32 s"],
  ])("in %s", (_, bytes, unit) => {
    expect(timesAt(bytes, "little")).toContainEqual({ unit, time });
  });

  test("what is likely no time is none, and no number is a time in two units of 64 bits", () => {
    expect(timesAt(new Uint8Array(8), "little")).toEqual([]);
    expect(
      timesAt(
        bytesOf((view) => view.setBigUint64(0, 0x7fe203e1f000n, true)),
        "little",
      ),
    ).toEqual([]);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n }), (word) => {
        const found = timesAt(
          bytesOf((view) => view.setBigUint64(0, word, true)),
          "little",
        );
        const whole = found.filter(({ unit }) => unit !== "f64 s" && unit !== "u32 s");
        expect(whole.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("follows the byte order", () => {
    expect(
      timesAt(
        bytesOf((view) => view.setBigUint64(0, seconds)),
        "big",
      )[0],
    ).toEqual({ unit: "u64 s", time });
  });
});
