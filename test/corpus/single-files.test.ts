/**
 * Real checkpoints against a part of their image: each mapped file as a known set by itself, and all libraries without
 * the program. What files that no set describes may have defined is no alarm; a hook is one all the same.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addKnownSet, createKnownSets, removeKnownSet } from "../../server/known-sets/index.ts";
import { RELOCATION_KINDS } from "../../server/relocation/elf-image.ts";
import { describeElf, placeImage } from "../../server/relocation/index.ts";
import { openStore, type SnapshotRecord, type Store } from "../../server/store/index.ts";
import { tamperOf } from "../../server/tamper/index.ts";
import type { Finding, ListedPage } from "../../shared/api/index.ts";
import { ingest } from "../ingest/temporary-store.ts";
import { readImageFiles } from "./file-pages.ts";
import { type RecordedBytes, recordedBytes } from "./recorded-bytes.ts";

const corpus = process.env.DUMPSCOPE_CORPUS ?? "";
const SLIM = path.join(corpus, "images/slim-oci.tar");
const LIBRARIES = "/usr/lib/";
const CRYPTO = "/usr/lib/x86_64-linux-gnu/libcrypto.so.3";
const options = { signal: new AbortController().signal, onProgress: () => undefined };
const hex = (address: number) => `0x${address.toString(16)}`;
const hookedOf = (findings: readonly Finding[]) => findings.filter(({ kind }) => kind === "hooked-pointer");

const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  files = await readImageFiles(SLIM, () => true);
});

/** A file of the image where it can be added. */
function written(file: string): string {
  const place = path.join(folder, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, files.get(file) ?? "");
  return place;
}

/** A recorded word that the loader fills by symbol and nobody else writes: in RELRO, or a slot of the procedure linkage table. */
function protectedWord(file: string, { mappings, placeOf }: RecordedBytes): number {
  const image = describeElf(files.get(file)!)!;
  const own = mappings.filter((mapping) => mapping.path === file && mapping.pid === 1);
  const { base } = placeImage(image, own)[0];
  const { start, end } = image.relro ?? { start: 0, end: 0 };
  const isProtected = (vaddr: number, kind: number) =>
    RELOCATION_KINDS[kind] === "jump-slot" || (vaddr >= start && vaddr < end - (end % 4096));
  const { address, kind, symbol } = image.relocations;
  const found = address.findIndex(
    (vaddr, row) => symbol[row] !== 0 && isProtected(vaddr, kind[row]) && placeOf(base + vaddr) !== undefined,
  );
  if (found < 0) throw new Error(`${file} has no such word`);
  return base + address[found];
}

/** Memory of the process that belongs to no file: nothing of a file lies before it. */
function anonymousMemory({ mappings }: RecordedBytes): number {
  const own = mappings.filter(({ pid }) => pid === 1).toSorted((a, b) => a.range.start - b.range.start);
  const found = own.findIndex(
    ({ kind, range }, i) =>
      kind === "anonymous" && (own[i - 1]?.range.end !== range.start || own[i - 1].kind !== "file"),
  );
  return own[found].range.start * 4096;
}

/**
 * `notes`: pointers to what a file that is not described has taken over: libc's `malloc` by jemalloc, `environ` by the
 * program, the loader's exceptions by libc.
 */
