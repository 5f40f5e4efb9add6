/** Real checkpoints against their image: nothing is found in them, and what is planted in one is found at its place. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { addKnownSet, createKnownSets } from "../../server/known-sets/index.ts";
import type { Store } from "../../server/store/index.ts";
import { tamperOf } from "../../server/tamper/index.ts";
import type { ListedPage } from "../../shared/api/index.ts";
import { ingest, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";
import { image, message, pagemap } from "../readers/make-checkpoint.ts";
import { makeTar, type TarEntry } from "../readers/make-tar.ts";
import { readImageFiles } from "./file-pages.ts";
import { recordedBytes } from "./recorded-bytes.ts";

const corpus = process.env.DUMPSCOPE_CORPUS ?? "";
const SLIM = path.join(corpus, "images/slim-oci.tar");
const options = { signal: new AbortController().signal, onProgress: () => undefined };

async function withSlim(withBytes: boolean): Promise<Store> {
  const store = temporaryStore();
  await addKnownSet(store, SLIM, "slim", { ...options, withBytes });
  return store;
}

async function judge(store: Store, file: string, onPage?: (page: ListedPage) => void) {
  const { snapshot } = await ingest(store, file, "container", { parent: "none" });
  return tamperOf(store, createKnownSets(store), snapshot, { ...options, onPage });
}

/** The dumper's page of each process: the manifest's known pages of code. */
test.each([
  ["app-t0", ["0x41f000"], { pages: 411, same: 2, relocated: 114, written: 295, changed: 0 }],
  ["redis-t0", ["0x55f59b32e000"], { pages: 279, same: 1, relocated: 181, written: 97, changed: 0 }],
  ["redis-t2", ["0x55f59b32e000"], { pages: 279, same: 1, relocated: 181, written: 97, changed: 0 }],
  [
    "nginx-t0",
    ["0x5557aa1e1000", "0x5557aa1e1000", "0x5557aa1e1000"],
    { pages: 474, same: 3, relocated: 375, written: 96, changed: 0 },
  ],
])("nothing is found in %s", async (name, dumperPages, compared) => {
  const pages: ListedPage[] = [];
  const file = path.join(corpus, "podman", `${name}.tar.zst`);
  const tampering = await judge(await withSlim(false), file, (page) => pages.push(page));
  expect(tampering.findings).toEqual([]);
  expect(tampering.limits).toEqual([]);
  expect(tampering.compared).toMatchObject(compared);
  expect(tampering.dumperPages.map(({ place }) => place.address)).toEqual(dumperPages);
  // Every one is listed, with its reason.
  const countOf = (verdict: ListedPage["verdict"]) => pages.filter((page) => page.verdict === verdict).length;
  expect(pages).toHaveLength(compared.pages);
  for (const verdict of ["same", "relocated", "written"] as const) expect(countOf(verdict)).toBe(compared[verdict]);
  const reasons = {
    same: /^what the file has/,
    relocated: /^as the loader has it: \d+ (address|word|function)|^as the loader has it: zeros of \.bss/,
    written: /^written where it may be: (all bytes|\d+ bytes?) (of \.data|of \.bss|that the loader keeps|beside)/,
  };
  for (const { verdict, why } of pages) expect(why).toMatch(reasons[verdict as keyof typeof reasons]);
  const dumpers = pages.filter(({ why }) => why.includes("the dumper has touched it"));
  expect(dumpers.map(({ address }) => address)).toEqual(dumperPages);
});

test("in cores without mappings of code no pointer is called hooked, and files of another version are told once", async () => {
  const store = await withSlim(true);
  const python = await judge(store, path.join(corpus, "cores/py-t0.core.zst"));
  expect(python.findings.map(({ severity, kind, mapping }) => `${severity} ${kind} ${mapping?.path}`)).toEqual([
    "note other-version /usr/bin/python3.11",
    "note other-version /usr/lib/x86_64-linux-gnu/libexpat.so.1.8.10",
  ]);
  expect(python.notCompared.bytesNotKept).toBeGreaterThan(0);
  const known = await judge(store, path.join(corpus, "cores/known64-gcore.core.zst"));
  expect(known.findings.map(({ severity, kind }) => `${severity} ${kind}`)).toEqual(["alarm anonymous-executable"]);
});

