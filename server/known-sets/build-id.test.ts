import fc from "fast-check";
import { expect, test } from "vitest";
import { createBuildIdFinder } from "./build-id.ts";

function buildIdOf(bytes: Uint8Array, cuts: readonly number[] = []): string | null {
  const finder = createBuildIdFinder();
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((x, y) => x - y);
  let at = 0;
  for (const end of ends) {
    finder.push(bytes.subarray(at, end));
    at = end;
  }
  return finder.finish();
}

interface Note {
  readonly name: string;
  readonly type: number;
  readonly content: string;
}

/** An ELF file of 64 bits and program headers only, written from the specification. */
function elf(notesAt: number, notes: readonly Note[], { big = false, wide = true } = {}): Buffer {
  const [header, entry] = wide ? [64, 56] : [52, 32];
  const body = Buffer.concat(
    notes.map(({ name, type, content }) => {
      const text = Buffer.from(`${name}\0`);
      const id = Buffer.from(content, "hex");
      const note = Buffer.alloc(12 + Math.ceil(text.length / 4) * 4 + Math.ceil(id.length / 4) * 4);
      for (const [i, value] of [text.length, id.length, type].entries())
        big ? note.writeUInt32BE(value, i * 4) : note.writeUInt32LE(value, i * 4);
      note.set(text, 12);
      note.set(id, 12 + Math.ceil(text.length / 4) * 4);
      return note;
    }),
  );
  const file = Buffer.alloc(Math.max(notesAt + body.length, 64) + 100);
  file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, big ? 2 : 1]);
  const half = (at: number, value: number) => (big ? file.writeUInt16BE(value, at) : file.writeUInt16LE(value, at));
  const word = (at: number, value: number) => {
    if (!wide) big ? file.writeUInt32BE(value, at) : file.writeUInt32LE(value, at);
    else big ? file.writeBigUInt64BE(BigInt(value), at) : file.writeBigUInt64LE(BigInt(value), at);
  };
  word(wide ? 32 : 28, header);
  half(wide ? 54 : 42, entry);
  half(wide ? 56 : 44, 2);
  // A loadable segment first, then the notes.
  big ? file.writeUInt32BE(1, header) : file.writeUInt32LE(1, header);
  const at = header + entry;
  big ? file.writeUInt32BE(4, at) : file.writeUInt32LE(4, at);
  word(at + (wide ? 8 : 4), notesAt);
  word(at + (wide ? 32 : 16), body.length);
  word(at + (wide ? 48 : 28), 4);
  file.set(body, notesAt);
  return file;
}

const ID = { name: "GNU", type: 3, content: "58254ca972ae47944e5fd3a1d6d9b9f9bb7a0d5c" };
const ABI = { name: "GNU", type: 1, content: "00".repeat(16) };

test.each([
  ["in front", elf(400, [ABI, ID]), ID.content],
  ["behind 64 KiB", elf(100_000, [ABI, ID]), ID.content],
  ["across the first 64 KiB", elf(65_530, [ABI, ID]), ID.content],
  ["big-endian", elf(400, [ID], { big: true }), ID.content],
  ["of 32 bits", elf(400, [ID], { wide: false }), ID.content],
  ["of another vendor", elf(400, [{ ...ID, name: "Go" }]), null],
  ["no build-id", elf(400, [ABI]), null],
  ["longer than any", elf(400, [{ ...ID, content: "ab".repeat(65) }]), null],
  ["no ELF file", Buffer.from("#!/bin/sh\n".repeat(100)), null],
  ["a short file", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]), null],
  ["an empty file", Buffer.alloc(0), null],
] as const)("a build-id: %s", (_what, bytes, id) => {
  expect(buildIdOf(bytes)).toBe(id);
  expect(buildIdOf(bytes.subarray(0, bytes.length - 100 - ID.content.length / 2)) === id).toBe(id === null);
});

test("how a file is cut into chunks changes nothing, and damage throws nothing", () => {
  const file = elf(66_000, [ABI, ID]);
  fc.assert(fc.property(fc.array(fc.nat(70_000), { maxLength: 8 }), (cuts) => buildIdOf(file, cuts) === ID.content));
  fc.assert(
    fc.property(fc.nat(300), fc.nat(255), (at, value) => {
      const damaged = Buffer.from(elf(200, [ABI, ID]));
      damaged[at] = value;
      buildIdOf(damaged);
    }),
  );
});
