import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOfPage, type PageAddress } from "../../shared/memory/index.ts";
import { type Mapping, spaceOfProcess } from "../../shared/snapshot/index.ts";
import { nameMappings } from "./identities.ts";
import { type ModelSpace, modelOf } from "./model.testing.ts";
import { createNormaliser } from "./normalise.ts";

const PROGRAM = "/bin/program";

/** What a mapping is, without where it lies. */
interface Kind {
  readonly kind: "file" | "anonymous" | "heap" | "stack" | "shared" | "vdso";
  readonly path: string | null;
  readonly offset: number;
  readonly permissions: string;
  readonly deleted: boolean;
  readonly pages: number;
  /** Pages free before it. */
  readonly gap: number;
}

const kind: fc.Arbitrary<Kind> = fc
  .record({
    kind: fc.constantFrom(
      "file",
      "file",
      "file",
      "anonymous",
      "anonymous",
      "anonymous",
      "heap",
      "stack",
      "shared",
      "vdso",
    ),
    path: fc.constantFrom(PROGRAM, "/lib/a.so", "/lib/b.so"),
    offset: fc.constantFrom(0, 4096, 8192),
    permissions: fc.constantFrom("rw-", "rw-", "r--", "r-x"),
    deleted: fc.constantFrom(false, false, false, true),
    pages: fc.integer({ min: 1, max: 3 }),
    gap: fc.constantFrom(0, 0, 0, 1, 2 ** 18, 2 ** 18 + 1),
  })
  .map((each) => ({
    ...each,
    kind: each.kind as Kind["kind"],
    path: each.kind === "file" || each.kind === "shared" ? each.path : null,
    offset: each.kind === "file" || each.kind === "shared" ? each.offset : 0,
  }));

function lay(kinds: readonly Kind[], base: number, byteOrder: "little" | "big"): ModelSpace {
  let at = base;
  const mappings = kinds.map(({ pages, gap, ...rest }): Mapping => {
    const start = (at + gap) as PageAddress;
    at = start + pages;
    const range = { start, end: at as PageAddress };
    const more = { space: spaceOfProcess(1), pid: 1, spaceStart: start, shared: false, absent: "untouched" } as const;
    return { ...more, ...rest, range };
  });
  return { mappings, executable: PROGRAM, byteOrder };
}

/** A word of a page: a number, or a place in the mapping of that index, however the space lies. */
type Word = { readonly literal: bigint } | { readonly mapping: number; readonly offset: number };

const word: fc.Arbitrary<Word> = fc.oneof(
  fc.record({ literal: fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })) }),
  fc.record({ mapping: fc.nat(9), offset: fc.constantFrom(0, 8, 4095, 4096, 8191, 12_287, 12_288) }),
);

function write(words: readonly Word[], { mappings, byteOrder }: ModelSpace, wordBytes: number): Uint8Array {
  const page = new Uint8Array(4096);
  const view = new DataView(page.buffer);
  words.forEach((each, i) => {
    const value =
      "literal" in each || mappings.length === 0
        ? "literal" in each
          ? each.literal
          : 1n
        : addressOfPage(mappings[each.mapping % mappings.length].range.start) + BigInt(each.offset);
    if (wordBytes === 8) view.setBigUint64(i * 8, BigInt.asUintN(64, value), byteOrder === "little");
    else view.setUint32(i * 4, Number(value & 0xffff_ffffn), byteOrder === "little");
  });
  return page;
}

function likeness(page: Uint8Array, { mappings, executable, byteOrder }: ModelSpace): string | null {
  const hashes = Buffer.alloc(32);
  const pointers = new Uint16Array(1);
  createNormaliser(nameMappings(mappings, executable, byteOrder))(page, hashes, pointers);
  return pointers[0] > 0 ? hashes.toString("hex") : null;
}

/** Somewhere in 32 bits, and in 64 with words whose halves carry when origins are taken from them. */
const bases = { 4: [0x400, 0x8048, 0xb000], 8: [0x5_5555_5555, 0x7f_ffff_ffff - 2, 0xf_ffff_fff0_0000] } as const;

