/**
 * What every reader must survive: dumps cut anywhere, bytes changed anywhere, members in another order, files of
 * nothing. A reader may refuse with a code, or describe what keeps the contract; it never does anything else.
 */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import {
  type ByteSource,
  type DumpDescription,
  indexTar,
  MemorySource,
  RUN_KINDS,
  recogniseDump,
} from "../../server/readers/index.ts";
import { isDumpError } from "../../shared/errors/index.ts";
import { CutSource, checkDescription } from "./check-description.ts";
import { countPages, withDump } from "./count-pages.ts";
import { makeTar } from "./make-tar.ts";

const SAMPLES = new URL("../../dumps/samples/", import.meta.url).pathname;

/** One dump per reader and variant; small enough to be described thousands of times. */
const DUMPS = [
  "podman/tiny-t0.tar",
  "podman/tiny-inc.tar",
  "podman/tiny-old-pre.tar",
  "podman/nginx-t0.tar.zst",
  "cores/known64.core.zst",
  "cores/known32.core.zst",
  "cores/known-powerpc64.core.zst",
  "machine/bios16.elf.zst",
];

async function describeDump(source: ByteSource, keepCut: boolean, asRaw = false): Promise<DumpDescription> {
  const reader = await recogniseDump(source, { asRaw });
  return reader.read(source, { keepCut, base: 0n });
}

/** @returns the code of the refusal, `null` when the dump was described; the description is checked. */
async function attempt(source: ByteSource, keepCut: boolean): Promise<string | null> {
  try {
    checkDescription(source, await describeDump(source, keepCut));
    return null;
  } catch (error) {
    if (!isDumpError(error)) throw error;
    expect(error.message).not.toBe("");
    return error.code;
  }
}

/** Places recorded, whatever became of their bytes. */
function recordedPlaces({ runs }: DumpDescription): number {
  return runs.count.reduce((sum, count) => sum + count, 0);
}

