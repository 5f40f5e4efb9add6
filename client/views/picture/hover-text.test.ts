import { expect, test } from "vitest";
import { entropyCode } from "../../../shared/channel/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { cellStateCode } from "../../../shared/tile/index.ts";
import type { Hovered } from "../../viewer/contract.ts";
import { cellText } from "./hover-text.ts";

const codes = [
  { code: 5, name: "writeExecute", title: "W+X", hint: "writable and executable", pages: 3 },
  { code: 1, name: "1", title: "libc.so.6", hint: "/lib/libc.so.6", pages: 9 },
  { code: 0, name: "none", title: "in no known file", hint: null, pages: 9 },
];

function cell(bytes: number, a: number, b: number): Hovered {
  const place = { space: "p1" as const, page: 0x401 as PageAddress, offset: 0x123 };
  return { place, bytes, mapping: 0, cell: { state: cellStateCode("recorded"), a, b } };
}

test.each([
  ["permissions", 4096, 5, 255, "W+X, writable and executable"],
  [
    "permissions",
    65_536,
    5,
    64,
    "W+X, writable and executable: the most dangerous in 64.0 KiB, of 25.1 % of its pages",
  ],
  ["file", 16_384, 1, 255, "/lib/libc.so.6"],
  ["file", 4096, 0, 255, "in no known file"],
  ["file", 4096, 4, 255, "not here yet"],
  ["changes", 1, 0, 255, "never changed"],
  ["changes", 64, 1, 255, "changed once over the container's snapshots"],
  [
    "changes",
    262_144,
    12,
    4,
    "changed 12 times over the container's snapshots: the most in 256.0 KiB, of 1.6 % of its pages",
  ],
  ["first-seen", 4096, 3, 255, "first seen in t3"],
  ["entropy-max", 4096, 0, 0, "all bytes are 00"],
  ["entropy-max", 4096, 0, entropyCode(7.2 * 4096, false), "7.21 bits per byte, the most of its windows of 256 B"],
  ["entropy-max", 64, 0, entropyCode(4 * 4096, false), "4.00 bits per byte in the window 0x401100–1ff"],
  ["zeros", 1, 0, 0, "00"],
  ["zeros", 64, 0, 191, "16 of 64 bytes are 00"],
  ["ascii", 4096, 255, 0, "100.0 % of 4.0 KiB are ASCII"],
  ["ascii", 1, 0, 0, "not ASCII"],
  ["hits", 64, 0, 0, "no hit of the search"],
  ["hits", 4096, 1, 1, "not searched: why"],
  ["hits", 65_536, 1, 1, "not searched: why; at least a part of 64.0 KiB"],
  ["hits", 65_536, 2, 2, "touched by a hit of the search"],
] as const)("%s of %d bytes with a %d and b %d: %s", (channel, bytes, a, b, text) => {
  expect(
    cellText(cell(bytes, a, b), channel, { codes, unsearched: "not searched: why" }).replace(/[\u00a0\u202f]/g, " "),
  ).toBe(text);
});

test("a place without bytes says so in every channel", () => {
  const image = { ...cell(4096, 0, 0), cell: { state: cellStateCode("image"), a: 0, b: 0 } };
  for (const channel of ["permissions", "file", "changes", "zeros"] as const)
    expect(cellText(image, channel, { codes })).toBe("left to its file; the dump has no bytes here");
});

test("a guard page was never written, and cannot be read", () => {
  const untouched = { ...cell(4096, 0, 0), cell: { state: cellStateCode("untouched"), a: 0, b: 0 } };
  const textOf = (permissions: string) => cellText(untouched, "class", { mappings: [{ permissions }] });
  expect(textOf("---")).toBe("mapped, never written; cannot be read");
  expect(textOf("rw-")).toBe("mapped, never written; reads as zero");
});
