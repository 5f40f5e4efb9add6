import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "./temporary-store.ts";

const tiny = readFileSync(samplePath("podman", "tiny-t0.tar"));
const app = readFileSync(samplePath("podman", "app-t0.tar.zst"));

/** A tar header with a right checksum and nothing in it. */
function tarMember(name: string, type = "0", link = ""): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write("00000000000\0", 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(link, 157);
  header.write("ustar\0", 257);
  header.write("00", 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

afterEach(() => {
  delete process.env.DUMPSCOPE_UNPACK_LIMIT;
});

const refused: readonly (readonly [string, string, () => Buffer])[] = [
  ["an empty file", "dump-empty", () => Buffer.alloc(0)],
  ["text", "unknown-format", () => Buffer.from("not a dump, but long enough to look at\n".repeat(200))],
  ["a checkpoint cut in its pages", "dump-cut", () => tiny.subarray(0, 150_000)],
  ["a checkpoint cut in its first header", "unknown-format", () => tiny.subarray(0, 300)],
  ["a zstd stream cut", "dump-cut", () => app.subarray(0, 700_000)],
  [
    "a tar with a path that leads outside",
    "archive-hostile",
    () => Buffer.concat([tarMember("../../etc/passwd"), tiny]),
  ],
  ["a tar with an absolute path", "archive-hostile", () => Buffer.concat([tarMember("/etc/passwd"), tiny])],
  [
    "a tar with a link that leads outside",
    "archive-hostile",
    () => Buffer.concat([tarMember("checkpoint/pages-1.img", "2", "../../../etc/shadow"), tiny]),
  ],
  [
    "a core whose headers point outside the file",
    "dump-cut",
    () => readFileSync(samplePath("cores", "known64-badseg.core.zst")),
  ],
  [
    "a core without its program headers",
    "dump-damaged",
    () => readFileSync(samplePath("cores", "known64-badphoff.core.zst")),
  ],
];

describe("refused, with nothing stored", () => {
  test("a cut checkpoint says whose it is, where what is there of it does", async () => {
    const store = temporaryStore();
    const file = path.join(temporaryFolder(), "dump");
    writeFileSync(file, tiny.subarray(0, 150_000));
    await expect(ingest(store, file, "container")).rejects.toMatchObject({ facts: { container: "tiny" } });
  });

  test.each(refused)("%s: %s", async (_name, code, content) => {
    const store = temporaryStore();
    const file = path.join(temporaryFolder(), "dump");
    writeFileSync(file, content());
    const error = await ingest(store, file, "container").then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: "DumpError", code });
    expect(store.catalog.snapshots()).toEqual([]);
    expect(store.storedBytes()).toBe(0);
    expect(readdirSync(store.scratch)).toEqual([]);
    // The store goes on.
    expect((await ingest(store, samplePath("podman", "tiny-t0.tar"), "container")).snapshot.name).toBe("t0");
  });

  test("a bomb: more than the limit comes out of it", async () => {
    process.env.DUMPSCOPE_UNPACK_LIMIT = String(8 << 20);
    const store = temporaryStore();
    const file = path.join(temporaryFolder(), "bomb.tar.zst");
    writeFileSync(file, zstdCompressSync(Buffer.alloc(64 << 20)));
    await expect(ingest(store, file, "container")).rejects.toMatchObject({ code: "limit-met" });
    expect(readdirSync(store.scratch)).toEqual([]);
  });

  test("a folder, and a file that is not there", async () => {
    const store = temporaryStore();
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "inner"));
    await expect(ingest(store, path.join(folder, "inner"), "c")).rejects.toMatchObject({ code: "file-unreadable" });
    await expect(ingest(store, path.join(folder, "none"), "c")).rejects.toMatchObject({ code: "file-unreadable" });
  });
});

describe("kept when asked for", () => {
  test.each([150_000, 200_000, 230_000])(
    "a checkpoint cut at %i: what is there, and the rest missing",
    async (length) => {
      const store = temporaryStore();
      const file = path.join(temporaryFolder(), "cut.tar");
      writeFileSync(file, tiny.subarray(0, length));
      const whole = await ingest(temporaryStore(), samplePath("podman", "tiny-t0.tar"), "tiny");
      const kept = await ingest(store, file, "tiny", { keepCut: true });
      expect(kept.pages.absent.missing).toBeGreaterThan(0);
      expect(kept.pages.present + kept.pages.zero + kept.pages.absent.missing).toBe(
        whole.pages.present + whole.pages.zero,
      );
      expect(store.manifest(kept.snapshot).facts.notes.length).toBeGreaterThan(0);
    },
  );

  test("content of no known format is kept as raw memory at a base", async () => {
    const store = temporaryStore();
    const file = path.join(temporaryFolder(), "raw");
    writeFileSync(file, Buffer.concat([Buffer.alloc(4096, 7), Buffer.alloc(4096), Buffer.from("tail")]));
    const result = await ingest(store, file, "raw", { asRaw: true, base: 0x10000n });
    expect(result).toMatchObject({ format: "raw", distinctPages: 2, pages: { present: 2, zero: 1 } });
    expect(store.manifest(result.snapshot).laid[0].mapping).toMatchObject({ space: "raw", spaceStart: 0x10 });
  });
});

test("a cancelled ingest leaves nothing behind", async () => {
  const store = temporaryStore();
  const controller = new AbortController();
  const options = { signal: controller.signal, onProgress: () => controller.abort() };
  const { ingestDump } = await import("../../server/ingest/index.ts");
  const request = {
    file: samplePath("podman", "app-t0.tar.zst"),
    container: "app",
    asRaw: false,
    base: 0n,
    keepCut: false,
  };
  await expect(ingestDump(store, request, options)).rejects.toMatchObject({ code: "cancelled" });
  expect(store.storedBytes()).toBe(0);
  expect(readdirSync(store.scratch)).toEqual([]);
});
