/** What is planted in a process is found at its place, and nothing is found in its clean twin. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { addKnownSet, createKnownSets } from "../server/known-sets/index.ts";
import { openStore, type Store } from "../server/store/index.ts";
import { tamperOf } from "../server/tamper/index.ts";
import { FINDING_KINDS, type Finding, SnapshotTamperingSchema, type Tampering } from "../shared/api/index.ts";
import { ingest, samplePath, temporaryStore } from "./ingest/temporary-store.ts";
import {
  ANONYMOUS,
  cleanTwin,
  LIBRARY,
  LIBRARY_FILE,
  PROGRAM_FILE,
  record,
  SEGMENT,
  setWord,
  type Twin,
  writeLibrary,
  writeRoot,
  writeTwin,
} from "./two-files.ts";

const options = { signal: new AbortController().signal, onProgress: () => undefined };
const hex = (address: number) => `0x${address.toString(16)}`;

const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
const root = writeRoot(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A store with the root as a known set, and its digest. */
async function storeWith(name: string, withBytes: boolean) {
  const store = openStore(path.join(folder, name));
  const { digest } = await addKnownSet(store, root, "root", { ...options, withBytes });
  return { store, image: digest ?? "" };
}
let full: Awaited<ReturnType<typeof storeWith>>;
beforeAll(async () => {
  full = await storeWith("full", true);
});
afterAll(() => full.store.close());

/** @param image what the archive names as its container's; the root without it */
async function judge(twin: Twin, store: Store = full.store, image: string | undefined = full.image) {
  const { snapshot } = await ingest(store, writeTwin(twin, image), "twin", { parent: "none" });
  const tampering = await tamperOf(store, createKnownSets(store), snapshot, options);
  const answer = { snapshot: snapshot.id, ...tampering };
  expect(SnapshotTamperingSchema.parse(answer)).toEqual(answer);
  return tampering;
}

/** What and where, in one line. */
const lineOf = ({ severity, kind, address }: Finding) => `${severity} ${kind} ${address}`;
const linesOf = ({ findings }: Tampering) => findings.map(lineOf);

function areaAt(twin: Twin, start: number): number {
  const index = twin.areas.findIndex((area) => area.start === start);
  if (index < 0) throw new Error(`no area begins at ${hex(start)}`);
  return index;
}

function permit(twin: Twin, start: number, prot: number): void {
  const index = areaAt(twin, start);
  twin.areas[index] = { ...twin.areas[index], prot };
}

function planted(change: (twin: Twin) => void): Twin {
  const twin = cleanTwin();
  change(twin);
  return twin;
}

const READ = 1;
const READ_WRITE = 3;
const READ_EXECUTE = 5;
const ALL = 7;

test("nothing is found in the clean twin, and what was compared is counted", async () => {
  const { findings, counts, compared, notCompared, limits, dumperPages } = await judge(cleanTwin());
  // Same: the dumper's page, and the program's data, in which nothing is relocated.
  expect(findings).toEqual([]);
  expect(counts).toMatchObject({ alarms: 0, notes: 0, listed: 0 });
  expect(compared).toEqual({ files: 2, pages: 5, same: 2, relocated: 3, written: 0, changed: 0 });
  expect(notCompared).toEqual({
    unknownFile: 0,
    deletedFile: 0,
    otherVersion: 0,
    bytesNotKept: 0,
    partial: 0,
    zero: 0,
    files: [],
  });
  expect(limits).toEqual([]);
  expect(dumperPages.map(({ place, path }) => [place, path])).toEqual([
    [{ space: "p1", address: "0x401000" }, PROGRAM_FILE.path],
  ]);
});

