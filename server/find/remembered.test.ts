import { expect, test } from "vitest";
import { createMemory } from "./remembered.ts";

const pattern = (text: string) => ({ form: "text", text, ignoreCase: false }) as const;
const finding = Int32Array.of(-5);

test("what was found in a page, also nothing, is known again; another pattern knows nothing of it", () => {
  const memory = createMemory();
  const kept = memory.of(pattern("a"));
  expect(kept.of(70_000)).toBeUndefined();
  kept.keep(70_000, finding);
  kept.keep(8, new Int32Array(0));
  expect(memory.of(pattern("a")).of(70_000)).toEqual(finding);
  expect(memory.of(pattern("a")).of(8)).toHaveLength(0);
  expect(memory.of(pattern("a")).of(9)).toBeUndefined();
  expect(memory.of(pattern("b")).of(8)).toBeUndefined();
});

test("what does not fit is not remembered, and never said to be empty", () => {
  const kept = createMemory(10_000).of(pattern("a"));
  for (let page = 0; page < 1000; page++) kept.keep(page, finding);
  const known = Array.from({ length: 1000 }, (_, page) => kept.of(page)).filter((found) => found !== undefined);
  expect(known.length).toBeGreaterThan(10);
  expect(known.length).toBeLessThan(50);
  for (const found of known) expect(found).toEqual(finding);
});

test("a pattern that is searched for takes the room of those that were not used for longest", () => {
  const memory = createMemory(10_000);
  memory.of(pattern("old")).keep(1, finding);
  const newer = memory.of(pattern("newer"));
  newer.keep(1, finding);
  memory.of(pattern("old"));
  const now = memory.of(pattern("now"));
  for (let page = 0; page < 3; page++) now.keep(page, finding);
  expect(now.of(0)).toEqual(finding);
  expect(memory.of(pattern("old")).of(1)).toEqual(finding);
  // A search that still runs keeps nothing that nobody would find again.
  newer.keep(2, finding);
  expect(newer.of(2)).toBeUndefined();
  expect(memory.of(pattern("newer")).of(1)).toBeUndefined();
});
