import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";

const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");

interface Refusal {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function dumpscope(data: string, args: readonly string[], more: Record<string, string> = {}): Promise<Refusal> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      env: { ...process.env, DUMPSCOPE_DATA: data, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (piece: Buffer) => {
      out += piece.toString();
    });
    child.stderr.on("data", (piece: Buffer) => {
      err += piece.toString();
    });
    child.on("close", (status) => resolve({ status, out, err }));
  });
}

describe("wrong words are told in one line without line breaks spelled out, status 2", () => {
  test.each([
    [["read", "c/t0", "--pid", "1", "--address", "-1", "--length", "1"], /argument is ambiguous\. Usage:/],
    [["ingest", "f", "--container", "  "], /--container is missing/],
    [["ingest", "f", "--container", "c".repeat(129)], /--container takes at most 128 characters, not 129/],
    [["known", "add", "f", "--name", "n".repeat(129)], /--name takes at most 128 characters/],
    [["known", "add", "f", "--name", "n", "--path", "lib/x"], /--path: A file's path begins with \//],
    [
      ["known", "add", "f", "--name", "n", "--path", "/lib/../x"],
      /--path: A file's path .* no part that is “\.” or “\.\.”/,
    ],
    [["known", "list", "--path", "/x"], /known list takes no --path/],
    [["known", "list", "extra"], /known list takes no argument, not extra/],
    [["known", "list", "--name", "x"], /known list takes no --name/],
    [["gc", "extra"], /Usage: dumpscope gc\. /],
    [["help", "nothing"], /There is no command nothing/],
    [["serve", "--host", "host.invalid", "--port", "0"], /host\.invalid is no address of this machine/],
  ])("%j", async (args, message) => {
    const { status, out, err } = await dumpscope(path.join(temporaryFolder(), "store"), args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toContain("\\u{a}");
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });

  test("DUMPSCOPE_PORT that is no port", async () => {
    const answer = await dumpscope(path.join(temporaryFolder(), "store"), ["serve"], { DUMPSCOPE_PORT: "http" });
    expect(answer).toMatchObject({ status: 2, err: expect.stringMatching(/DUMPSCOPE_PORT takes .* not http/) });
  });
});

test("--json may stand before the command's name, for results and for errors", async () => {
  const data = path.join(temporaryFolder(), "store");
  expect(await dumpscope(data, ["--json", "snapshots"])).toEqual({ status: 0, out: '{"snapshots":[]}\n', err: "" });
  const { status, out, err } = await dumpscope(data, ["--json", "ingest", "--container", "c"]);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(JSON.parse(err)).toMatchObject({
    error: { code: "usage", message: expect.stringMatching(/FILE is missing/) },
  });
  const none = await dumpscope(data, ["--json"]);
  expect(none).toMatchObject({ status: 2, out: "" });
  expect(JSON.parse(none.err)).toMatchObject({ error: { code: "usage", message: "The command's name is missing" } });
});

test("every command tells its own usage, options and --json, however it is asked", async () => {
  const data = path.join(temporaryFolder(), "store");
  const all = await dumpscope(data, ["--help"]);
  const names = [...all.out.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
  expect(names).toEqual(
    [
      "serve",
      "ingest",
      "snapshots",
      "inspect",
      "compare",
      "find",
      "strings",
      "figures",
      "read",
      "known",
      "note",
      "symbol",
      "strip",
      "tamper",
      "picture",
      "export",
      "verify",
    ].concat(["delete", "gc"]),
  );
  for (const name of names) {
    const asked = await dumpscope(data, [name, "--help"]);
    expect(asked).toMatchObject({ status: 0, err: "" });
    expect(asked.out).toMatch(new RegExp(`^dumpscope ${name}( \\S.*)?\n\\S.*\n\n( {2}--.*\n)*  --json `));
  }
  const { out } = await dumpscope(data, ["gc", "--help"]);
  for (const args of [
    ["gc", "-h"],
    ["help", "gc"],
    ["--help", "gc"],
  ])
    expect((await dumpscope(data, args)).out, args.join(" ")).toBe(out);
  // Nothing was asked for: how to ask is no result.
  expect(await dumpscope(data, [])).toEqual({ status: 2, out: "", err: all.out });
});

describe("what fails is not called a mistake of Dumpscope", () => {
  test("a picture and an export to where a folder is; nothing stays beside it", async () => {
    const store = temporaryStore();
    await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
    const out = path.join(temporaryFolder(), "folder");
    mkdirSync(out);
    for (const command of ["picture", "export"]) {
      const { status, err } = await dumpscope(store.directory, [command, "tiny/t0", "--out", out, "--json"]);
      expect(status).toBe(1);
      expect(JSON.parse(err)).toMatchObject({
        error: { code: "file-unreadable", message: `${out} cannot be written: illegal operation on a directory` },
      });
      const nowhere = await dumpscope(store.directory, [command, "tiny/t0", "--out", `${out}/no/file`]);
      expect(nowhere.err).toContain(`${out}/no/file cannot be written: no such file or directory. Check the path`);
    }
    expect(existsSync(`${out}.unfinished`)).toBe(false);
  });

  test("a place where no folder can be made, below /proc too, where there is no reason", async () => {
    const file = path.join(temporaryFolder(), "file");
    writeFileSync(file, "");
    for (const data of ["/proc/nowhere", "/proc/self", file, path.join(file, "store")]) {
      const { status, err } = await dumpscope(data, ["snapshots", "--json"]);
      expect(status).toBe(1);
      expect(JSON.parse(err)).toMatchObject({
        error: { code: "io-failed", message: expect.stringContaining(`The store cannot be made in ${data}: `) },
      });
    }
  });

  test("a catalog that is no database", async () => {
    const data = temporaryFolder();
    writeFileSync(path.join(data, "catalog.sqlite"), "no database ".repeat(20));
    const { status, err } = await dumpscope(data, ["snapshots", "--json"]);
    expect(status).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ error: { code: "store-damaged", message: expect.stringContaining(data) } });
  });

  test("a dump is no known set: it is told what is one, not to be raw", async () => {
    const data = path.join(temporaryFolder(), "store");
    for (const file of [samplePath("podman", "tiny-t0.tar"), samplePath("cores", "known64-cut.core.zst")]) {
      const { status, err } = await dumpscope(data, ["known", "add", file, "--name", "x"]);
      expect(status).toBe(1);
      expect(err).toContain("is a dump");
      expect(err).toContain("podman save --format oci-archive");
      expect(err).not.toContain("raw");
    }
  });

  test("what a snapshot does not have is named: a process, a segment, physical memory", async () => {
    const store = temporaryStore();
    await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
    const read = (...space: string[]) =>
      dumpscope(store.directory, ["read", "tiny/t0", ...space, "--address", "0x400000", "--length", "1"]);
    expect((await read("--pid", "9")).err).toContain("tiny/t0 has no process 9. ");
    expect((await read("--shm", "9")).err).toContain("tiny/t0 has no shared segment 9. ");
    expect((await read("--physical")).err).toContain("tiny/t0 has no physical memory. ");
    expect((await read("--pid", "1")).err).toContain("0x400000 is absent from the dump: it was left to its file. ");
  });

  test("a device and an empty file are told apart, and named", async () => {
    const data = path.join(temporaryFolder(), "store");
    const device = await dumpscope(data, ["ingest", "/dev/zero", "--container", "c"]);
    expect(device).toMatchObject({ status: 1, err: expect.stringContaining("/dev/zero is not a regular file") });
    const empty = path.join(temporaryFolder(), "empty.tar");
    writeFileSync(empty, "");
    const told = await dumpscope(data, ["ingest", empty, "--container", "c"]);
    expect(told).toMatchObject({ status: 1, err: expect.stringContaining("empty.tar is empty") });
  });
});

test("inspect lists a process's mappings by address, its shared ones among them, and says a loss once", async () => {
  const store = temporaryStore();
  await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  await ingest(store, samplePath("cores", "known64-cut.core.zst"), "core", { keepCut: true });
  const tiny = JSON.parse((await dumpscope(store.directory, ["inspect", "tiny/t0", "--json"])).out) as {
    mappings: { pid: number; start: string }[];
  };
  const starts = tiny.mappings.filter(({ pid }) => pid === 1).map(({ start }) => BigInt(start));
  expect(starts).toEqual(starts.toSorted((x, y) => (x < y ? -1 : 1)));
  const core = JSON.parse((await dumpscope(store.directory, ["inspect", "core/t0", "--json"])).out) as {
    facts: { notes: string[] };
  };
  expect(core.facts.notes).toEqual([...new Set(core.facts.notes)]);
  expect(core.facts.notes.length).toBeGreaterThan(0);
});