test("a patched instruction, a hooked pointer, code in a shared segment and a deleted library are all found", async () => {
  const extra = 7;
  const twin = planted((clean) => {
    record(clean, LIBRARY + 0x1000).set([0xe9, 0xde, 0xad, 0xbe, 0xef], 0x80);
    setWord(record(clean, LIBRARY + 0x2000), 0xfb8, SEGMENT + 0x1040);
    permit(clean, SEGMENT, READ_EXECUTE);
    clean.files.set(extra, "/tmp/.x.so");
    clean.deleted.add(extra);
    clean.areas.push({
      start: 0x7f42_0000_0000,
      pages: 1,
      offset: 0x1000,
      shmid: extra,
      status: 0x41,
      flags: 2,
      prot: READ_EXECUTE,
    });
  });
  const tampering = await judge(twin);
  expect(linesOf(tampering)).toEqual([
    `alarm changed-code ${hex(LIBRARY + 0x1080)}`,
    `alarm hooked-pointer ${hex(LIBRARY + 0x2fb8)}`,
    "alarm deleted-file 0x7f4200000000",
    `alarm anonymous-executable ${hex(SEGMENT)}`,
  ]);
  const [code, pointer, file, memory] = tampering.findings;
  expect(code).toMatchObject({
    place: { space: "p1", address: hex(LIBRARY + 0x1080) },
    mapping: { path: LIBRARY_FILE.path, permissions: "r-x", start: hex(LIBRARY + 0x1000), end: hex(LIBRARY + 0x2000) },
    evidence: {
      path: LIBRARY_FILE.path,
      offset: 0x1000,
      set: "root",
      bytes: {
        state: "compared",
        rangeCount: 1,
        byteCount: 5,
        ranges: [{ from: 0x80, to: 0x85, found: "e9deadbeef" }],
      },
    },
  });
  expect(pointer).toMatchObject({
    evidence: {
      offset: 0x2fb8,
      relocation: "symbol",
      symbol: "elsewhere",
      expectedIn: { path: PROGRAM_FILE.path, permissions: "rw-", symbol: "elsewhere" },
      found: hex(SEGMENT + 0x1040),
      foundIn: { path: "/dev/zero", permissions: "r-x", shared: true, offset: null },
    },
  });
  expect(file).toMatchObject({ evidence: { path: "/tmp/.x.so", isExecutable: false, mappings: 1 } });
  // The place is in the segment, where its second page is mapped.
  expect(memory).toMatchObject({
    place: { space: "s40", address: "0x1000" },
    evidence: { pages: 4, recorded: 1, segment: "s40" },
  });
  for (const { text } of tampering.findings) expect(text).toMatch(/^[A-Z].*rocess 1 \(program\).*\. [A-Z].*\.$/);
});

