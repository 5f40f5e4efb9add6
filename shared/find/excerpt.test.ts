import { expect, test } from "vitest";
import { excerptOf } from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("a hit is shown with what stands around it, unprintable bytes as dots", () => {
  expect(excerptOf(bytes("\0\0ab needle cd\x01ef"), 5, 6, "text")).toEqual({
    before: "··ab ",
    match: "needle",
    after: " cd·ef",
    secret: null,
  });
});

test("of UTF-16 the characters are shown", () => {
  const wide = Uint8Array.from([...bytes("say hello.")].flatMap((byte) => [byte, 0]));
  expect(excerptOf(wide, 8, 10, "utf16")).toMatchObject({ before: "say ", match: "hello", after: "." });
});

test("a hit amid a secret tells the whole of it, so that it can be masked", () => {
  const text = "\0AWS_SECRET_ACCESS_KEY=fakeFAKEfake\0";
  expect(excerptOf(bytes(text), text.indexOf("FAKE"), 4, "text").secret).toBe(text.slice(1, -1));
});

test("a secret beside a hit is not shown for its sake", () => {
  const text = "\0needle here\0password=hunter2\0";
  expect(excerptOf(bytes(text), 1, 6, "text")).toEqual({ before: "", match: "needle", after: " here", secret: null });
});

test("bytes are shown in hexadecimal", () => {
  expect(excerptOf(Uint8Array.of(1, 2, 3, 4, 0xde, 0xad, 0xff), 4, 2, "hex")).toEqual({
    before: "01 02 03 04 ",
    match: "de ad",
    after: " ff",
    secret: null,
  });
});
