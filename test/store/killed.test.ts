import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { exportDump } from "../../server/export/index.ts";
import { BLOB_KINDS, openStore, verifyStore } from "../../server/store/index.ts";
import { ingest, samplePath, temporaryFolder } from "../ingest/temporary-store.ts";

const MAIN = path.join(import.meta.dirname, "../../server/cli/main.ts");

/** Everything in the store but the catalog and its lock, with digests. */
function filesOf(store: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const kind of [...BLOB_KINDS, "scratch", "uploads"]) {
    for (const name of readdirSync(path.join(store, kind))) {
      const content = readFileSync(path.join(store, kind, name));
      files.set(`${kind}/${name}`, createHash("sha256").update(content).digest("hex"));
    }
  }
  return files;
}

/**
 * Kills an ingest as soon as the store holds what `isDue` waits for.
 * @returns whether it was killed before it ended by itself
 */
async function killIngest(data: string, isDue: (files: readonly string[]) => boolean): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [MAIN, "ingest", samplePath("podman", "redis-t2.tar.zst"), "--container", "redis"],
    { env: { ...process.env, DUMPSCOPE_DATA: data }, stdio: "ignore" },
  );
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_, signal) => resolve(signal)));
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const files = [...BLOB_KINDS, "scratch"].flatMap((kind) =>
      readdirSync(path.join(data, kind)).map((name) => `${kind}/${name}`),
    );
    if (isDue(files)) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  child.kill("SIGKILL");
  return (await ended) === "SIGKILL";
}

test("an ingest that is killed, whenever that is, leaves the store as it was after the next open", async () => {
  const data = path.join(temporaryFolder(), "store");
  const first = openStore(data);
  const { snapshot } = await ingest(first, samplePath("podman", "redis-t0.tar.zst"), "redis");
  first.close();
  const before = filesOf(data);
  const known = new Set(before.keys());
  const fresh = (files: readonly string[]) => files.filter((name) => !known.has(name));
  // From the unpacking over the first page to the last file before the commit.
  const moments: ((files: readonly string[]) => boolean)[] = [
    (files) => files.some((name) => name.startsWith("scratch/")),
    (files) => files.some((name) => name.startsWith("packs/") && name.endsWith(".unfinished")),
    (files) => files.some((name) => name.startsWith("manifests/") && name.endsWith(".unfinished")),
    (files) => fresh(files).some((name) => name.startsWith("originals/")),
    (files) => fresh(files).some((name) => name.startsWith("packs/") && !name.endsWith(".unfinished")),
    (files) => fresh(files).some((name) => name.startsWith("index/")),
  ];
  let killed = 0;
  for (const isDue of moments) {
    if (await killIngest(data, isDue)) killed++;
    const store = openStore(data);
    // Killed after its commit it is there whole, else not at all.
    const others = store.catalog.snapshots().filter(({ id }) => id !== snapshot.id);
    expect(await verifyStore(store)).toMatchObject({ ok: true });
    expect(readdirSync(store.scratch)).toEqual([]);
    if (others.length === 0) expect(filesOf(data)).toEqual(before);
    const hash = createHash("sha256");
    for await (const piece of exportDump(store, snapshot)) hash.update(piece);
    expect(hash.digest("hex")).toBe(snapshot.unpackedSha256);
    store.close();
    if (others.length > 0) break;
  }
  expect(killed).toBeGreaterThan(2);
  const store = openStore(data);
  const next = await ingest(store, samplePath("podman", "redis-t2.tar.zst"), "redis");
  expect(next.provenance.unchanged).toBeGreaterThan(0);
  expect(await verifyStore(store)).toMatchObject({ ok: true });
  store.close();
});
