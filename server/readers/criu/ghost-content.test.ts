import fc from "fast-check";
import { expect, test } from "vitest";
import { checkpoint, image, message } from "../../../test/readers/make-checkpoint.ts";
import { ghostFilesOf, MemorySource } from "../index.ts";

const PATH = "/tmp/gone";

/** A checkpoint whose file 7 was deleted, with a ghost image of what is given behind its first record. */
function withGhost(entry: Uint8Array, behind: readonly Uint8Array[]): Uint8Array {
  const ghost = Buffer.concat([image("ghost", [entry]), ...behind]);
  return checkpoint({
    "files.img": image("files", [file(7, PATH)]),
    "remap-fpath.img": image("remap", [remap(7, 1)]),
    "ghost-file-1.img": ghost,
  });
}

/** fown, reg: a regular file of that name. */
function file(id: number, name: string): Uint8Array {
  return message([
    [1, 1],
    [2, id],
    [
      3,
      message([
        [1, id],
        [2, 0],
        [3, 0],
        [6, name],
      ]),
    ],
  ]);
}

function remap(original: number, id: number): Uint8Array {
  return message([
    [1, original],
    [2, id],
    [3, 1],
  ]);
}

function chunk(at: number, content: Uint8Array, length = content.length): Uint8Array {
  const record = message([
    [1, length],
    [2, at],
  ]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(record.length);
  return Buffer.concat([size, record, content]);
}

const parted = (size: number) =>
  message([
    [9, 1],
    [10, size],
  ]);

async function contentOf(dump: Uint8Array): Promise<Uint8Array | undefined> {
  const [ghost] = await ghostFilesOf(new MemorySource(dump));
  if (!ghost) return undefined;
  expect(ghost).toMatchObject({ path: PATH, member: "checkpoint/ghost-file-1.img" });
  const content = new Uint8Array(ghost.size);
  ghost.parts.at.forEach((at, i) => {
    const from = ghost.parts.offset[i];
    content.set(dump.subarray(from, from + ghost.parts.length[i]), at);
  });
  return content;
}

test("parts stand where their records say, with zeros between them", async () => {
  const anyParts = fc.array(fc.tuple(fc.nat(5000), fc.uint8Array({ minLength: 1, maxLength: 6000 })), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(anyParts, fc.nat(9000), async (gaps, tail) => {
      const pieces: Uint8Array[] = [];
      const chunks: Uint8Array[] = [];
      let at = 0;
      for (const [gap, content] of gaps) {
        pieces.push(new Uint8Array(gap), content);
        chunks.push(chunk(at + gap, content));
        at += gap + content.length;
      }
      const expected = Buffer.concat([...pieces, new Uint8Array(tail)]);
      const found = await contentOf(withGhost(parted(expected.length), chunks));
      expect(found && Buffer.from(found).equals(expected)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("without parts all that follows the record is the content", async () => {
  const content = Uint8Array.from({ length: 5000 }, (_, i) => i);
  expect(await contentOf(withGhost(message([[1, 0]]), [content]))).toEqual(content);
});

test.each([
  ["a part ends behind the file", 100, [chunk(90, new Uint8Array(11))]],
  ["a part begins before the one before it ends", 100, [chunk(10, new Uint8Array(10)), chunk(19, new Uint8Array(1))]],
  ["a part has no bytes", 100, [chunk(10, new Uint8Array(0))]],
  ["a part has more bytes than the image", 2 ** 40, [chunk(0, new Uint8Array(10), 2 ** 39)]],
  ["a record is longer than one of two numbers", 100, [Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 1, 2, 3)]],
  ["a record is cut", 100, [Uint8Array.of(4, 0)]],
  ["a record is no message", 100, [Uint8Array.of(2, 0, 0, 0, 0xff, 0xff)]],
])("of a ghost file of which %s nothing is taken", async (_, size, behind) => {
  expect(await contentOf(withGhost(parted(size), behind))).toBeUndefined();
});

test("in parts but of no size it is left alone", async () => {
  expect(await contentOf(withGhost(message([[9, 1]]), [chunk(0, new Uint8Array(3))]))).toBeUndefined();
});

test("a path of two deleted files is told of neither", async () => {
  const ghost = (byte: number) => Buffer.concat([image("ghost", [message([[1, 0]])]), Buffer.alloc(9, byte)]);
  const dump = checkpoint({
    "files.img": image("files", [file(7, PATH), file(8, PATH), file(9, "/tmp/other")]),
    "remap-fpath.img": image("remap", [remap(7, 1), remap(8, 2), remap(9, 1)]),
    "ghost-file-1.img": ghost(1),
    "ghost-file-2.img": ghost(2),
  });
  expect((await ghostFilesOf(new MemorySource(dump))).map(({ path }) => path)).toEqual(["/tmp/other"]);
});
