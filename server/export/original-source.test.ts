import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ingest, samplePath, temporaryStore } from "../../test/ingest/temporary-store.ts";
import { openOriginal } from "./index.ts";

test("any range of a dump is read as it arrived, pages and what lies between them", async () => {
  const file = samplePath("podman", "tiny-t0.tar");
  const arrived = readFileSync(file);
  const store = temporaryStore();
  const { snapshot } = await ingest(store, file, "tiny");
  const original = openOriginal(store, snapshot);
  expect(original.size).toBe(arrived.length);
  fc.assert(
    fc.property(fc.nat(arrived.length + 10), fc.nat(20_000), (offset, length) => {
      const bytes = Buffer.from(original.bytes(offset, length));
      expect(bytes.equals(arrived.subarray(offset, offset + length))).toBe(true);
    }),
  );
  expect(Buffer.from(await original.read(0, arrived.length)).equals(arrived)).toBe(true);
});
