import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import pino from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { startServer } from "../../server/http/index.ts";
import { openStore } from "../../server/store/index.ts";
import { KnownSetDetailSchema } from "../../shared/api/index.ts";
import { samplePath, temporaryFolder } from "../ingest/temporary-store.ts";
import { textsOf } from "./png-texts.ts";

const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");
const run = promisify(execFile);

interface Answer {
  readonly status: number;
  readonly out: Buffer;
  readonly err: string;
  json<T = Record<string, unknown>>(): T;
}

function commandLine(data: string): (...args: string[]) => Promise<Answer> {
  return async (...args) => {
    const options = { env: { ...process.env, DUMPSCOPE_DATA: data }, encoding: "buffer" as const, maxBuffer: 64 << 20 };
    const { status, out, err } = await run(process.execPath, [LAUNCHER, ...args], options).then(
      ({ stdout, stderr }) => ({ status: 0, out: stdout, err: stderr }),
      (error: { code: number; stdout: Buffer; stderr: Buffer }) => ({
        status: error.code,
        out: error.stdout,
        err: error.stderr,
      }),
    );
    return { status, out, err: err.toString(), json: <T>() => JSON.parse(out.toString()) as T };
  };
}

test("a dump's whole life by the command line", async () => {
  const data = path.join(temporaryFolder(), "store");
  const dumpscope = commandLine(data);
  const first = await dumpscope("ingest", samplePath("podman", "tiny-t0.tar"), "--container", "tiny", "--json");
  expect(first.status).toBe(0);
  expect(first.json()).toMatchObject({
    container: "tiny",
    format: "criu-checkpoint",
    processes: 2,
    mappings: 24,
    pages: { present: 40, zero: 7, inParent: 0, absent: { file: 12, untouched: 115, excluded: 14, missing: 0 } },
    distinctPages: 20,
    provenance: { zero: 7, unchanged: 0, known: 0, moved: 0, shared: 0, new: 40 },
    bytesRead: 264_704,
    pagesProcessed: 20,
    sha256: "c713bcc5e5805479bfe6397741a05cf58ac91f204b3dc459bdeb2d84531eda7b",
  });
  const { snapshot } = first.json<{ snapshot: string }>();
  expect(
    (await dumpscope("ingest", samplePath("podman", "tiny-t1.tar"), "--container", "tiny", "--json")).json(),
  ).toMatchObject({ name: "t1", parent: snapshot });

  const list = (await dumpscope("snapshots", "--container", "tiny", "--json")).json<{
    snapshots: Record<string, unknown>[];
  }>();
  expect(list.snapshots).toHaveLength(2);
  expect(Object.keys(list.snapshots[0])).toEqual(
    expect.arrayContaining([
      "snapshot",
      "name",
      "container",
      "createdAt",
      "checkpointedAt",
      "containerCreatedAt",
      "format",
      "pages",
      "provenance",
      "parent",
      "pagesParent",
      "sha256",
    ]),
  );

  const inspected = (await dumpscope("inspect", "tiny/t0", "--json")).json<{
    processes: object[];
    mappings: { space: string; pages: object }[];
  }>();
  expect(inspected.processes).toEqual([
    expect.objectContaining({ pid: 1, ppid: 0, comm: "tiny", executable: "/tiny" }),
    expect.objectContaining({ pid: 2, ppid: 1, comm: "tiny", executable: "/tiny" }),
  ]);
  expect(inspected.mappings).toHaveLength(24);
  expect(inspected.mappings.filter(({ space }) => space === "s59")).toEqual([
    expect.objectContaining({
      pid: 1,
      start: "0x7f9497efd000",
      end: "0x7f9497f05000",
      permissions: "rw-",
      pages: { present: 2, zero: 1, inParent: 0, absent: { file: 0, untouched: 5, excluded: 0, missing: 0 } },
    }),
    expect.objectContaining({ pid: 2 }),
  ]);

  expect((await dumpscope("compare", "tiny/t0", "tiny/t1", "--json")).json()).toMatchObject({
    unchanged: 32,
    changed: 5,
    moved: 2,
    added: 2,
    removed: 2,
    zero: 7,
    unresolved: 0,
    compared: 50,
  });

  const segment = await dumpscope("read", "tiny/t0", "--shm", "59", "--address", "0x0", "--length", "4096");
  // The same bytes where a process maps the segment, and in its words where there are none.
  const { mappings } = (await dumpscope("inspect", "tiny/t0", "--json")).json<{
    mappings: { space: string; pid: number; start: string; end: string }[];
  }>();
  for (const { pid, start, end } of mappings.filter((mapping) => mapping.space === "s59")) {
    const mapped = await dumpscope("read", "tiny/t0", "--pid", `${pid}`, "--address", start, "--length", "4096");
    expect(mapped.out.equals(segment.out)).toBe(true);
    const beyond = await dumpscope("read", "tiny/t0", "--pid", `${pid}`, "--address", end, "--length", "1");
    expect(beyond.err).toContain(end);
  }
  expect([segment.status, segment.out.length]).toEqual([0, 4096]);
  const absent = await dumpscope(
    "read",
    "tiny/t0",
    "--pid",
    "1",
    "--address",
    "0x10000000",
    "--length",
    "65536",
    "--json",
  );
  expect([absent.status, absent.out.length]).toEqual([1, 0]);
  expect(JSON.parse(absent.err)).toMatchObject({
    error: {
      code: "page-absent",
      message: expect.stringMatching(/^0x1000[0-9a-f]{4} is absent/),
      advice: expect.any(String),
    },
  });

  expect(
    (await dumpscope("known", "add", samplePath("images", "tiny-oci.tar"), "--name", "tiny:1", "--json")).json(),
  ).toMatchObject({ name: "tiny:1", pages: 5, files: 1 });
  expect((await dumpscope("known", "list", "--json")).json()).toMatchObject({ known: [{ name: "tiny:1", pages: 5 }] });
  // A known set that came later explains an old snapshot: its two places with the executable's page.
  expect(
    (await dumpscope("snapshots", "--json")).json<{ snapshots: { provenance: { known: number } }[] }>().snapshots[0]
      .provenance.known,
  ).toBe(2);
  const image = "sha256:2445f41a7ad1803b82986287e7aec8da1e9d83c861c2805256b22d6c9f698c43";
  const shown = (await dumpscope("known", "show", "tiny:1", "--json")).json();
  expect(KnownSetDetailSchema.parse(shown)).toMatchObject({
    digest: image,
    withBytes: false,
    imageOf: ["tiny"],
    layers: [{ digest: "sha256:d5c263a8ab0599bdffc38ca16ade264878b60c374138823ce70466c78b13d38b", files: 1, pages: 5 }],
    packages: [],
    notes: [],
  });
  expect((await dumpscope("known", "show", "tiny:1")).out.toString()).toMatch(
    /image of {2}tiny\n\nlayer +files +pages\n/,
  );
  const imageSaid = async () => (await dumpscope("inspect", "tiny/t0", "--json")).json().image;
  expect(await imageSaid()).toEqual({ id: image.slice(7), knownSet: "tiny:1" });
  const clean = await dumpscope("tamper", "tiny/t0");
  expect(clean.status).toBe(0);
  expect(clean.out.toString()).toBe(
    [
      "tiny/t0: nothing found",
      "",
      "compared      8 pages of 1 file: 2 same, 0 relocated, 6 written where programs write, 0 with findings",
      "the dumper's  2 pages of code that it touched and put back",
      "not compared  2 of zeros where a program writes",
      "",
    ].join("\n"),
  );
  expect((await dumpscope("tamper", "tiny/t0", "--json")).json()).toMatchObject({ findings: [], limits: [] });
  expect((await dumpscope("known", "remove", "tiny:1")).status).toBe(0);
  expect(await imageSaid()).toEqual({ id: image.slice(7), knownSet: null });
  expect((await dumpscope("inspect", "tiny/t0")).out.toString()).toContain("its image is not here: add it");

  const baseline = await dumpscope("known", "add", "tiny/t0", "--name", "clean", "--with-bytes", "--json");
  expect(baseline.json()).toMatchObject({ source: "snapshot tiny/t0", pages: 20, withBytes: true });
  expect((await dumpscope("known", "remove", "clean")).status).toBe(0);

  const out = path.join(temporaryFolder(), "out");
  expect(
    (
      await dumpscope(
        "picture",
        "tiny/t0",
        "--out",
        `${out}.png`,
        "--channel",
        "provenance",
        "--layout",
        "raster",
        "--width",
        "256",
      )
    ).status,
  ).toBe(0);
  const entropy = ["picture", "tiny/t0", "--channel", "entropy", "--json"];
  expect((await dumpscope(...entropy, "--palette", "magma", "--out", `${out}-magma.png`)).json()).toMatchObject({
    palette: "magma",
  });
  expect((await dumpscope(...entropy, "--out", `${out}-entropy.png`)).json()).toMatchObject({ palette: "viridis" });
  expect(readFileSync(`${out}-magma.png`).equals(readFileSync(`${out}-entropy.png`))).toBe(false);
  expect((await dumpscope(...entropy, "--palette", "classic", "--out", out)).status).toBe(2);
  // It says by itself what it is of, wherever it is taken.
  expect(JSON.parse(textsOf(readFileSync(`${out}.png`)).Description)).toMatchObject({
    sha256: createHash("sha256")
      .update(readFileSync(samplePath("podman", "tiny-t0.tar")))
      .digest("hex"),
    channel: "provenance",
    layout: "raster",
    strip: "all",
    filled: null,
  });
  expect((await dumpscope("export", "tiny/t0", "--out", out)).status).toBe(0);
  expect(createHash("sha256").update(readFileSync(out)).digest("hex")).toBe(
    "c713bcc5e5805479bfe6397741a05cf58ac91f204b3dc459bdeb2d84531eda7b",
  );

  expect((await dumpscope("verify", "--json")).json()).toMatchObject({ ok: true, problems: [] });
  expect((await dumpscope("delete", "tiny/t0", "--json")).json()).toMatchObject({ deleted: snapshot });
  const collected = (await dumpscope("gc", "--json")).json<Record<string, number>>();
  expect(collected.bytesFreed).toBeGreaterThanOrEqual(0);
  expect(collected).toMatchObject({ packsFinished: expect.any(Number), pagesFinished: expect.any(Number) });
  expect((await dumpscope("gc", "--json")).json()).toMatchObject({
    bytesFreed: 0,
    packsFinished: 0,
    bytesSaved: 0,
    snapshotsStripped: 0,
  });
  expect((await dumpscope("inspect", "tiny/t0")).status).toBe(1);
});