test("two pages have one likeness exactly when the definition, said plainly, says they are alike", () => {
  let alike = 0;
  let unlike = 0;
  fc.assert(
    fc.property(
      fc.record({
        kinds: fc.array(kind, { maxLength: 9 }),
        // A change of the second space: none, one mapping gone, one more, one other.
        change: fc.record({ how: fc.constantFrom("none", "none", "less", "more", "other"), at: fc.nat(8), kind }),
        words: fc.array(word, { minLength: 1, maxLength: 12 }),
        other: fc.record({ at: fc.nat(40), word }),
        wordBytes: fc.constantFrom<4 | 8>(4, 8, 8),
        byteOrder: fc.constantFrom("little", "little", "big"),
        from: fc.nat(2),
        to: fc.nat(2),
      }),
      ({ kinds, change, words, other, wordBytes, byteOrder, from, to }) => {
        const order = byteOrder as "little" | "big";
        // The gaps that may be of a heap do not fit into 32 bits many times.
        const fitting = kinds.map((each) => (wordBytes === 4 ? { ...each, gap: Math.min(each.gap, 1) } : each));
        const changed = [...fitting];
        if (change.how !== "none")
          changed.splice(change.at, change.how === "more" ? 0 : 1, ...(change.how === "less" ? [] : [change.kind]));
        const a = lay(fitting, bases[wordBytes][from], order);
        const b = lay(
          changed.map((each) => (wordBytes === 4 ? { ...each, gap: Math.min(each.gap, 1) } : each)),
          bases[wordBytes][to],
          order,
        );
        const pageA = write(words, a, wordBytes);
        const pageB = write(
          words.map((each, i) => (i === other.at ? other.word : each)),
          b,
          wordBytes,
        );
        const formA = modelOf(a)(pageA);
        const formB = modelOf(b)(pageB);
        const hashA = likeness(pageA, a);
        const hashB = likeness(pageB, b);
        expect([hashA === null, hashB === null]).toEqual([formA === null, formB === null]);
        expect(hashA === hashB).toBe(formA === formB);
        if (formA !== null && formB !== null) formA === formB ? alike++ : unlike++;
      },
    ),
    { numRuns: 4000 },
  );
  // Both outcomes are met often enough to mean something.
  expect(alike).toBeGreaterThan(400);
  expect(unlike).toBeGreaterThan(400);
});

const file = (path: string, offset: number, pages: number, permissions: string, gap = 0): Kind => ({
  kind: "file",
  path,
  offset,
  permissions,
  deleted: false,
  pages,
  gap,
});
const anonymous = (pages: number, permissions = "rw-", gap = 0): Kind => ({
  kind: "anonymous",
  path: null,
  offset: 0,
  permissions,
  deleted: false,
  pages,
  gap,
});
const library = [
  file("/lib/a.so", 0, 2, "r--"),
  file("/lib/a.so", 8192, 2, "r-x"),
  file("/lib/a.so", 16_384, 1, "rw-"),
];

/** Both spaces hold a page with one pointer, at byte `offset` of a mapping. */
function isAlike(
  a: readonly Kind[],
  atA: readonly [number, number],
  b: readonly Kind[],
  atB: readonly [number, number],
) {
  const hash = (kinds: readonly Kind[], base: number, [mapping, offset]: readonly [number, number]) => {
    const space = lay(kinds, base, "little");
    return likeness(write([{ mapping, offset }], space, 8), space);
  };
  return hash(a, 0x5_5555_5000, atA) === hash(b, 0x7_f000_1000, atB);
}

