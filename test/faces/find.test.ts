import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expected, samplePath } from "../ingest/temporary-store.ts";

const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");
const run = promisify(execFile);
let folder: string;

async function dumpscope(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const env = { ...process.env, DUMPSCOPE_DATA: folder };
  return run(process.execPath, [LAUNCHER, ...args], { env }).then(
    ({ stdout, stderr }) => ({ status: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      status: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  );
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  for (const file of ["app-t0.tar.zst", "app-t1.tar.zst"])
    await dumpscope("ingest", samplePath("podman", file), "--container", "app");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("find lists hits with their mapping, and masks secrets until they are asked for", async () => {
  const masked = await dumpscope("find", "app/t1", "AKIAFAKEDUMPSCOPE001");
  expect(masked.status).toBe(0);
  expect(masked.out).toContain("0x7fe204008a82     20  [anon]   AWS_ACCESS_KEY_ID=AKIA····");
  expect(masked.out).not.toContain("DUMPSCOPE001");
  expect(masked.out).toContain("3 hits. 2 013 pages searched, 1 997 of them read.");
  const open = await dumpscope("find", "app/t1", "AKIAFAKEDUMPSCOPE001", "--reveal");
  expect(open.out).toContain("ESS_KEY_ID=[AKIAFAKEDUMPSCOPE001]");
});

test("find --json is one object, a limit is said, and a scope narrows", async () => {
  const { out } = await dumpscope("find", "app/t1", "akiafake", "--ignore-case", "--limit", "2", "--json");
  expect(JSON.parse(out)).toMatchObject({
    hits: [
      { space: "p1", address: "0x7fe203e1f012", length: 8, mapping: "[anon]" },
      { space: "p1", address: "0x7fe203e79874", length: 8, mapping: "[anon]" },
    ],
    limitMet: true,
  });
  const scoped = await dumpscope("find", "app/t1", "AKIAFAKE", "--in", "p1:0x7fe203e1f000-0x7fe203e20000", "--json");
  expect(JSON.parse(scoped.out)).toMatchObject({ hits: { length: 1 }, limitMet: false, pages: 1 });
  for (const [range, found] of [
    ["p1:0x7fe203e79874-", ["0x7fe203e79874", "0x7fe203e798c2", "0x7fe204008a82", "0x7fe20401ae32", "0x7fe204084cb2"]],
    ["p1:-0x7fe203e79874", ["0x7fe203e1f012"]],
    ["0x7fe203e798c3-0x7fe204008a8a", ["0x7fe204008a82"]],
  ] as const) {
    const open = await dumpscope("find", "app/t1", "AKIAFAKE", "--in", range, "--json");
    expect(JSON.parse(open.out).hits.map(({ address }: { address: string }) => address)).toEqual(found);
  }
  // The page of secrets is new in t1.
  const residual = await dumpscope("find", "app/t1", "AKIAFAKE", "--in", "residual", "--json");
  const addresses = JSON.parse(residual.out).hits.map(({ address }: { address: string }) => address);
  expect(addresses).toContain("0x7fe203e1f012");
});

test.each([
  [["find", "app/t1", "(", "--as", "regex"], 2, "a group is not closed, at character 1"],
  [["find", "app/t1", "4", "--as", "hex"], 2, "4 has an odd number of digits"],
  [["find", "app/t1", "x", "--as", "sound"], 2, "--as takes text, utf16, hex, regex, not sound"],
  [["find", "app/t1", "x", "--in", "nosuch"], 1, "There is no mapping nosuch in this snapshot"],
  [["find", "app/t1", "x", "--in", "p1:-"], 1, "There is no mapping p1:- in this snapshot"],
  [["strings", "app/t1", "--in", "0x2000-0x1000"], 1, "0x2000-0x1000 is no range"],
  [["find", "app/t1"], 2, "PATTERN is missing"],
  [["strings", "app/t1", "--kind", "sound"], 2, "--kind takes path, url, email, key, not sound"],
])("%j is refused with status %i", async (args, status, message) => {
  const answer = await dumpscope(...args);
  expect(answer.status).toBe(status);
  expect(answer.err).toContain(message);
});

test("a search lists where it could not look: by reason and mapping, of its scope alone", async () => {
  interface Answer {
    readonly notSearched: {
      readonly absent: Readonly<Record<string, number>>;
      readonly inPart: number;
      readonly mappings: { name: string; address: string; absent: Record<string, number> }[];
    } | null;
  }
  const ask = async (...more: string[]) =>
    (JSON.parse((await dumpscope("find", "app/t1", "nowhere", ...more, "--json")).out) as Answer).notSearched;
  const { absent } = expected<{
    dumps: Record<string, { alone: { pages: { absent: Record<string, number> } } }>;
  }>("podman").dumps["app-t1.tar.zst"].alone.pages;
  const all = await ask();
  expect(all?.absent).toEqual(absent);
  expect(all?.inPart).toBe(0);
  // By the mappings that inspect lists: each with a page left to a file, excluded or missing.
  const { mappings } = JSON.parse((await dumpscope("inspect", "app/t1", "--json")).out) as {
    mappings: { start: string; pages: { absent: Record<string, number> } }[];
  };
  const unread = (counts: Record<string, number>) => counts.file + counts.excluded + counts.missing;
  expect(all?.mappings.map(({ address, absent: own }) => [address, own])).toEqual(
    mappings.filter(({ pages }) => unread(pages.absent) > 0).map(({ start, pages }) => [start, pages.absent]),
  );

  const [{ address, absent: own }] = all?.mappings ?? [];
  expect(await ask("--in", address)).toMatchObject({ absent: own, mappings: [{ address }] });
  // Parts that overlap are one, and each page of some provenance has bytes.
  expect((await ask("--in", `${address},p1`))?.absent).toEqual(absent);
  expect(await ask("--in", "residual")).toBe(null);

  const { out } = await dumpscope("find", "app/t1", "nowhere");
  expect(out).toContain("Not searched, for want of bytes: 3 263 pages left to files, 7 excluded.");
  expect(out).toMatch(/and \d+ more mappings \(--json\)/);
});

test("strings filters by kind and scope, secrets masked", async () => {
  const { out } = await dumpscope("strings", "app/t1", "--kind", "key", "--in", "0x7fe203e1f000", "--json");
  const { strings } = JSON.parse(out) as { strings: { address: string; text: string; kinds: string[] }[] };
  expect(strings[0]).toMatchObject({ address: "0x7fe203e1f000", kinds: ["key"] });
  expect(strings[0].text).toMatch(/^AWS_ACCESS_KEY_ID=AKIA·+$/);
});