test("ingest leaves stripping for later, and says so; gc does it", async () => {
  const dumpscope = commandLine(path.join(temporaryFolder(), "store"));
  for (const name of ["redis", "nginx"])
    await dumpscope("ingest", samplePath("podman", `${name}-t0.tar.zst`), "--container", name);
  type Listed = { snapshots: { isStripped: boolean; provenance: { alike: number; new: number } }[] };
  const nginx = async () => (await dumpscope("snapshots", "--container", "nginx", "--json")).json<Listed>().snapshots;
  expect(await nginx()).toMatchObject([{ isStripped: false, provenance: { alike: 0, new: 719 } }]);
  expect((await dumpscope("snapshots")).out.toString()).toMatch(/at most 719 *$/m);
  expect((await dumpscope("gc", "--json")).json()).toMatchObject({ snapshotsStripped: 2 });
  expect(await nginx()).toMatchObject([{ isStripped: true, provenance: { alike: 324, new: 395 } }]);
  expect((await dumpscope("snapshots")).out.toString()).toMatch(/ 395 *$/m);
});

test("a machine's processors are told with their registers, as text and as JSON", async () => {
  const dumpscope = commandLine(path.join(temporaryFolder(), "store"));
  await dumpscope("ingest", samplePath("machine", "bios16.elf.zst"), "--container", "bios16");
  const lines = (await dumpscope("inspect", "bios16/t0")).out.toString().split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "processors         1",
      "VMCOREINFO         not in the dump",
      "processor 0, QEMU note of version 1",
      "rdx       0x0                r9        0x0                r15       0x0                cr3       0x0",
      "rsi       0xb79d             r10       0x0                rip       0xb7b9             cr4       0x0",
      "cs       0xf000    0xf0000  0xffff  0x9b0f",
      "processor 0, NT_PRSTATUS note with pr_pid 1",
    ]),
  );
  const { facts } = (await dumpscope("inspect", "bios16/t0", "--json")).json<{ facts: { machine: object } }>();
  expect(facts.machine).toMatchObject({
    processorCount: 1,
    processors: [{ qemu: { registers: { rip: "0xb7b9", cr0: "0x10" } }, status: { pid: 1 } }],
    vmcoreinfo: null,
  });
});

