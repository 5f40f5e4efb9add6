import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { IngestRequest } from "../../server/ingest/index.ts";
import { type Store, verifyStore } from "../../server/store/index.ts";
import { makeCore } from "../readers/make-core.ts";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "./temporary-store.ts";

const app = zstdDecompressSync(readFileSync(samplePath("podman", "app-t0.tar.zst")));
const appPacked = readFileSync(samplePath("podman", "app-t0.tar.zst"));
const appGzip = gzipSync(app, { level: 1 });
const tiny = readFileSync(samplePath("podman", "tiny-t0.tar"));

function dumpFile(content: Uint8Array): string {
  const file = path.join(temporaryFolder(), "dump");
  writeFileSync(file, content);
  return file;
}

/** The refusal, and that the store is as empty as before and still takes a dump. */
async function refusedBy(store: Store, file: string, request: Partial<IngestRequest> = {}): Promise<unknown> {
  const error: unknown = await ingest(store, file, "hostile", request).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(store.catalog.snapshots()).toEqual([]);
  expect(store.storedBytes()).toBe(0);
  expect(readdirSync(store.scratch)).toEqual([]);
  expect((await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny")).snapshot.name).toBe("t0");
  return error;
}

afterEach(() => {
  delete process.env.DUMPSCOPE_UNPACK_LIMIT;
});

describe("cut", () => {
  // In headers, in the small images, at a member's edge, in pages, in the last member.
  test.each([511, 600, 4096, 65_536, 131_072, 175_000, 240_000, 260_000])(
    "a checkpoint after %i bytes is refused, and kept when asked for where something can be told",
    async (length) => {
      const file = dumpFile(tiny.subarray(0, length));
      const error = await refusedBy(temporaryStore(), file);
      expect(error).toMatchObject({
        name: "DumpError",
        code: expect.stringMatching(/^(dump-cut|dump-damaged|unknown-format)$/),
      });
      const store = temporaryStore();
      const kept = await ingest(store, file, "tiny", { keepCut: true }).catch((thrown: unknown) => thrown);
      if (kept instanceof Error) {
        expect(kept).toMatchObject({ name: "DumpError" });
        expect(store.storedBytes()).toBe(0);
        return;
      }
      const [record] = store.catalog.snapshots();
      expect(record.pages.present + record.pages.zero).toBeLessThanOrEqual(47);
      expect(store.manifest(record).facts.notes.join(" ")).not.toBe("");
      expect(await verifyStore(store)).toMatchObject({ ok: true });
    },
  );

  test.each([
    ["zstd", appPacked],
    ["gzip", appGzip],
  ] as const)("a %s stream: what comes out of it, and the rest missing", async (_name, packed) => {
    for (const part of [0.001, 0.5, 0.98]) {
      const file = dumpFile(packed.subarray(0, Math.floor(packed.length * part)));
      expect(await refusedBy(temporaryStore(), file)).toMatchObject({ code: "dump-cut" });
    }
    const store = temporaryStore();
    const file = dumpFile(packed.subarray(0, Math.floor(packed.length * 0.98)));
    const kept = await ingest(store, file, "app", { keepCut: true });
    expect(kept.pages.present).toBeGreaterThan(0);
    expect(kept.pages.absent.missing).toBeGreaterThan(0);
    expect(kept.pages.present + kept.pages.zero + kept.pages.absent.missing).toBe(1994);
    expect(await verifyStore(store)).toMatchObject({ ok: true });
  });
});

describe("a core whose headers lie", () => {
  const page = Buffer.alloc(4096, 7);
  test.each([
    ["a segment behind the end", [{ vaddr: 0x1000n, memsz: 4096, offset: 1n << 40n, filesz: 4096n }]],
    ["a segment at the end of all numbers", [{ vaddr: 0x1000n, memsz: 4096, offset: (1n << 64n) - 1n, filesz: 4096n }]],
    ["a segment longer than the file", [{ vaddr: 0x1000n, memsz: 1n << 40n, content: page, filesz: 1n << 40n }]],
    ["a segment whose end overflows", [{ vaddr: (1n << 64n) - 4096n, memsz: 1n << 63n, content: page }]],
    [
      "two segments at one address",
      [
        { vaddr: 0x1000n, memsz: 4096, content: page },
        { vaddr: 0x1000n, memsz: 4096, content: page },
      ],
    ],
  ])("%s", async (_name, segments) => {
    const file = dumpFile(makeCore({ segments }));
    const store = temporaryStore();
    const error: unknown = await ingest(store, file, "core").then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    // Refused in words; or taken, and then it is sound.
    if (error === undefined) expect(await verifyStore(store)).toMatchObject({ ok: true });
    else {
      expect(error).toMatchObject({ name: "DumpError", code: expect.stringMatching(/^dump-|^limit-met/) });
      expect(store.storedBytes()).toBe(0);
    }
  });
});

test("a bomb of many GiB ends at the limit, before it is on the disk", async () => {
  process.env.DUMPSCOPE_UNPACK_LIMIT = String(32 << 20);
  // One frame of 64 MiB of zeros is 6 KiB; 64 of them are 4 GiB.
  const frame = zstdCompressSync(Buffer.alloc(64 << 20));
  const file = dumpFile(Buffer.concat(new Array<Buffer>(64).fill(frame)));
  expect(await refusedBy(temporaryStore(), file)).toMatchObject({
    code: "limit-met",
    message: expect.stringContaining(String(32 << 20)),
  });
});

test("a folder, a device, and a file in the place of a folder are no dumps", async () => {
  const folder = path.join(temporaryFolder(), "folder");
  mkdirSync(folder);
  for (const file of [folder, "/dev/zero", path.join(dumpFile(tiny), "inner")])
    expect(await refusedBy(temporaryStore(), file)).toMatchObject({ code: "file-unreadable" });
});

test("a limit that is no number does not lift the limit", async () => {
  process.env.DUMPSCOPE_UNPACK_LIMIT = "8 MiB";
  expect(await refusedBy(temporaryStore(), samplePath("podman", "app-t0.tar.zst"))).toMatchObject({ code: "usage" });
});
