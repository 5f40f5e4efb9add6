import { expect, test } from "vitest";
import { emptyProvenance, stripCounts } from "../../../shared/provenance/index.ts";
import { LEFT_TO_DELETED_FILE } from "../../../shared/tile/index.ts";
import { chooseMappings, chooseWay, litByWays, pagesShown, rowsWithin, withoutMappings } from "./way-filter.ts";

test("a click shows one way, Shift-click several, and what shows all is no filter", () => {
  const alike = chooseWay(null, "alike", false);
  expect(alike).toEqual({ ways: new Set(["alike"]), within: null });
  expect(chooseWay(alike, "alike", false)).toBeNull();
  const both = chooseWay(alike, "left-to-file", true);
  expect(both?.ways).toEqual(new Set(["alike", "left-to-file"]));
  expect(chooseWay(chooseWay(both, "alike", true), "left-to-file", true)).toBeNull();
});

test("mappings are a filter of their own, and stay when ways come and go", () => {
  const mappings = chooseMappings(null, [4, 3, 9]);
  expect(mappings).toEqual({ ways: null, within: "3-4,9" });
  const same = chooseWay(mappings, "same", false);
  expect(same).toEqual({ ways: new Set(["same"]), within: "3-4,9" });
  expect(chooseWay(same, "same", false)).toEqual(mappings);
  expect(chooseMappings(same, [1])?.within).toBe("1");
  expect(chooseMappings(mappings, [3, 4, 9])).toBeNull();
  expect(withoutMappings(same)).toEqual({ ways: new Set(["same"]), within: null });
  expect(rowsWithin(["a", "b", "c", "d"], "1-2")).toEqual(["b", "c"]);
});

test("what is lit is counted once, whatever ways it is in", () => {
  const counts = stripCounts({
    recorded: 30,
    leftToFile: 5,
    ofDeletedFiles: 2,
    provenance: emptyProvenance(),
    byWays: [
      { ways: ["same", "shared"], pages: 10 },
      { ways: ["shared"], pages: 7 },
      { ways: ["new"], pages: 13 },
    ],
  });
  const shown = (...ways: Parameters<typeof chooseWay>[1][]) =>
    pagesShown(counts, { ways: new Set(ways), within: null });
  expect(shown("shared")).toBe(17);
  expect(shown("same", "shared")).toBe(17);
  expect(shown("same", "left-to-file")).toBe(13);
  expect(shown("deleted")).toBe(2);
  expect(litByWays({ ways: new Set(["deleted"]), within: null }).litLeft).toBe(LEFT_TO_DELETED_FILE);
  expect(pagesShown(counts, { ways: null, within: "1" })).toBe(35);
  expect(litByWays({ ways: new Set(["same"]), within: "1" })).toEqual({
    litProvenance: null,
    litLeft: 0,
    litWays: { bits: 4, channel: "ways:1" },
  });
});