test("a raw image is read by --physical, from its base", async () => {
  const dumpscope = commandLine(path.join(temporaryFolder(), "store"));
  const file = path.join(temporaryFolder(), "raw");
  writeFileSync(file, Buffer.from("hello".padEnd(8192, "\u0001")));
  expect((await dumpscope("ingest", file, "--container", "raw", "--format", "raw", "--base", "0x100000")).status).toBe(
    0,
  );
  expect((await dumpscope("read", "raw/t0", "--physical", "--address", "100000", "--length", "5")).out.toString()).toBe(
    "hello",
  );
});

describe("wrong usage is status 2, a failed operation 1, each in one line", () => {
  const dumpscope = commandLine(path.join(temporaryFolderForAll(), "store"));
  test.each([
    [["nothing"], 2, /There is no command nothing/],
    [["ingest"], 2, /FILE is missing/],
    [["ingest", "file"], 2, /--container is missing/],
    [["ingest", "file", "--container", "c", "--format", "elf"], 2, /--format takes raw/],
    [["read", "x", "--address", "zz", "--length", "1"], 2, /hexadecimal/],
    [["read", "x", "--address", "0", "--length", "0"], 2, /whole number/],
    [["snapshots", "--colour"], 2, /--colour/],
    [["ingest", "a", "b", "--container", "c"], 2, /b is one argument too many/],
    [["known", "describe"], 2, /add, list, show or remove/],
    [["known", "show"], 2, /NAME is missing/],
    [["known", "show", "x"], 1, /There is no known set x/],
    [["known", "add", "/nowhere/file", "--name", "x"], 1, /There is no file, directory or snapshot/],
    [["known", "list", "--with-bytes"], 2, /takes no --with-bytes/],
    [["ingest", "/nowhere/file", "--container", "c"], 1, /cannot be read/],
    [["compare", "a", "b"], 1, /There is no snapshot a here/],
  ])("%j: %i", async (args, status, message) => {
    const answer = await dumpscope(...args);
    expect(answer.status).toBe(status);
    expect(answer.out.length).toBe(0);
    expect(answer.err).toMatch(message);
    expect(answer.err.trim().split("\n")).toHaveLength(1);
    const json = await dumpscope(...args, "--json");
    expect(JSON.parse(json.err)).toMatchObject({
      error: { code: expect.any(String), message: expect.stringMatching(message), advice: expect.any(String) },
    });
  });
});

