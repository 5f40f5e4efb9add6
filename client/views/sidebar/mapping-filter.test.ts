import fc from "fast-check";
import { expect, test } from "vitest";
import { type FilteredMapping, mappingFilter } from "./mapping-filter.ts";

const mapping = (name: string, address: string, pages: number, more: Partial<FilteredMapping> = {}) => ({
  ...{ name, space: "p1", path: null, permissions: "r--", kind: "file" as const, address, pages },
  ...more,
});
const mappings = [
  mapping("libc.so.6", "0x7f0000000000", 4, { path: "/usr/lib/libc.so.6", permissions: "r-x" }),
  mapping("libc.so.6", "0x7f0000004000", 2, { path: "/usr/lib/libc.so.6", permissions: "rw-" }),
  mapping("[heap]", "0xa00000", 16, { kind: "heap", permissions: "rw-" }),
  mapping("[anon]", "0xb00000", 1, { kind: "anonymous", permissions: "rwx" }),
  mapping("[vsyscall]", "0xffffffffff600000", 1, { space: "p7" }),
];

test.each<[string, readonly number[]]>([
  ["", [0, 1, 2, 3, 4]],
  ["libc", [0, 1]],
  ["LIBC rw-", [1]],
  ["w+x", [3]],
  ["heap", [2]],
  ["process 7", [4]],
  ["0x7f0000003fff", [0]],
  ["0x7f0000004000", [1]],
  ["0xa0ffff-0xb00001", [2, 3]],
  ["0xa10000-0xb00000", []],
  ["0xffffffffff600fff", [4]],
  ["0x0-0xffffffffffffffff rw", [1, 2, 3]],
  ["0xb00000-0xa00000", []],
  ["rw- 0x7f0000000000-0x7f0000005000", [1]],
  ["0xzz", []],
])("%s leaves %j", (text, left) => {
  const fits = mappingFilter(text);
  expect(mappings.flatMap((one, n) => (fits(one) ? [n] : []))).toEqual(left);
});

test("filters combine: two together leave what each of them leaves", () => {
  const word = fc.constantFrom("libc", "rw", "r-x", "heap", "process", "0xa00000-0x7f0000000001", "0xb00000", "w+x");
  fc.assert(
    fc.property(word, word, fc.constantFrom(...mappings), (one, other, mapping) => {
      const both = mappingFilter(`${one}  ${other}`)(mapping);
      expect(both).toBe(mappingFilter(one)(mapping) && mappingFilter(other)(mapping));
    }),
  );
});
