import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../../test/readers/count-pages.ts";
import { decompress, type UnpackOptions, unpackDump } from "./index.ts";

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dumpscope-unpack-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Half noise, half zeros: it compresses, but not to nothing. */
const CONTENT = Buffer.concat([randomBytes(300_000), Buffer.alloc(900_000), randomBytes(100_000)]);
const PARTS = [CONTENT.subarray(0, 500_000), CONTENT.subarray(500_000)];
const SKIPPABLE = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);
const EMPTY_SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);

async function unpack(stored: Uint8Array, options: UnpackOptions = {}) {
  const path = join(folder, `${files++}`);
  const target = `${path}.out`;
  await writeFile(path, stored);
  const done = await unpackDump(path, target, options).catch((error: unknown) => ({ error, left: existsSync(target) }));
  return { done, content: existsSync(target) ? await readFile(target) : null };
}

describe("compression is told by content and undone", () => {
  const table: readonly (readonly [string, "gzip" | "zstd", Uint8Array])[] = [
    ["gzip", "gzip", gzipSync(CONTENT)],
    ["gzip of several members", "gzip", Buffer.concat(PARTS.map((part) => gzipSync(part)))],
    ["gzip padded with zeros", "gzip", Buffer.concat([gzipSync(CONTENT), Buffer.alloc(70_000)])],
    ["zstd", "zstd", zstdCompressSync(CONTENT)],
    ["zstd of several frames", "zstd", Buffer.concat(PARTS.map((part) => zstdCompressSync(part)))],
    [
      "zstd with skippable frames",
      "zstd",
      Buffer.concat([SKIPPABLE, zstdCompressSync(PARTS[0]), EMPTY_SKIPPABLE, zstdCompressSync(PARTS[1]), SKIPPABLE]),
    ],
    ["zstd with an empty frame", "zstd", Buffer.concat([zstdCompressSync(Buffer.alloc(0)), zstdCompressSync(CONTENT)])],
    ["gzip in zstd", "zstd", zstdCompressSync(gzipSync(CONTENT))],
    ["zstd in gzip", "gzip", gzipSync(zstdCompressSync(CONTENT))],
  ];
  test.each(table)("%s", async (_what, compression, stored) => {
    const { done, content } = await unpack(stored);
    expect(done).toEqual({ compression, bytes: CONTENT.length, lost: null });
    expect(content?.equals(CONTENT)).toBe(true);
  });

  test("a file that is not compressed is left where it is, and its bytes are shown to who asks", async () => {
    const hash = createHash("sha256");
    const { done, content } = await unpack(CONTENT, { onOutput: (bytes) => void hash.update(bytes) });
    expect(done).toEqual({ compression: "none", bytes: CONTENT.length, lost: null });
    expect(content).toBeNull();
    expect(hash.digest("hex")).toBe(createHash("sha256").update(CONTENT).digest("hex"));
  });

  test("bytes are passed on in order, and progress ends at the file's size", async () => {
    const stored = zstdCompressSync(CONTENT);
    const after = createHash("sha256");
    let progress = 0;
    await unpack(stored, {
      onOutput: (bytes) => void after.update(bytes),
      onProgress: (bytes) => {
        progress = bytes;
      },
    });
    expect(after.digest("hex")).toBe(createHash("sha256").update(CONTENT).digest("hex"));
    expect(progress).toBe(stored.length);
  });

  test("frames are found however the stream is cut into chunks", async () => {
    const stored = Buffer.concat([SKIPPABLE, ...PARTS.map((part) => zstdCompressSync(part)), EMPTY_SKIPPABLE]);
    for (const size of [1, 7, 4096]) {
      async function* chunks() {
        for (let i = 0; i < stored.length; i += size) yield stored.subarray(i, i + size);
      }
      // A byte at a time only over the first frames' heads: a stream of 400,000 chunks proves no more.
      if (size === 1) continue;
      const { bytes } = await decompress(chunks());
      expect((await collect(bytes)).equals(CONTENT)).toBe(true);
    }
    const small = zstdCompressSync(Buffer.from("some text, some text, some text"));
    async function* bytewise() {
      for (const byte of Buffer.concat([SKIPPABLE, small, EMPTY_SKIPPABLE, small])) yield Uint8Array.of(byte);
    }
    const { bytes } = await decompress(bytewise());
    expect((await collect(bytes)).toString()).toBe("some text, some text, some text".repeat(2));
  });
});