test.each<{ what: string; a: Kind[]; atA: [number, number]; b: Kind[]; atB: [number, number]; alike: boolean }>([
  { what: "the same place of a library elsewhere", a: library, atA: [1, 16], b: library, atB: [1, 16], alike: true },
  { what: "eight bytes further", a: library, atA: [1, 16], b: library, atB: [1, 24], alike: false },
  {
    what: "the same place of another file",
    a: library,
    atA: [1, 16],
    b: library.map((each) => ({ ...each, path: "/lib/b.so" })),
    atB: [1, 16],
    alike: false,
  },
  {
    what: "the file of that name that was deleted",
    a: library,
    atA: [1, 16],
    b: library.map((each) => ({ ...each, deleted: true })),
    atB: [1, 16],
    alike: false,
  },
  {
    what: "a page that has become executable",
    a: library,
    atA: [2, 16],
    b: [...library.slice(0, 2), { ...library[2], permissions: "rwx" }],
    atB: [2, 16],
    alike: false,
  },
  {
    what: "a second copy of the library that is mapped below the first",
    a: library,
    atA: [1, 16],
    b: [...library, ...library],
    atB: [1, 16],
    alike: false,
  },
  {
    what: "a second copy of the library that is mapped above the first",
    a: library,
    atA: [1, 16],
    b: [...library, ...library],
    atB: [4, 16],
    alike: false,
  },
  {
    what: "the .bss behind a library, with or without more memory above it",
    a: [...library, anonymous(3), file("/lib/b.so", 0, 1, "r--", 1)],
    atA: [3, 64],
    b: [...library, anonymous(5), anonymous(1, "r--")],
    atB: [3, 64],
    alike: true,
  },
  {
    what: "anonymous memory that lies beside other libraries",
    a: [anonymous(4), file("/lib/a.so", 0, 2, "r--", 7)],
    atA: [0, 64],
    b: [file("/lib/a.so", 0, 2, "r--", 7), anonymous(4, "rw-", 9), file("/lib/b.so", 0, 2, "r--")],
    atB: [1, 64],
    alike: true,
  },
  {
    what: "anonymous memory of another size",
    a: [anonymous(4), file("/lib/a.so", 0, 2, "r--", 7)],
    atA: [0, 64],
    b: [anonymous(5), file("/lib/a.so", 0, 2, "r--", 7)],
    atB: [0, 64],
    alike: false,
  },
  {
    what: "anonymous memory of another kind of permissions",
    a: [anonymous(4), file("/lib/a.so", 0, 2, "r--", 7)],
    atA: [0, 64],
    b: [anonymous(4, "rwx"), file("/lib/a.so", 0, 2, "r--", 7)],
    atB: [0, 64],
    alike: false,
  },
  {
    what: "anonymous memory of which there is a second now",
    a: [anonymous(4), file("/lib/a.so", 0, 2, "r--", 7)],
    atA: [0, 64],
    b: [anonymous(4), anonymous(4, "rw-", 1), file("/lib/a.so", 0, 2, "r--", 7)],
    atB: [1, 64],
    alike: false,
  },
  {
    what: "anonymous memory beside which there is some of another size now",
    a: [anonymous(4), file("/lib/a.so", 0, 2, "r--", 7)],
    atA: [0, 64],
    b: [anonymous(4), anonymous(3, "rw-", 1), file("/lib/a.so", 0, 2, "r--", 7)],
    atB: [0, 64],
    alike: true,
  },
  {
    what: "another part of a shared segment",
    a: [{ ...anonymous(2), kind: "shared", path: "/dev/zero", offset: 0 }],
    atA: [0, 64],
    b: [{ ...anonymous(2), kind: "shared", path: "/dev/zero", offset: 8192 }],
    atB: [0, 64],
    alike: false,
  },
  {
    what: "what a core shows behind the program, 1 GiB away at most: the heap",
    a: [file(PROGRAM, 0, 2, "r--"), anonymous(4, "rw-", 5)],
    atA: [1, 64],
    b: [file(PROGRAM, 0, 2, "r--"), anonymous(9, "rw-", 2 ** 18)],
    atB: [1, 64],
    alike: true,
  },
  {
    what: "what is further away than a heap can be",
    a: [file(PROGRAM, 0, 2, "r--"), anonymous(4, "rw-", 5)],
    atA: [1, 64],
    b: [file(PROGRAM, 0, 2, "r--"), anonymous(9, "rw-", 2 ** 18 + 1)],
    atB: [1, 64],
    alike: false,
  },
])("a pointer to $what: alike is $alike", ({ a, atA, b, atB, alike }) => {
  expect(isAlike(a, atA, b, atB)).toBe(alike);
});

test("a page with a pointer never equals one that holds its replacement as a number", () => {
  const space = lay(library, 0x7_f000_1000, "little");
  const pointer = write([{ mapping: 1, offset: 16 }], space, 8);
  // The offset of the pointer, beside another pointer, so that both have a likeness.
  const number = write([{ literal: 8192n + 16n }, { mapping: 1, offset: 16 }], space, 8);
  const both = write(
    [
      { mapping: 1, offset: 16 },
      { mapping: 1, offset: 16 },
    ],
    space,
    8,
  );
  expect(likeness(pointer, space)).not.toBeNull();
  expect(likeness(number, space)).not.toBe(likeness(both, space));
});

test("a page without a pointer has no likeness, whatever stands in it", () => {
  const space = lay(library, 0x7_f000_1000, "little");
  expect(likeness(new Uint8Array(4096).fill(0x41), space)).toBeNull();
  // One past the end is where no mapping is.
  expect(likeness(write([{ mapping: 2, offset: 4096 }], space, 8), space)).toBeNull();
  expect(likeness(write([{ mapping: 2, offset: 4095 }], space, 8), space)).not.toBeNull();
});

test("pages of a batch do not touch one another", () => {
  const space = lay([...library, anonymous(1, "rw-", 3)], 0x7_f000_1000, "little");
  const pages = [
    write(
      [
        { mapping: 1, offset: 16 },
        { mapping: 3, offset: 0 },
      ],
      space,
      8,
    ),
    new Uint8Array(4096).fill(7),
    write([{ mapping: 3, offset: 0 }], space, 8),
    write(
      [
        { mapping: 1, offset: 16 },
        { mapping: 3, offset: 0 },
      ],
      space,
      8,
    ),
  ];
  const hashes = Buffer.alloc(128);
  const pointers = new Uint16Array(4);
  createNormaliser(nameMappings(space.mappings, PROGRAM, "little"))(Buffer.concat(pages), hashes, pointers);
  expect([...pointers]).toEqual([2, 0, 1, 2]);
  pages.forEach((page, i) => {
    if (pointers[i] > 0) expect(hashes.toString("hex", i * 32, i * 32 + 32)).toBe(likeness(page, space));
  });
});

test("offsets that a hostile dump makes larger than the address are counted all the same", () => {
  const hostile = [{ ...library[0], offset: Number.MAX_SAFE_INTEGER }];
  expect(isAlike(hostile, [0, 16], hostile, [0, 16])).toBe(true);
  expect(isAlike(hostile, [0, 16], hostile, [0, 24])).toBe(false);
});
