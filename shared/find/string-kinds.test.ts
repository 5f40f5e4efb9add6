import { expect, test } from "vitest";
import { isSecret, stringKinds } from "./index.ts";

test.each([
  ["/usr/lib/x86_64-linux-gnu/libc.so.6", ["path"]],
  ["open('/etc/passwd.d/x')", ["path"]],
  ["C:\\Windows\\system32", ["path"]],
  ["https://example.org/a?b", ["url"]],
  ["redis://cache:6379", ["url"]],
  ["mail to root@example.org now", ["email"]],
  ["AWS_ACCESS_KEY_ID=AKIAFAKEDUMPSCOPE002", ["key"]],
  ["password: hunter2", ["key"]],
  ["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", ["key"]],
  ["-----BEGIN RSA PRIVATE KEY-----", ["key"]],
  ["the quick brown fox", []],
  ["and/or", []],
  ["a@b", []],
])("%s is of the kinds %j", (text, kinds) => expect(stringKinds(text)).toEqual(kinds));

test("a value without a name is no secret", () => expect(isSecret("correct-horse-battery-staple")).toBe(false));

test("text made to be slow is judged in a moment", () => {
  for (const text of ["a@".repeat(256), "/a".repeat(256), "secret".repeat(85), "a.".repeat(256)]) stringKinds(text);
});