describe("each kind by itself", () => {
  const word = (address: number, at: number, value: number) => (twin: Twin) =>
    setWord(record(twin, address), at, value);
  const memory =
    (prot: number, recorded = true) =>
    (twin: Twin) => {
      permit(twin, ANONYMOUS, prot);
      if (!recorded) twin.recorded.delete(ANONYMOUS);
    };
  const foreignCode = (twin: Twin) => permit(twin, ANONYMOUS, READ_EXECUTE);
  const copied = `note hooked-pointer ${hex(LIBRARY + 0x2fd8)}`;
  const foreign = `alarm anonymous-executable ${hex(ANONYMOUS)}`;

  test.each<readonly [claim: string, plant: (twin: Twin) => void, found: readonly string[]]>([
    [
      "code that is all zeros",
      (twin) => twin.recorded.set(LIBRARY + 0x1000, new Uint8Array(4096)),
      [`alarm changed-code ${hex(LIBRARY + 0x1000)}`],
    ],
    [
      "the dumper's own page, patched",
      (twin) => record(twin, 0x40_1000).set([0xcc], 7),
      ["alarm changed-code 0x401007"],
    ],
    [
      "code that was written and put back",
      (twin) => void record(twin, LIBRARY + 0x1000),
      [`note restored-code ${hex(LIBRARY + 0x1000)}`],
    ],
    [
      "read-only data",
      (twin) => record(twin, LIBRARY).set([1], 0x300),
      [`alarm changed-read-only ${hex(LIBRARY + 0x300)}`],
    ],
    // .tdata: RELRO without a relocation.
    [
      "RELRO",
      (twin) => record(twin, LIBRARY + 0x2000).set([9], 0xe28),
      [`alarm changed-relro ${hex(LIBRARY + 0x2e28)}`],
    ],
    [
      "a pointer in RELRO to the heap",
      word(LIBRARY + 0x2000, 0xe30, ANONYMOUS),
      [`alarm hooked-pointer ${hex(LIBRARY + 0x2e30)}`],
    ],
    [
      "a pointer in RELRO to code of the same file",
      word(LIBRARY + 0x2000, 0xe30, LIBRARY + 0x1058),
      [`alarm hooked-pointer ${hex(LIBRARY + 0x2e30)}`],
    ],
    [
      "a slot of the procedure linkage table",
      word(LIBRARY + 0x3000, 0, ANONYMOUS),
      [`alarm hooked-pointer ${hex(LIBRARY + 0x3000)}`],
    ],
    // GOT[2], by which what is not bound yet is resolved.
    [
      "the loader's own word",
      word(LIBRARY + 0x2000, 0xff8, ANONYMOUS),
      [`alarm hooked-pointer ${hex(LIBRARY + 0x2ff8)}`],
    ],
    ["a pointer in data that the program replaced", word(LIBRARY + 0x3000, 0xa0, ANONYMOUS), []],
    [
      "a pointer in data to foreign code",
      (twin) => {
        foreignCode(twin);
        word(LIBRARY + 0x3000, 0xa0, ANONYMOUS + 8)(twin);
      },
      [`alarm hooked-pointer ${hex(LIBRARY + 0x30a0)}`, foreign],
    ],
    ["variables", (twin) => record(twin, LIBRARY + 0x3000).set([1, 2, 3], 0x20), []],
    ["private memory from which code runs", memory(READ_EXECUTE), [foreign]],
    ["memory that is writable and executable", memory(ALL), [foreign]],
    ["such memory that nobody has touched", memory(READ_EXECUTE, false), [foreign.replace("alarm", "note")]],
    [
      "code of a file that is writable",
      (twin) => permit(twin, LIBRARY + 0x1000, ALL),
      [`alarm write-execute ${hex(LIBRARY + 0x1000)}`],
    ],
    // The library reads its variable through the program's copy, whose file nobody knows any more.
    [
      "a program that was deleted",
      (twin) => twin.deleted.add(PROGRAM_FILE.id),
      ["alarm deleted-file 0x401000", copied],
    ],
    [
      "a program that was deleted and is called otherwise",
      (twin) => {
        twin.deleted.add(PROGRAM_FILE.id);
        twin.comm = "kworker/0:1";
      },
      ["alarm deleted-file 0x401000", "alarm renamed-process 0x400000", copied],
    ],
    [
      "a file that the image does not have",
      (twin) => twin.files.set(LIBRARY_FILE.id, "/tmp/x.so"),
      [`alarm not-in-image ${hex(LIBRARY + 0x1000)}`],
    ],
    [
      "another name",
      (twin) => {
        twin.comm = "sshd";
      },
      ["note renamed-process 0x400000"],
    ],
    [
      "the name of a link",
      (twin) => {
        twin.comm = "called";
      },
      [],
    ],
    [
      "a name without its version",
      (twin) => {
        twin.comm = "python3";
        twin.files.set(PROGRAM_FILE.id, "/bin/python3.11");
      },
      [],
    ],
  ])("%s", async (_claim, plant, found) => {
    const tampering = await judge(planted(plant));
    expect(linesOf(tampering)).toEqual(found);
    expect(tampering.counts.alarms).toBe(found.filter((line) => line.startsWith("alarm")).length);
    expect(FINDING_KINDS.reduce((sum, kind) => sum + tampering.counts.byKind[kind], 0)).toBe(found.length);
  });
});