/** A fixed sequence of numbers in [0, 1): a failing place can be found again. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe.each(DUMPS)("%s", (name) => {
  test("cut anywhere, it is refused with a code, or was whole", async () => {
    await withDump(`${SAMPLES}${name}`, async ({ source, description }) => {
      const random = numbers(1);
      const sizes = [1, 3, 51, 52, 63, 64, 65, 511, 512, 513, source.size - 1, source.size - 512, source.size - 1025];
      for (let i = 0; i < 300; i++) sizes.push(1 + Math.floor(random.next().value * (source.size - 1)));
      // Heads of files hold most of what can go wrong.
      for (let i = 0; i < 200; i++) sizes.push(1 + Math.floor(random.next().value * Math.min(source.size - 1, 65_536)));
      let refused = 0;
      for (const size of sizes) {
        const cut = new CutSource(source, size);
        const code = await attempt(cut, false);
        if (code === null) {
          // Only padding and end marks may be missing from what is taken as whole.
          expect([size, recordedPlaces(await describeDump(cut, false))]).toEqual([size, recordedPlaces(description)]);
        } else {
          expect(["dump-cut", "dump-damaged", "unknown-format"]).toContain(code);
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(sizes.length * 0.8);
    });
  });

  test("cut anywhere, what is there can be kept, and nothing is invented", async () => {
    await withDump(`${SAMPLES}${name}`, async ({ source, description }) => {
      const whole = await countPages(source, description);
      const random = numbers(2);
      for (let i = 0; i < 40; i++) {
        const cut = new CutSource(source, 70_000 + Math.floor(random.next().value * (source.size - 70_000)));
        const kept = await describeDump(cut, true);
        checkDescription(cut, kept);
        expect(recordedPlaces(kept)).toBeLessThanOrEqual(recordedPlaces(description));
        // Counting hashes every page; a few places suffice.
        if (i % 10 !== 0) continue;
        const counts = await countPages(cut, kept);
        expect(counts.present).toBeLessThanOrEqual(whole.present);
        expect(counts.zero).toBeLessThanOrEqual(whole.zero);
        if (counts.present < whole.present) expect(kept.lost.length).toBeGreaterThan(0);
      }
    });
  });

  test("with bytes changed, it is refused with a code or described within the contract", async () => {
    await withDump(`${SAMPLES}${name}`, async ({ source }) => {
      // The head and the tail hold the structure of a core; a checkpoint has it everywhere.
      const bytes = Buffer.from(await source.read(0, Math.min(source.size, 400_000)));
      const cut = bytes.length < source.size;
      const random = numbers(3);
      for (let i = 0; i < 300; i++) {
        const changed = Buffer.from(bytes);
        for (let j = 0; j <= i % 4; j++) {
          const head = i % 2 === 0 ? Math.min(8192, bytes.length) : bytes.length;
          const values = [0, 0xff, 0x7f, 0x80, Math.floor(random.next().value * 256)];
          changed[Math.floor(random.next().value * head)] = values[Math.floor(random.next().value * values.length)];
        }
        const changedSource = new MemorySource(changed);
        await attempt(changedSource, cut || i % 3 === 0);
      }
    });
  });
});

describe("members in another order", () => {
  test.each(["podman/tiny-t0.tar", "podman/tiny-inc.tar", "podman/tiny-old-t1.tar"])(
    "%s is described the same",
    async (name) => {
      const bytes = await readFile(`${SAMPLES}${name}`);
      const source = new MemorySource(bytes);
      const index = await indexTar(source);
      const entries = index!.members.map((member) => ({
        name: member.name,
        type: { file: "0", directory: "5", "symbolic link": "2", "hard link": "1", other: "6" }[member.kind],
        link: member.linkTarget ?? "",
        content: bytes.subarray(member.offset, member.offset + member.size),
        mtime: member.modifiedAt === null ? 0 : Date.parse(member.modifiedAt) / 1000,
      }));
      const expected = await describeDump(source, false);
      const counts = await countPages(source, expected);
      for (const order of [[...entries].reverse(), entries.map((entry) => ({ ...entry, name: `./${entry.name}` }))]) {
        const reordered = new MemorySource(makeTar(order));
        const description = await describeDump(reordered, false);
        expect({ ...description, runs: null }).toEqual({ ...expected, runs: null });
        expect(await countPages(reordered, description)).toEqual(counts);
      }
    },
  );
});

describe("nothing, and anything", () => {
  test("an empty file is told from an unknown one", async () => {
    await expect(recogniseDump(new MemorySource(new Uint8Array(0)), { asRaw: false })).rejects.toMatchObject({
      code: "dump-empty",
    });
    await expect(recogniseDump(new MemorySource(new Uint8Array(0)), { asRaw: true })).rejects.toMatchObject({
      code: "dump-empty",
    });
  });

  test("unknown content is refused with its first bytes", async () => {
    const source = new MemorySource(Buffer.from("MDMP\x93\xa7", "latin1"));
    await expect(recogniseDump(source, { asRaw: false })).rejects.toMatchObject({
      code: "unknown-format",
      facts: { firstBytes: "4d 44 4d 50 93 a7", size: 6 },
    });
  });

  test("zeros are no dump, unless raw is asked for", async () => {
    const source = new MemorySource(new Uint8Array(10_000));
    await expect(recogniseDump(source, { asRaw: false })).rejects.toMatchObject({ code: "unknown-format" });
    const raw = await describeDump(source, false, true);
    checkDescription(source, raw);
    expect(await countPages(source, raw)).toMatchObject({ zero: 2, partial: 1 });
    expect([...raw.runs.kind].map((kind) => RUN_KINDS[kind])).toEqual(["bytes", "bytes"]);
  });

  test("a program is not taken for a core", async () => {
    const bytes = Buffer.from(await readFile(process.execPath)).subarray(0, 4096);
    await expect(recogniseDump(new MemorySource(bytes), { asRaw: false })).rejects.toMatchObject({
      code: "unknown-format",
      message: expect.stringContaining("only cores"),
    });
  });

  test("a container image is told to be one", async () => {
    const source = new MemorySource(await readFile(`${SAMPLES}images/tiny-oci.tar`));
    await expect(recogniseDump(source, { asRaw: false })).rejects.toMatchObject({
      code: "unknown-format",
      message: expect.stringContaining("container image"),
    });
  });

  test.each([[1n], [-4096n], [(1n << 64n) - 4096n]])("a raw image cannot begin at %i", async (base) => {
    const source = new MemorySource(new Uint8Array(8192));
    const reader = await recogniseDump(source, { asRaw: true });
    await expect(reader.read(source, { keepCut: false, base })).rejects.toMatchObject({ code: "bad-request" });
  });
});
