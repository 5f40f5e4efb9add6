import { expect, test } from "vitest";
import { wantedText } from "./asked-line.tsx";
import type { Wanted } from "./follow-search.ts";

const key: Wanted = { kind: "pattern", form: "text", text: "AKIA", ignoreCase: false };
const all: Wanted = { kind: "strings", leastLength: 6, of: null };

test.each<[Wanted, string]>([
  [key, "Text “AKIA”"],
  [{ ...key, ignoreCase: true }, "Text “AKIA”, whatever its case"],
  [{ ...key, form: "hex", text: "de ad" }, "Bytes “de ad”"],
  [{ ...key, text: "a".repeat(65_536) }, `Text “${"a".repeat(200)}…”`],
  [all, "Strings of at least 6 characters"],
  [{ ...all, of: "url" }, "URLs of at least 6 characters"],
])("what was asked is told: %#", (wanted, words) => {
  expect(wantedText(wanted)).toBe(words);
});
