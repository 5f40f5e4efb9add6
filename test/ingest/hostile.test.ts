import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { compareSnapshots } from "../../server/compare/index.ts";
import type { IngestRequest } from "../../server/ingest/index.ts";
import { readExactly } from "../../server/inspect/index.ts";
import { deleteSnapshot, type Store, verifyStore } from "../../server/store/index.ts";
import { makeCore } from "../readers/make-core.ts";
import { expected, ingest, samplePath, temporaryFolder, temporaryStore } from "./temporary-store.ts";

const app = zstdDecompressSync(readFileSync(samplePath("podman", "app-t0.tar.zst")));
const appPacked = readFileSync(samplePath("podman", "app-t0.tar.zst"));
const appGzip = gzipSync(app, { level: 1 });
const tiny = readFileSync(samplePath("podman", "tiny-t0.tar"));
const { "tiny-t0.tar": whole } = expected<{ dumps: Record<string, { alone: { pages: object } }> }>("podman").dumps;

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

/** Where the members of `tiny` begin and end, read by a walk of its own. */
const members: readonly {
  readonly name: string;
  readonly header: number;
  readonly content: number;
  readonly size: number;
}[] = (() => {
  const found = [];
  for (let header = 0; tiny[header] !== 0; ) {
    const text = (from: number, length: number) => tiny.toString("latin1", header + from, header + from + length);
    const size = Number.parseInt(text(124, 12), 8);
    found.push({ name: text(0, 100).replace(/\/?\0.*/s, ""), header, content: header + 512, size });
    header += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
})();
const lastMember = members[members.length - 1];
const endMark = lastMember.content + Math.ceil(lastMember.size / 512) * 512;
/** Before it nothing says that the archive is a checkpoint. */
const firstSign = members.find(({ name }) => name === "config.dump")!.content;

/** Pages whose bytes begin before a cut. */
function pagesBefore(cut: number): number {
  const pages = members.filter(({ name }) => /\/pages-\d+\.img$/.test(name));
  return pages.reduce(
    (sum, { content, size }) => sum + Math.ceil(Math.max(0, Math.min(size, cut - content)) / 4096),
    0,
  );
}

/** What is said of `tiny` cut at a byte: the code, the byte, and what is missing. */
function refusalAt(cut: number) {
  const inside = members.find(({ content, size }) => cut >= content && cut < content + size);
  const before = members.findLast(({ content, size }) => content + size <= cut);
  const said = inside
    ? `inside ${inside.name}. That entry says it holds ${inside.size} bytes; ${cut - inside.content} are there`
    : cut % 512 !== 0 && cut < endMark
      ? /inside the (header of a member|padding behind its last member)/.source
      : `behind ${before?.name} and before its end mark; what followed is missing`;
  return {
    name: "DumpError",
    code: "dump-cut",
    facts: expect.objectContaining({ offset: cut }),
    message: expect.stringMatching(new RegExp(`^The archive ends at byte ${cut}, ${said}$`)),
  };
}

describe("cut", () => {
  const borders = [...members.map(({ header }) => header).slice(1), endMark, endMark + 512];
  test("a checkpoint cut between any two of its members is refused: code, byte, what is missing", async () => {
    const store = temporaryStore();
    const file = dumpFile(tiny);
    for (const cut of borders) {
      writeFileSync(file, tiny.subarray(0, cut));
      await expect.soft(ingest(store, file, "tiny"), `cut at ${cut}`).rejects.toMatchObject(refusalAt(cut));
    }
    expect(store.catalog.snapshots()).toEqual([]);
    expect(store.storedBytes()).toBe(0);
    expect(readdirSync(store.scratch)).toEqual([]);
    writeFileSync(file, tiny);
    expect((await ingest(store, file, "tiny")).pages).toMatchObject(whole.alone.pages);
  });

  test("cut at any byte it is refused; asked to keep what is there, it has those pages and no others", async () => {
    const store = temporaryStore();
    const file = dumpFile(tiny);
    const uncut = await ingest(store, file, "tiny");
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...borders), fc.integer({ min: 512, max: endMark + 1023 })),
        async (cut) => {
          writeFileSync(file, tiny.subarray(0, cut));
          const stored = store.storedBytes();
          await expect(ingest(store, file, "tiny")).rejects.toMatchObject(refusalAt(cut));
          expect(store.storedBytes()).toBe(stored);
          const kept = ingest(store, file, "tiny", { keepCut: true, parent: "none" });
          if (cut < firstSign) {
            await expect(kept).rejects.toMatchObject(refusalAt(cut));
            return;
          }
          const { pages, snapshot } = await kept;
          expect(pages.present + pages.zero).toBe(pagesBefore(cut));
          // Of a page that is there in part, the content is another.
          const { unchanged, zero, changed, moved, added } = compareSnapshots(store, uncut.snapshot, snapshot).verdicts;
          expect(unchanged + zero + changed + moved).toBe(pagesBefore(cut));
          expect(changed + moved).toBeLessThanOrEqual(1);
          expect(added).toBe(0);
          expect(store.manifest(snapshot).facts.notes.join(" ")).toContain(`at byte ${cut}`);
          deleteSnapshot(store, snapshot);
        },
      ),
      { numRuns: 60 },
    );
    expect(await verifyStore(store)).toMatchObject({ ok: true });
  });

  test("without its page maps nothing is said to be untouched or left to a file", async () => {
    const { header } = members.find(({ name }) => name.endsWith("/pagemap-1.img"))!;
    const store = temporaryStore();
    const { snapshot } = await ingest(store, dumpFile(tiny.subarray(0, header)), "tiny", { keepCut: true });
    const own = store.manifest(snapshot).laid.filter(({ mapping }) => mapping.space.startsWith("p"));
    expect(own).toHaveLength(22);
    for (const { mapping, counts } of own)
      expect(counts.absent).toEqual({
        ...{ file: 0, untouched: 0, excluded: 0 },
        missing: mapping.range.end - mapping.range.start,
      });
  });

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
  const HEADERS = 176;
  test.each([
    [
      "a segment behind the end",
      { vaddr: 0x1000n, memsz: 4096, offset: 1n << 40n, filesz: 4096n },
      { code: "dump-cut", facts: { offset: HEADERS, segment: 1, address: "0x1000", needed: "4096", there: "0" } },
    ],
    [
      "a segment at the end of all numbers",
      { vaddr: 0x1000n, memsz: 4096, offset: (1n << 64n) - 1n, filesz: 4096n },
      { code: "dump-cut", facts: { offset: HEADERS, segment: 1, address: "0x1000", needed: "4096", there: "0" } },
    ],
    [
      "a segment longer than the file",
      { vaddr: 0x1000n, memsz: 1n << 40n, content: page, filesz: 1n << 40n },
      { code: "dump-cut", facts: { offset: HEADERS + 4096, segment: 1, needed: String(1n << 40n), there: "4096" } },
    ],
    [
      "a segment whose end overflows",
      { vaddr: (1n << 64n) - 4096n, memsz: 1n << 63n, content: page },
      { code: "dump-damaged", facts: { segment: 1, p_memsz: "0x8000000000000000" } },
    ],
    [
      "a segment that stores more than it holds",
      { vaddr: 0x1000n, memsz: 16n, content: page },
      { code: "dump-damaged", facts: { segment: 1, p_filesz: "0x1000", p_memsz: "0x10" } },
    ],
  ])("%s is refused", async (_name, segment, refusal) => {
    const file = dumpFile(makeCore({ segments: [segment] }));
    expect(await refusedBy(temporaryStore(), file)).toMatchObject({ name: "DumpError", ...refusal });
  });

  test("of two segments at one address the first counts, and it is said", async () => {
    const segments = [page, Buffer.alloc(4096, 8)].map((content) => ({ vaddr: 0x1000n, memsz: 4096, content }));
    const store = temporaryStore();
    const { pages, snapshot } = await ingest(store, dumpFile(makeCore({ segments })), "core");
    expect(pages).toMatchObject({ present: 1, zero: 0 });
    const { laid, facts } = store.manifest(snapshot);
    expect(readExactly(store, snapshot, laid[0].mapping.space, 0x1000n, 4096)).toEqual(new Uint8Array(page));
    expect(facts.notes).toContain(
      "One segment describes memory that one before it in the address space describes too; the one before it counts.",
    );
    expect(await verifyStore(store)).toMatchObject({ ok: true });
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