describe.each([
  { dump: "app-t0", files: 9, notes: { "ld-linux-x86-64.so.2": 4, "libc.so.6": 6 } },
  { dump: "redis-t0", files: 18, notes: { "ld-linux-x86-64.so.2": 4, "libc.so.6": 12, "libstdc++.so.6.0.30": 2 } },
  { dump: "nginx-t0", files: 8, notes: { "ld-linux-x86-64.so.2": 12 } },
] as const)("$dump", ({ dump, files: count, notes }) => {
  let store: Store;
  let clean: SnapshotRecord;
  let planted: SnapshotRecord;
  let recorded: RecordedBytes;
  let mapped: readonly string[];
  const hooks = new Map<string, number>();
  /** What each page is with the whole image, by path. */
  let byImage: ReadonlyMap<string, readonly ListedPage[]>;

  beforeAll(async () => {
    store = openStore(path.join(folder, dump));
    const file = path.join(corpus, "podman", `${dump}.tar.zst`);
    ({ snapshot: clean } = await ingest(store, file, "clean", { parent: "none" }));
    const tar = zstdDecompressSync(readFileSync(file));
    recorded = await recordedBytes(tar, 1);
    mapped = [...new Set(recorded.mappings.map((mapping) => mapping.path ?? ""))]
      .filter((one) => files.has(one))
      .sort();
    for (const one of mapped) {
      const word = protectedWord(one, recorded);
      hooks.set(one, word);
      tar.writeBigUInt64LE(BigInt(anonymousMemory(recorded) + 0x10), recorded.placeOf(word));
    }
    const changed = path.join(folder, `${dump}.tar`);
    writeFileSync(changed, tar);
    ({ snapshot: planted } = await ingest(store, changed, "planted", { parent: "none" }));
    await addKnownSet(store, SLIM, "slim", options);
    const pages: ListedPage[] = [];
    await judge(clean, (page) => void pages.push(page));
    byImage = Map.groupBy(pages, (page) => page.path);
    await removeKnownSet(store, "slim");
  });
  afterAll(() => store.close());

  const judge = (snapshot: SnapshotRecord, onPage?: (page: ListedPage) => void) =>
    tamperOf(store, createKnownSets(store), snapshot, { ...options, onPage });

  test("each file by itself: no alarm, and the hook in it is the only one", async () => {
    expect(mapped).toHaveLength(count);
    const noted: Record<string, number> = {};
    for (const file of mapped) {
      await addKnownSet(store, written(file), "one", { ...options, filePath: file });
      const pages: ListedPage[] = [];
      const { findings, counts } = await judge(clean, (page) => void pages.push(page));
      expect(counts.alarms, file).toBe(0);
      if (hookedOf(findings).length > 0) noted[path.basename(file)] = hookedOf(findings).length;
      // Pages with notes are changed; every other one is as with the whole image.
      const own = pages.filter((page) => page.path === file);
      const same = (byImage.get(file) ?? []).map(({ verdict }, i) =>
        own[i].verdict === "changed" ? "changed" : verdict,
      );
      expect(own.map(({ verdict }) => verdict)).toEqual(same);
      const alarms = (await judge(planted)).findings.filter(({ severity }) => severity === "alarm");
      expect(alarms.map(({ kind, pid, address }) => [kind, pid, address])).toEqual([
        ["hooked-pointer", 1, hex(hooks.get(file) ?? 0)],
      ]);
      await removeKnownSet(store, "one");
    }
    expect(noted).toEqual(notes);
  });

  test("all libraries without the program: no alarm, and the hooks in them are", async () => {
    const libraries = mapped.filter((file) => file.startsWith(LIBRARIES));
    const root = path.join(folder, `${dump}-root`);
    for (const file of libraries) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), files.get(file) ?? "");
    }
    await addKnownSet(store, root, "libraries", options);
    expect((await judge(clean)).counts.alarms).toBe(0);
    const alarms = (await judge(planted)).findings.filter(({ severity }) => severity === "alarm");
    expect(new Set(alarms.map(({ address }) => address))).toEqual(
      new Set(libraries.map((file) => hex(hooks.get(file) ?? 0))),
    );
    await removeKnownSet(store, "libraries");
  });
});

test("gettimeofday's slot of libcrypto is hooked in any memory but the vdso, libc's own .bss included", async () => {
  const store = openStore(path.join(folder, "gettimeofday"));
  const tar = zstdDecompressSync(readFileSync(path.join(corpus, "podman/app-t0.tar.zst")));
  const recorded = await recordedBytes(tar, 1);
  const slot = 0x7fe2_03d0_9d40;
  const bss = recorded.mappings.findLast((mapping) => mapping.path?.endsWith("/libc.so.6"))!.range.end * 4096;
  await addKnownSet(store, written(CRYPTO), "crypto", { ...options, filePath: CRYPTO });
  for (const [target, found] of [
    [0x7fe2_043e_1810, []],
    [anonymousMemory(recorded), [`alarm ${hex(slot)}`]],
    [bss + 0x10, [`alarm ${hex(slot)}`]],
  ] as const) {
    tar.writeBigUInt64LE(BigInt(target), recorded.placeOf(slot));
    const changed = path.join(folder, "gettimeofday.tar");
    writeFileSync(changed, tar);
    const { snapshot } = await ingest(store, changed, "app", { parent: "none" });
    const { findings } = await tamperOf(store, createKnownSets(store), snapshot, options);
    expect(findings.map(({ severity, address }) => `${severity} ${address}`)).toEqual(found);
  }
  // With the whole image too: what libc's resolver chose no file says.
  await removeKnownSet(store, "crypto");
  await addKnownSet(store, SLIM, "slim", options);
  const last = store.catalog.snapshots().at(-1)!;
  const { findings } = await tamperOf(store, createKnownSets(store), last, options);
  expect(findings).toMatchObject([
    {
      severity: "alarm",
      kind: "hooked-pointer",
      evidence: { symbol: "gettimeofday", expected: null, expectedIn: null },
    },
  ]);
  expect(findings[0].text).toMatch(/, not to what the resolver of gettimeofday in \/usr\/lib\/.*\/libc\.so\.6 chose: /);
  store.close();
});
