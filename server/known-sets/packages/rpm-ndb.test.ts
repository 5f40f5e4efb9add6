import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readNdb } from "./rpm-ndb.ts";

/** Adler-32 as its definition has it. @see RFC 1950, 8.2 */
function adler(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

interface Layout {
  readonly blobs: readonly Uint8Array[];
  /** Blocks that lie free before each blob. */
  readonly gaps: readonly number[];
  /** Slots by place: which blob, or none. */
  readonly slots: readonly (number | undefined)[];
}

/** An ndb, written from the description of its format. */
function makeNdb({ blobs, gaps, slots }: Layout): Buffer {
  const slotPages = Math.ceil((slots.length + 2) / 256);
  const head = Buffer.alloc(slotPages * 4096);
  head.write("RpmP", 0, "latin1");
  head.writeUInt32LE(3, 8);
  head.writeUInt32LE(slotPages, 12);
  head.writeUInt32LE(blobs.length + 1, 16);
  for (let at = 32; at < head.length; at += 16) head.write("Slot", at, "latin1");
  const parts: Buffer[] = [head];
  let block = head.length / 16;
  for (const [i, content] of blobs.entries()) {
    const gap = gaps[i % gaps.length] ?? 0;
    block += gap;
    const blocks = Math.ceil((28 + content.length) / 16);
    const blob = Buffer.alloc(blocks * 16);
    blob.write("BlbS", 0, "latin1");
    blob.writeUInt32LE(i + 1, 4);
    blob.writeUInt32LE(1_700_000_000, 8);
    blob.writeUInt32LE(content.length, 12);
    blob.set(content, 16);
    blob.writeUInt32LE(adler(blob.subarray(0, -12)), blob.length - 12);
    blob.writeUInt32LE(content.length, blob.length - 8);
    blob.write("BlbE", blob.length - 4, "latin1");
    parts.push(Buffer.alloc(gap * 16), blob);
    const slot = slots.indexOf(i);
    if (slot >= 0) {
      const at = 32 + slot * 16;
      head.writeUInt32LE(i + 1, at + 4);
      head.writeUInt32LE(block, at + 8);
      head.writeUInt32LE(blocks, at + 12);
    }
    block += blocks;
  }
  return Buffer.concat(parts);
}

function readAll(bytes: Uint8Array) {
  const lost: string[] = [];
  const blobs = [...readNdb(bytes, (what) => lost.push(what))].map((blob) => Buffer.from(blob));
  return { blobs, lost };
}

const layout = fc
  .record({
    blobs: fc.array(fc.uint8Array({ maxLength: 6000, size: "max" }), { maxLength: 10 }),
    gaps: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
    free: fc.nat(600),
  })
  .chain(({ blobs, gaps, free }) =>
    fc
      .shuffledSubarray([...blobs.keys(), ...new Array<undefined>(free).fill(undefined)])
      .map((slots) => ({ blobs, gaps, slots })),
  );

test("blobs that have a slot are read, in the order of their places", () => {
  fc.assert(
    fc.property(layout, (made) => {
      const { blobs, lost } = readAll(makeNdb(made));
      expect(lost).toEqual([]);
      expect(blobs).toEqual(made.blobs.filter((_, i) => made.slots.includes(i)).map((blob) => Buffer.from(blob)));
    }),
  );
});

describe("hostile databases", () => {
  const [one, two, three] = ["one", "two of them", "three"].map((text) => Buffer.from(text.repeat(9)));
  const database = () => makeNdb({ blobs: [one, two, three], gaps: [0], slots: [2, undefined, 0, 1] });
  /** Slots of blobs one, two, three. */
  const slots = [64, 80, 32];
  /** 4, 8 and 5 blocks. */
  const blobs = [4096, 4096 + 4 * 16, 4096 + 12 * 16];

  test("the database without damage", () => {
    const bytes = database();
    expect(readAll(bytes)).toEqual({ blobs: [one, two, three], lost: [] });
    expect(blobs.map((at) => bytes.toString("latin1", at, at + 4))).toEqual(["BlbS", "BlbS", "BlbS"]);
    expect(slots.map((at) => bytes.readUInt32LE(at + 8) * 16)).toEqual(blobs);
  });

  test.each<[string, (bytes: Buffer) => void, { readonly blobs: readonly Buffer[]; readonly lost: string }]>([
    [
      "a byte that differs",
      (bytes) => bytes.writeUInt8(0x21, blobs[1] + 20),
      { blobs: [one, three], lost: "the blob at byte 4160 is damaged" },
    ],
    [
      "a blob of another number",
      (bytes) => bytes.writeUInt32LE(9, slots[1] + 4),
      { blobs: [one, three], lost: "the blob at byte 4160 is damaged" },
    ],
    [
      "two slots of one blob",
      (bytes) => bytes.copy(bytes, slots[1], slots[0], slots[0] + 16),
      { blobs: [one, three], lost: "the slots at bytes 64 and 80 name the same blob" },
    ],
    [
      "a blob inside another",
      (bytes) => bytes.writeUInt32LE(blobs[0] / 16 + 1, slots[1] + 8),
      { blobs: [one, three], lost: "the blob at byte 4112 cannot end at 4240" },
    ],
    [
      "a blob longer than the file",
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, slots[2] + 12),
      { blobs: [one, two], lost: `the blob at byte ${blobs[2]} cannot end at ${blobs[2] + 0xffff_ffff * 16}` },
    ],
    [
      "a blob beyond the file",
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, slots[2] + 8),
      { blobs: [one, two], lost: `the slot at byte 32 names a blob at byte ${0xffff_ffff * 16}` },
    ],
    [
      "a blob of no blocks",
      (bytes) => bytes.writeUInt32LE(0, slots[2] + 12),
      { blobs: [one, two], lost: `the blob at byte ${blobs[2]} cannot end at ${blobs[2]}` },
    ],
    [
      "a blob among the slots",
      (bytes) => bytes.writeUInt32LE(1, slots[0] + 8),
      { blobs: [two, three], lost: "the blob at byte 16 cannot end at 80" },
    ],
    [
      "a length that its blocks do not have",
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, blobs[0] + 12),
      { blobs: [two, three], lost: "the blob at byte 4096 is damaged" },
    ],
    [
      "something that is no slot",
      (bytes) => bytes.writeUInt32LE(0, slots[0]),
      { blobs: [two, three], lost: "at byte 64 is no slot" },
    ],
    [
      "slots beyond the file",
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, 12),
      { blobs: [], lost: `its slots end at byte ${0xffff_ffff * 4096}, the file at 4368` },
    ],
    [
      "no slots",
      (bytes) => bytes.writeUInt32LE(0, 12),
      { blobs: [], lost: "its slots end at byte 0, the file at 4368" },
    ],
    [
      "a later version",
      (bytes) => bytes.writeUInt32LE(1, 4),
      { blobs: [], lost: "it is an ndb of version 1, and only version 0 is known" },
    ],
    [
      "another file",
      (bytes) => bytes.write("rpmp", 0, "latin1"),
      { blobs: [], lost: "it does not begin as an ndb does" },
    ],
  ])("%s", (_name, damage, { blobs, lost }) => {
    const bytes = database();
    damage(bytes);
    const found = readAll(bytes);
    expect(found.lost[0]).toBe(lost);
    expect(found.blobs).toEqual(blobs);
  });
});