function temporaryFolderForAll(): string {
  return path.join(import.meta.dirname, "../../node_modules/.cache", `cli-${process.pid}`);
}

test("commands run beside an idle server, and are refused while another operation writes", async () => {
  const data = path.join(temporaryFolder(), "store");
  const dumpscope = commandLine(data);
  const store = openStore(data);
  const server = await startServer(store, { host: "127.0.0.1", port: 0, log: pino({ level: "silent" }) });
  onTestFinished(async () => {
    await server.close();
    store.close();
  });
  expect((await dumpscope("ingest", samplePath("podman", "tiny-t0.tar"), "--container", "tiny")).status).toBe(0);
  const ingested = performance.now();
  let there = 0;
  while (there === 0 && performance.now() - ingested < 2000) {
    there = ((await (await fetch(`${server.url}/api/library`)).json()) as { totals: { snapshots: number } }).totals
      .snapshots;
  }
  expect(there).toBe(1);
  using _lock = await store.lock("ingest big.tar");
  const refused = await dumpscope("gc", "--json");
  expect(refused.status).toBe(1);
  expect(JSON.parse(refused.err)).toMatchObject({
    error: { code: "store-busy", message: expect.stringMatching(/ingest big\.tar .*since \d{4}-\d\d-\d\dT/) },
  });
  expect((await dumpscope("snapshots", "--json")).status).toBe(0);
});
