import fc from "fast-check";
import { expect, test } from "vitest";
import type { Space } from "../../shared/snapshot/index.ts";
import { filledRanges } from "./filled-ranges.ts";
import type { FilledRun, Filling } from "./filling.ts";

const PAGE = 4096;
const spaces = fc.constantFrom<Space>("p1", "s2");
const runs = fc
  .array(fc.record({ space: spaces, gap: fc.nat(2), count: fc.integer({ min: 1, max: 3 }), first: fc.nat(5) }), {
    maxLength: 8,
  })
  .map((parts) => {
    let page = 0;
    return parts.map(({ space, gap, count, first }, i): FilledRun => {
      page += gap + count;
      const source = { kind: "image", path: `/lib/${i}`, set: "slim", layer: null } as const;
      return { space, page: page - count, count, offset: first * PAGE, source };
    });
  });
/** Also parts that overlap, as a process has that maps a segment twice. */
const asked = fc.array(
  fc
    .record({
      space: spaces,
      start: fc.oneof(
        fc.nat(12 * PAGE),
        fc.nat(12).map((page) => page * PAGE),
      ),
      length: fc.integer({ min: 1, max: 5 * PAGE }),
      shift: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ space, start, length, shift }) => ({
      space,
      start: BigInt(start),
      end: BigInt(start + length),
      shift: BigInt(shift * 0x1000_0000),
    })),
  { maxLength: 4 },
);

test("filled ranges are the asked bytes that a run has, each with its byte of the file", () => {
  fc.assert(
    fc.property(runs, asked, (its, parts) => {
      const filling: Pick<Filling, "runs"> = {
        *runs() {
          yield* its.toReversed();
        },
      };
      const ranges = filledRanges(filling, parts);
      expect(ranges.filter(({ bytes }) => bytes <= 0)).toEqual([]);
      const found = ranges.flatMap(({ space, address, bytes, source, offset }) =>
        Array.from({ length: bytes }, (_, i) => `${space} ${BigInt(address) + BigInt(i)} ${source.path} ${offset + i}`),
      );
      const model: string[] = [];
      for (const { space, start, end, shift } of parts)
        for (let at = Number(start); at < Number(end); at++) {
          const run = its.find(
            (one) => one.space === space && one.page * PAGE <= at && at < (one.page + one.count) * PAGE,
          );
          if (run) model.push(`${space} ${BigInt(at) + shift} ${run.source.path} ${run.offset + at - run.page * PAGE}`);
        }
      expect(found).toEqual(model);
    }),
    { numRuns: 40 },
  );
});