describe("what a hooked pointer leads to, and what belongs there, is said as far as the files say it", () => {
  const lib = LIBRARY_FILE.path;
  const plain = (twin: Twin) => twin;
  const withoutProgram = (twin: Twin) => twin.deleted.add(PROGRAM_FILE.id);
  const foreign = (twin: Twin) => permit(twin, ANONYMOUS, READ_EXECUTE);
  const look = "Whoever calls or reads through it gets what lies there. Look at the bytes it leads to.";
  const resolved = (resolver: string) =>
    `not to what ${resolver} in ${lib} chose: code of that file or of the vdso, and which one the file does not say`;
  const anonymous = `[anon] (rw-) at ${hex(ANONYMOUS)}`;
  const inBss = LIBRARY + 0x4010;

  test.each([
    [
      "a definition",
      plain,
      0x2fb8,
      ANONYMOUS,
      "The pointer to elsewhere",
      anonymous,
      "not to elsewhere in /bin/program (rw-) at",
      look,
    ],
    [
      "a variable in .bss",
      plain,
      0x2fb8,
      inBss,
      "The pointer to elsewhere",
      `the .bss of ${lib} (rw-) at ${hex(inBss)}`,
      "not to elsewhere in",
      look,
    ],
    [
      "an address of the file itself",
      plain,
      0x2e30,
      ANONYMOUS,
      "A pointer that the loader writes",
      anonymous,
      `not to ${lib} (r-x) at ${hex(LIBRARY + 0x1050)}`,
      look,
    ],
    [
      "an IFUNC",
      plain,
      0x3010,
      ANONYMOUS,
      "The pointer to selected",
      anonymous,
      resolved("the resolver of selected"),
      look,
    ],
    [
      "an IFUNC of the file, without a name",
      foreign,
      0x3018,
      ANONYMOUS,
      "A pointer that the loader writes",
      `[anon] (r-x) at ${hex(ANONYMOUS)}`,
      resolved("a resolver"),
      look,
    ],
    [
      "a function that no known file defines",
      plain,
      0x3008,
      ANONYMOUS,
      "The pointer to __tls_get_addr",
      anonymous,
      "and no known file of the process defines __tls_get_addr, so what belongs there cannot be told",
      look,
    ],
    [
      "the loader's record",
      plain,
      0x2ff0,
      LIBRARY,
      "A pointer that the loader writes",
      `${lib} (r--) at ${hex(LIBRARY)}`,
      "not to the loader's record of the file",
      look,
    ],
    [
      "the loader's code",
      plain,
      0x2ff8,
      ANONYMOUS,
      "A pointer that the loader writes",
      anonymous,
      "not to code of the loader",
      look,
    ],
    [
      "a weak symbol that nobody defines",
      foreign,
      0x3070,
      ANONYMOUS,
      "The pointer to missing",
      `[anon] (r-x) at ${hex(ANONYMOUS)}`,
      "not to 0x0",
      look,
    ],
    [
      "a slot that leads nowhere",
      plain,
      0x3000,
      0x1234_5000,
      "The pointer to call_elsewhere",
      "nothing that is mapped at 0x12345000",
      "not to call_elsewhere in /bin/program",
      "Whoever calls or reads through it crashes. Compare it with earlier snapshots.",
    ],
    [
      "a variable that a deleted program has copied",
      withoutProgram,
      0x2fd8,
      0x40_3020,
      "The pointer to counter",
      "/bin/program (rw-, deleted) at 0x403020",
      `not to counter in ${lib} (rw-)`,
      "/bin/program had been deleted, so what it defined cannot be looked up; it may have done so by right.",
    ],
  ])("%s", async (_claim, change, at, value, what, found, expected, next) => {
    const twin = planted((clean) => {
      change(clean);
      const address = LIBRARY + at;
      setWord(record(clean, address - (address % 4096)), address % 4096, value);
    });
    const { findings } = await judge(twin);
    const hooked = findings.find(({ address }) => address === hex(LIBRARY + at));
    const start = `${what} at ${hex(LIBRARY + at)} of process 1 (program), in ${lib}, leads to ${found}, ${expected}`;
    expect(hooked?.text.slice(0, start.length)).toBe(start);
    expect(hooked?.text.slice(-next.length - 2)).toBe(`. ${next}`);
    const isValue = expected.startsWith("not to ") && !/chose|record|loader$/.test(expected);
    expect(hooked).toMatchObject({
      evidence: {
        expected: isValue ? expect.stringMatching(/^0x/) : null,
        expectedIn: isValue && expected !== "not to 0x0" ? expect.anything() : null,
      },
    });
  });
});

