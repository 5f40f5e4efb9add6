import { expect, test } from "vitest";
import { ruleOf } from "./legend.ts";

test.each(["entropy", "entropy-max"] as const)(
  "%s of a cell below 256 bytes is that of an aligned window",
  (channel) => {
    const within = /of the window of 256 bytes that holds the cell, at an address divisible by 256;/;
    for (const level of [0, 3]) expect(ruleOf(channel, level)).toMatch(within);
    for (const level of [4, 6]) expect(ruleOf(channel, level)).not.toMatch(within);
  },
);