/** The images of a checkpoint's archive, and what says of which image its container is. */
function entriesOf(tar: Uint8Array): TarEntry[] {
  const entries: TarEntry[] = [];
  const text = (from: number, length: number) =>
    Buffer.from(tar.subarray(from, from + length))
      .toString()
      .replace(/\0.*$/s, "");
  for (let at = 0; text(at, 100) !== ""; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const name = text(at, 100);
    const isFile = /^[0\0]?$/.test(text(at + 156, 1));
    if (isFile && (name === "config.dump" || name.startsWith("checkpoint/")))
      entries.push({ name, content: tar.subarray(at + 512, at + 512 + size), mtime: 1_700_000_000 });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

/** An image of one message, with fields at its end. */
function extended(content: Uint8Array, fields: Uint8Array): Uint8Array {
  const bytes = Buffer.concat([content, fields]);
  bytes.writeUInt32LE(bytes.readUInt32LE(8) + fields.length, 8);
  return bytes;
}

const SEGMENT = 0x1000_0000_0000;
const HIDDEN = 0x1000_1000_0000;
const HIDDEN_FILE = 99_999;

test("four plants in redis-t0 are found at their places, and nothing else", async () => {
  const file = "/usr/bin/redis-check-rdb";
  const clean = entriesOf(zstdDecompressSync(readFileSync(path.join(corpus, "podman/redis-t0.tar.zst"))));
  const area = (start: number, pages: number, status: number, shmid: number, flags: number) =>
    message([
      [
        14,
        message([
          [1, start],
          [2, start + pages * 4096],
          [3, 0],
          [4, shmid],
          [5, 5],
          [6, flags],
          [7, status],
        ]),
      ],
    ]);
  // Code in a shared segment, and code of a file that was deleted.
  const grown = clean.map((entry) => {
    const content = entry.content as Uint8Array;
    if (entry.name === "checkpoint/mm-1.img") {
      const areas = [area(SEGMENT, 4, 0x101, 77, 0x21), area(HIDDEN, 2, 0x41, HIDDEN_FILE, 2)];
      return { ...entry, content: extended(content, Buffer.concat(areas)) };
    }
    if (entry.name !== "checkpoint/files.img") return entry;
    const hidden = message([
      [1, 1],
      [2, HIDDEN_FILE],
      [3, message([[6, "/dev/shm/.x"]])],
    ]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(hidden.length);
    return { ...entry, content: Buffer.concat([content, length, hidden]) };
  });
  const remap = message([
    [1, HIDDEN_FILE],
    [2, HIDDEN_FILE],
    [3, 0],
  ]);
  const tar = makeTar([
    ...grown,
    { name: "checkpoint/remap-fpath.img", content: image("remap", [remap]) },
    { name: "checkpoint/pagemap-shmem-77.img", content: pagemap(777, [{ vaddr: 0x1000n, pages: 1, flags: 4 }]) },
    { name: "checkpoint/pages-777.img", content: Buffer.alloc(4096, 0x90) },
  ]);

  const { mappings, placeOf: found } = await recordedBytes(tar, 1);
  const placeOf = (address: number): number => {
    const place = found(address);
    if (place === undefined) throw new Error(`0x${address.toString(16)} is not recorded`);
    return place;
  };
  const base = mappings.find((mapping) => mapping.path === file && mapping.offset === 0)?.range.start ?? 0;
  const scratch = path.join(temporaryFolder(), "redis");
  writeFileSync(scratch, (await readImageFiles(SLIM, (one) => one === file)).get(file) ?? "");
  const printed = execFileSync("readelf", ["-rW", scratch], { encoding: "utf8", maxBuffer: 2 ** 28 });
  const slot = Number.parseInt(/^([0-9a-f]{16}) .* R_X86_64_JUMP_SLOT .* uname@/m.exec(printed)?.[1] ?? "", 16);
  const code = 0x55f5_9b32_e000 + 0x123;
  const pointer = base * 4096 + slot;
  const original = Buffer.from(tar.subarray(placeOf(code), placeOf(code) + 3)).toString("hex");
  tar.set([0x0f, 0x0b, 0xcc], placeOf(code));
  Buffer.from(tar.buffer, tar.byteOffset).writeBigUInt64LE(BigInt(SEGMENT + 0x1010), placeOf(pointer));

  const planted = path.join(temporaryFolder(), "planted.tar");
  writeFileSync(planted, tar);
  const twin = path.join(temporaryFolder(), "twin.tar");
  writeFileSync(twin, makeTar(clean));
  const store = await withSlim(true);
  expect((await judge(store, twin)).findings).toEqual([]);
  const { findings, counts, dumperPages } = await judge(store, planted);
  const hex = (address: number) => `0x${address.toString(16)}`;
  expect(findings.map(({ severity, kind, address }) => `${severity} ${kind} ${address}`)).toEqual([
    `alarm changed-code ${hex(code)}`,
    `alarm hooked-pointer ${hex(pointer)}`,
    `alarm deleted-file ${hex(HIDDEN)}`,
    `alarm anonymous-executable ${hex(SEGMENT)}`,
  ]);
  expect(counts).toMatchObject({ alarms: 4, notes: 0 });
  expect(dumperPages).toEqual([]);
  const [patched, hooked, , shared] = findings;
  expect(patched).toMatchObject({
    evidence: {
      path: file,
      bytes: { rangeCount: 1, byteCount: 3, ranges: [{ from: 0x123, to: 0x126, expected: original, found: "0f0bcc" }] },
    },
  });
  expect(hooked).toMatchObject({
    evidence: {
      symbol: "uname",
      found: hex(SEGMENT + 0x1010),
      expectedIn: { path: "/usr/lib/x86_64-linux-gnu/libc.so.6", permissions: "r-x", symbol: "uname" },
      foundIn: { permissions: "r-x", shared: true },
    },
  });
  expect(shared).toMatchObject({ place: { space: "s77", address: "0x0" }, evidence: { pages: 4, recorded: 1 } });
});
