import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { SUMMARY_BYTES } from "../../shared/summary/index.ts";
import { KeptSummaries } from "./kept-summaries.ts";

function opened(): { readonly kept: KeptSummaries; readonly folder: string } {
  const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-kept-"));
  const kept = new KeptSummaries(path.join(folder, "summaries"));
  onTestFinished(() => {
    kept.close();
    rmSync(folder, { recursive: true });
  });
  return { kept, folder };
}

function recordOf(offset: number, time: number): Uint8Array {
  return new Uint8Array(SUMMARY_BYTES).map((_, i) => (offset + i * 7 + time) & 255);
}

/** Pages that follow one another, with gaps, and some that overlap others because a hostile file says so. */
const anyOffset = fc.tuple(fc.nat(60), fc.constantFrom(0, 512, 513)).map(([page, begin]) => page * 4096 + begin);
const anyOffsets = fc.uniqueArray(anyOffset, { minLength: 1, maxLength: 40 }).map((list) => list.sort((a, b) => a - b));

test("what is read is what was kept last at that offset, or nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), anyOffsets), { maxLength: 12 }), (acts) => {
      const { kept } = opened();
      const model = new Map<number, Uint8Array>();
      acts.forEach(([isKeeping, offsets], time) => {
        if (isKeeping) {
          const records = offsets.map((offset) => recordOf(offset, time));
          kept.keep(Float64Array.from(offsets), Buffer.concat(records));
          offsets.forEach((offset, i) => {
            // Two pages that begin within one page of the file have room for one.
            const isSharing = (other: number) => Math.floor(other / 4096) === Math.floor(offset / 4096);
            for (const other of [...model.keys()].filter(isSharing)) model.delete(other);
            model.set(offset, records[i]);
          });
          return;
        }
        const into = new Uint8Array(offsets.length * SUMMARY_BYTES);
        const missing = offsets.flatMap((offset, row) => (model.has(offset) ? [] : [row]));
        expect(kept.read(Float64Array.from(offsets), into)).toEqual(missing);
        offsets.forEach((offset, row) => {
          if (!missing.includes(row))
            expect(into.subarray(row * SUMMARY_BYTES, (row + 1) * SUMMARY_BYTES)).toEqual(model.get(offset));
        });
      });
      kept.close();
    }),
  );
});

test("rows of which nothing is kept are told, the others are copied to their rows", () => {
  const { kept, folder } = opened();
  expect(readdirSync(folder)).toEqual([]);
  const there = [4096, 8192, 40_960];
  kept.keep(Float64Array.from(there), Buffer.concat(there.map((offset) => recordOf(offset, 0))));
  const asked = [0, 4096, 8192, 12_288, 40_960, 40_961];
  const into = new Uint8Array(asked.length * SUMMARY_BYTES);
  expect(kept.read(Float64Array.from(asked), into)).toEqual([0, 3, 5]);
  for (const row of [1, 2, 4])
    expect(into.subarray(row * SUMMARY_BYTES, (row + 1) * SUMMARY_BYTES)).toEqual(recordOf(asked[row], 0));
  kept.close();
  expect(kept.read(Float64Array.from(there), into)).toEqual([0, 1, 2]);
  kept.keep(Float64Array.from(there), into.subarray(0, 3 * SUMMARY_BYTES));
});
