import { expect, test, vi } from "vitest";
import type { Difference } from "../../../shared/api/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { type Verdict, verdictCode } from "../../../shared/provenance/index.ts";
import { layStrip } from "../../../shared/strip/index.ts";

vi.stubGlobal("window", { location: { origin: "http://localhost" } });
const { differenceTicks } = await import("./difference-ticks.ts");

const strip = layStrip([{ space: "p1", start: 0x100 as PageAddress, pages: 64, shown: [{ start: 0, end: 4 }] }]);
const difference = (verdict: Verdict, start: number, pages: number): Difference => ({
  verdict,
  space: "p1",
  start: 0x100 + start,
  pages,
  mapping: 0,
});
const differences = [difference("moved", 0, 9), difference("changed", 9, 1), difference("removed", 62, 2)];
const rank = (verdict: Verdict) => verdictCode(verdict) + 1;

test("the highest verdict of a part has the tick, and what is filtered out covers nothing", () => {
  expect(strip.end).toBe(64);
  const all = differenceTicks(differences, strip, () => true)(8);
  expect([...all]).toEqual([rank("moved"), rank("changed"), 255, 255, 255, 255, 255, rank("removed")]);
  const moved = differenceTicks(differences, strip, ({ verdict }) => verdict === "moved")(8);
  expect([...moved]).toEqual([rank("moved"), rank("moved"), 255, 255, 255, 255, 255, 255]);
});

test("a difference of one page among many has a tick of its own, and one that the strip folds away has none", () => {
  const one = differenceTicks([difference("added", 33, 1), difference("added", 900, 1)], strip, () => true);
  expect([...one(64)].flatMap((found, column) => (found === 255 ? [] : [column]))).toEqual([33]);
  expect(one(3).length).toBe(3);
  expect([...one(3)]).toEqual([255, rank("added"), 255]);
});
