import { expect, test } from "vitest";
import { maskSecret } from "./mask-secret.ts";

test.each([
  ["AWS_ACCESS_KEY_ID=AKIAFAKEDUMPSCOPE002", "AWS_ACCESS_KEY_ID=AKIA················"],
  ["password=hunter2", "password=·······"],
  ["-----BEGIN RSA PRIVATE KEY-----RkFLRSBrZX", "-----BEGIN RSA PRIVATE KEY----- ····"],
  ["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJh····················"],
])("%s is shown as %s", (text, masked) => expect(maskSecret(text)).toBe(masked));