describe("a set of the library alone finds what leads nowhere near a file that nobody knows, and no more", () => {
  let alone: Store;
  beforeAll(async () => {
    alone = openStore(path.join(folder, "alone"));
    const file = writeLibrary(folder);
    await addKnownSet(alone, file, "library", { ...options, filePath: LIBRARY_FILE.path });
  });
  afterAll(() => alone.close());

  const PROGRAM_BSS = 0x40_4000;
  const VDSO = 0x7fff_f000_0000;
  const memory = { pages: 1, status: 0x201, prot: READ_WRITE } as const;
  const [elsewhere, counter, slot] = [LIBRARY + 0x2fb8, LIBRARY + 0x2fd8, LIBRARY + 0x3000];
  // The program has a copy of the library's variable.
  const copied = `note hooked-pointer ${hex(counter)}`;
  const hooked = (address: number) => `alarm hooked-pointer ${hex(address)}`;

  test.each([
    ["nothing", 0, 0, [copied], []],
    ["a variable in the .bss of the program", elsewhere, PROGRAM_BSS + 8, [copied], [hooked(elsewhere)]],
    ["a variable of the library in the .bss of the program", counter, PROGRAM_BSS + 8, [copied], [hooked(counter)]],
    ["a function of the vdso", elsewhere, VDSO + 0x80, [copied], [hooked(elsewhere)]],
    ["a variable of the library in the vdso", counter, VDSO + 0x80, [hooked(counter)], [hooked(counter)]],
    ["other memory", elsewhere, ANONYMOUS, [hooked(elsewhere), copied], [hooked(elsewhere)]],
    ["memory behind the .bss", elsewhere, PROGRAM_BSS + 0x1000, [hooked(elsewhere), copied], [hooked(elsewhere)]],
    ["a called function in the .bss of the program", slot, PROGRAM_BSS + 8, [copied, hooked(slot)], [hooked(slot)]],
  ] as const)("%s", async (_what, address, value, byLibrary, byRoot) => {
    const twin = planted((clean) => {
      clean.areas.push(
        { ...memory, start: PROGRAM_BSS },
        { ...memory, start: PROGRAM_BSS + 0x1000, prot: READ },
        { ...memory, start: VDSO, status: 0x9, prot: READ_EXECUTE },
      );
      if (address !== 0) setWord(record(clean, address - (address % 4096)), address % 4096, value);
    });
    const found = await judge(twin, alone, "");
    expect(new Set(linesOf(found))).toEqual(new Set(byLibrary));
    expect(found.counts.alarms).toBe(byLibrary.filter((line) => line.startsWith("alarm")).length);
    expect(linesOf(await judge(twin))).toEqual(byRoot);
  });
});

describe("of a set that is a single file the findings say that its path was given by hand", () => {
  const byHand = "The path of c, a single file, was given by hand: it may not be the file that is mapped here.";
  const withFile = async (name: string, file: string, withBytes: boolean) => {
    const store = openStore(path.join(folder, name));
    onTestFinished(() => store.close());
    await addKnownSet(store, file, "c", { ...options, filePath: LIBRARY_FILE.path, withBytes });
    return store;
  };

  test("where it is another file", async () => {
    const store = await withFile("another", samplePath("elf", "x86-64-static"), false);
    const { findings } = await judge(
      planted((twin) => record(twin, LIBRARY + 0x1000)),
      store,
      "",
    );
    expect(findings.map(({ severity, kind }) => `${severity} ${kind}`)).toEqual([
      "alarm changed-code",
      "alarm changed-read-only",
    ]);
    for (const { text } of findings) {
      expect(text).toContain(`is not what ${LIBRARY_FILE.path} of c has`);
      expect(text).toContain(
        `c keeps no bytes of it: make c again with known add --with-bytes --path ${LIBRARY_FILE.path} to see`,
      );
      expect(text.slice(-byHand.length - 1)).toBe(` ${byHand}`);
    }
  });

  test("where it is of another version, and where a pointer in it is hooked", async () => {
    const store = await withFile("by-hand", writeLibrary(folder), true);
    const other = planted((twin) => {
      record(twin, LIBRARY)[0x248] ^= 1;
    });
    const hooked = planted((twin) => setWord(record(twin, LIBRARY + 0x2000), 0xfb8, ANONYMOUS));
    for (const [twin, kind] of [
      [other, "other-version"],
      [hooked, "hooked-pointer"],
    ] as const) {
      const { findings } = await judge(twin, store, "");
      expect(findings.find((finding) => finding.kind === kind)?.text).toContain(byHand);
    }
  });

  test("and of an image they do not", async () => {
    const { findings } = await judge(planted((twin) => record(twin, LIBRARY).set([1], 0x300)));
    expect(findings[0].text).toContain(`is not what ${LIBRARY_FILE.path} of root has`);
    expect(findings[0].text).not.toContain("by hand");
  });
});

