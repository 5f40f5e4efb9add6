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
    [["known", "list", "extra"], /known list takes no argument, not extra/],
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
        error: { code: "file-unreadable", message: expect.stringContaining(out) },
      });
    }
    expect(existsSync(`${out}.unfinished`)).toBe(false);
  });

  test("a catalog that is no database", async () => {
    const data = temporaryFolder();
    writeFileSync(path.join(data, "catalog.sqlite"), "no database ".repeat(20));
    const { status, err } = await dumpscope(data, ["snapshots", "--json"]);
    expect(status).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ error: { code: "store-damaged", message: expect.stringContaining(data) } });
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
