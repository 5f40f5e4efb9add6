import { expect, test } from "vitest";
import { isDumpError } from "../../shared/errors/index.ts";
import { maskedBytes } from "./pattern.ts";
import { compileRegex } from "./regex-program.ts";

function adviceOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isDumpError(error)) return error.advice;
    throw error;
  }
  return "none";
}

test.each([
  ["(", /^Write it again: literals, classes, groups/],
  ["a{99}{99}{99}", /^Write it again: literals, classes, groups/],
  ["a*", /^Write it again: literals, classes, groups/],
])("the regular expression %s is told how one is written, and nothing of bytes", (text, advice) => {
  expect(adviceOf(() => compileRegex(text, false))).toMatch(advice);
});

test.each([
  ["hex", "de a", /de ad \?\? 4\?/],
  ["hex", "xy", /de ad \?\? 4\?/],
  ["hex", "", /at least one byte/],
  ["text", "", /at least one byte/],
  ["text", "a".repeat(65_537), /at most 64 KiB/],
] as const)("%s: of what is no pattern the advice is for this form", (form, text, advice) => {
  expect(adviceOf(() => maskedBytes({ form, text, ignoreCase: false }))).toMatch(advice);
});
