import { expect, test } from "vitest";
import { BYTE_CLASSES } from "../../../shared/summary/index.ts";
import { CLASS_NAMES, CLASS_ORDER } from "./class-shares.tsx";

test("byte classes are called on the screen as in the address, each once", () => {
  const plain = (names: readonly string[]) => names.map((name) => name.toLowerCase());
  expect(plain(CLASS_NAMES)).toEqual(plain(BYTE_CLASSES));
  expect(CLASS_ORDER.toSorted()).toEqual([...BYTE_CLASSES.keys()]);
});