describe("what cannot be undone leaves nothing behind", () => {
  test.each([
    ["gzip", gzipSync(CONTENT)],
    ["zstd", zstdCompressSync(CONTENT)],
  ] as const)("a cut %s stream", async (name, stored) => {
    for (const length of [20, 1000, 200_000, stored.length - 1]) {
      const cut = stored.subarray(0, length);
      const { done } = await unpack(cut);
      expect(done).toMatchObject({ error: { code: "dump-cut", facts: { offset: length } }, left: false });
      const kept = await unpack(cut, { keepCut: true });
      expect(kept.done).toMatchObject({ compression: name, lost: expect.stringContaining(`ends at byte ${length}`) });
      expect(kept.content?.equals(CONTENT.subarray(0, kept.content.length))).toBe(true);
      if (length === 200_000) expect(kept.content?.length).toBeGreaterThan(100_000);
    }
  });

  test.each([
    ["gzip", gzipSync(CONTENT)],
    ["zstd", zstdCompressSync(CONTENT)],
  ] as const)("a damaged %s stream", async (_name, stored) => {
    const damaged = Buffer.from(stored);
    // The checksum at the end, so that every byte before it comes out.
    damaged[damaged.length - 6] ^= 0xff;
    damaged[150_000] ^= 0xff;
    const { done } = await unpack(damaged);
    expect(done).toMatchObject({ left: false });
    expect("error" in done && done.error).toMatchObject({ code: expect.stringMatching(/^dump-(damaged|cut)$/) });
  });

  test("bytes behind a gzip stream that are no gzip", async () => {
    const { done } = await unpack(
      Buffer.concat([gzipSync(CONTENT), Buffer.alloc(1000), Buffer.from("no gzip"), Buffer.alloc(300_000)]),
    );
    expect(done).toMatchObject({ error: { code: "dump-damaged" }, left: false });
  });

  test("three layers of compression", async () => {
    const { done } = await unpack(gzipSync(zstdCompressSync(gzipSync(CONTENT))));
    expect(done).toMatchObject({ error: { code: "limit-met" }, left: false });
  });

  test("a bomb ends at the limit, not at its end", async () => {
    const bomb = zstdCompressSync(Buffer.alloc(100_000_000));
    let out = 0;
    const { done } = await unpack(bomb, {
      limit: 1_000_000,
      onOutput: (bytes) => {
        out += bytes.length;
      },
    });
    expect(done).toMatchObject({ error: { code: "limit-met", facts: { limit: 1_000_000 } }, left: false });
    expect(out).toBeLessThanOrEqual(1_000_000);
  });

  test("a window above the limit of zstd --long=27", async () => {
    // Descriptor 0: a window byte follows; exponent 18 is 2^28.
    const { done } = await unpack(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 18 << 3, 1, 0, 0]));
    expect(done).toMatchObject({ error: { code: "limit-met", facts: { window: 2 ** 28 } } });
  });

  test("a frame that needs a dictionary", async () => {
    const { done } = await unpack(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 0, 7, 1, 0, 0]));
    expect(done).toMatchObject({ error: { code: "dump-unsupported", facts: { dictionary: 7 } } });
  });

  test("a cancelled one", async () => {
    const abort = new AbortController();
    const { done } = await unpack(zstdCompressSync(randomBytes(5_000_000)), {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    expect(done).toMatchObject({ error: { code: "cancelled" }, left: false });
  });

  test("a file that is not there", async () => {
    await expect(unpackDump(join(folder, "none"), join(folder, "none.out"))).rejects.toMatchObject({
      code: "file-unreadable",
    });
  });
});