test("without the file's bytes a changed page is named, and what is missing; wiped code is found too", async () => {
  const { store, image } = await storeWith("hashes", false);
  onTestFinished(() => store.close());
  const patched = planted((twin) => record(twin, LIBRARY + 0x1000).set([0xcc], 0x80));
  const wiped = planted((twin) => void twin.recorded.set(LIBRARY + 0x1000, new Uint8Array(4096)));
  for (const twin of [patched, wiped]) {
    const tampering = await judge(twin, store, image);
    expect(linesOf(tampering)).toEqual([`alarm changed-code ${hex(LIBRARY + 0x1000)}`]);
    expect(tampering.findings[0]).toMatchObject({
      evidence: { bytes: { state: "not-kept", missing: expect.stringContaining("known add --with-bytes") } },
    });
  }
});

test("a file of another version than the set's is told once, by its build-id, and not compared", async () => {
  const twin = planted((clean) => {
    // The library's own begins there.
    record(clean, LIBRARY)[0x248] ^= 1;
    record(clean, LIBRARY + 0x1000)[0x80] ^= 1;
  });
  const { findings, notCompared } = await judge(twin);
  expect(findings.map(lineOf)).toEqual([`alarm other-version ${hex(LIBRARY)}`]);
  // Both, and its data and slots.
  expect(notCompared.otherVersion).toBe(4);
  const named = await judge(twin, full.store, "");
  expect(named.findings.map(lineOf)).toEqual([`note other-version ${hex(LIBRARY)}`]);
});

test("a core is judged by its mappings where no known set has its files", async () => {
  const { snapshot } = await ingest(full.store, samplePath("cores", "known64-gcore.core.zst"), "core");
  const { findings, limits } = await tamperOf(full.store, createKnownSets(full.store), snapshot, options);
  expect(findings.map(({ kind, mapping }) => [kind, mapping?.permissions])).toEqual([["anonymous-executable", "rwx"]]);
  expect(limits[0]).toMatch(/does not say which image/);
});

test("what cannot be told is said: no image named, image not here, files that no set has", async () => {
  const unnamed = await judge(cleanTwin(), full.store, "");
  expect(unnamed.findings).toEqual([]);
  expect(unnamed.limits).toEqual([expect.stringMatching(/does not say which image/)]);
  const unknown = await judge(cleanTwin(), temporaryStore(), "0".repeat(64));
  expect(unknown.findings).toEqual([]);
  expect(unknown.compared.pages).toBe(0);
  expect(unknown.notCompared).toMatchObject({ unknownFile: 5, files: [PROGRAM_FILE.path, LIBRARY_FILE.path] });
  expect(unknown.limits).toEqual([
    expect.stringMatching(/^The container's image sha256:0+ is not here/),
    expect.stringMatching(/^2 files with recorded pages are in no known set/),
  ]);
});

test("any byte that is changed in a page of code is found at its place", async () => {
  const place = fc.record({
    page: fc.constantFrom(0x40_1000, LIBRARY + 0x1000),
    at: fc.integer({ min: 0, max: 4095 }),
    bits: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(place, async ({ page, at, bits }) => {
      const twin = cleanTwin();
      record(twin, page)[at] ^= bits;
      const tampering = await judge(twin);
      expect(linesOf(tampering)).toEqual([`alarm changed-code ${hex(page + at)}`]);
      expect(tampering.findings[0]).toMatchObject({
        evidence: { bytes: { rangeCount: 1, byteCount: 1, ranges: [{ from: at, to: at + 1 }] } },
      });
    }),
    { numRuns: 25 },
  );
});

test.each(["tiny-t0.tar", "tiny-t1.tar", "tiny-old-t0.tar"])("nothing is found in %s", async (name) => {
  const store = temporaryStore();
  await addKnownSet(store, samplePath("images", "tiny-oci.tar"), "tiny", options);
  const { snapshot } = await ingest(store, samplePath("podman", name), "tiny");
  const { findings, compared, notCompared, dumperPages, limits } = await tamperOf(
    store,
    createKnownSets(store),
    snapshot,
    options,
  );
  expect(findings).toEqual([]);
  expect(limits).toEqual([]);
  // Both processes: the page that the dumper touched, and three that the program wrote; one more is zero.
  expect(compared).toEqual({ files: 1, pages: 8, same: 2, relocated: 0, written: 6, changed: 0 });
  expect(notCompared).toMatchObject({ zero: 2, unknownFile: 0 });
  expect(dumperPages.map(({ pid, place }) => [pid, place.address])).toEqual(
    store.manifest(snapshot).facts.processes.map(({ pid }) => [pid, "0x401000"]),
  );
});
