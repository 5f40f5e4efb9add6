import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Sha256 } from "./sha256.ts";

function digestOf(pieces: readonly Uint8Array[]): string {
  const hash = new Sha256();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

test("the digest is that of the platform, however the bytes are cut into pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }), (pieces) => {
      expect(digestOf(pieces)).toBe(createHash("sha256").update(Buffer.concat(pieces)).digest("hex"));
    }),
    { numRuns: 500 },
  );
});

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1_000_003])("%i bytes", (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) & 255);
  expect(digestOf([bytes])).toBe(createHash("sha256").update(bytes).digest("hex"));
});
