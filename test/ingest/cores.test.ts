import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { compareSnapshots } from "../../server/compare/index.ts";
import { exportDump } from "../../server/export/index.ts";
import { inspectPage, readBytes, readExactly } from "../../server/inspect/index.ts";
import { createKnownSets } from "../../server/known-sets/index.ts";
import type { SnapshotRecord, Store } from "../../server/store/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import type { VerdictCounts } from "../../shared/provenance/index.ts";
import { stateCode } from "../../shared/snapshot/index.ts";
import { expected, ingest, samplePath, temporaryStore } from "./temporary-store.ts";

interface Core {
  readonly unpacked: { readonly sha256: string };
  readonly pid: number;
  readonly mappings: number;
  readonly comm: string | null;
  readonly segmentsOutsideFile: number;
  readonly pages: { readonly present: number; readonly zero: number } | null;
  readonly distinctPages: number;
  readonly knownBytes: readonly { readonly address: string; readonly stored: boolean; readonly hex: string | null }[];
}
const cores = expected<{ dumps: Record<string, Core>; pairs: { a: string; b: string; verdicts: VerdictCounts }[] }>(
  "cores",
);
const whole = Object.entries(cores.dumps).filter(([file]) => !/bad|cut/.test(file));

async function exported(store: Store, snapshot: SnapshotRecord): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of exportDump(store, snapshot)) hash.update(piece);
  return hash.digest("hex");
}

describe.each(whole)("%s", (file, truth) => {
  test("counts, known bytes and export are those counted independently", async () => {
    const store = temporaryStore();
    const result = await ingest(store, samplePath("cores", file), "core");
    expect(result).toMatchObject({
      format: "elf-core",
      processes: 1,
      mappings: truth.mappings,
      distinctPages: truth.distinctPages,
    });
    if (truth.pages) expect({ present: result.pages.present, zero: result.pages.zero }).toEqual(truth.pages);
    const [process] = store.manifest(result.snapshot).facts.processes;
    expect({ pid: process.pid, comm: process.comm }).toEqual({ pid: truth.pid, comm: truth.comm });
    for (const { address, stored, hex } of truth.knownBytes ?? []) {
      if (stored && hex !== null) {
        const bytes = readExactly(store, result.snapshot, `p${truth.pid}`, BigInt(address), hex.length / 2);
        expect.soft(Buffer.from(bytes).toString("hex"), address).toBe(hex);
      } else {
        expect
          .soft(() => readExactly(store, result.snapshot, `p${truth.pid}`, BigInt(address), 1), address)
          .toThrow(address);
      }
    }
    expect(await exported(store, result.snapshot)).toBe(truth.unpacked.sha256);
  });
});

test.each(cores.pairs)("$a → $b", async ({ a, b, verdicts }) => {
  const store = temporaryStore();
  const first = await ingest(store, samplePath("cores", a), "core");
  const second = await ingest(store, samplePath("cores", b), "core");
  expect(compareSnapshots(store, first.snapshot, second.snapshot).verdicts).toEqual({ ...verdicts, unresolved: 0 });
  expect(second.provenance).toMatchObject({
    zero: verdicts.zero,
    unchanged: verdicts.unchanged,
    moved: verdicts.moved,
    new: verdicts.changed + verdicts.added,
  });
});

test.each(["known64-cut.core.zst", "known64-badseg.core.zst"])(
  "%s is refused, and with keepCut keeps what is there",
  async (file) => {
    const store = temporaryStore();
    await expect(ingest(store, samplePath("cores", file), "core")).rejects.toMatchObject({ code: "dump-cut" });
    expect(store.catalog.snapshots()).toEqual([]);
    expect(store.storedBytes()).toBe(0);
    const kept = await ingest(store, samplePath("cores", file), "core", { keepCut: true });
    expect(kept.pages.absent.missing).toBeGreaterThan(0);
    expect(kept.pages.present).toBeGreaterThan(0);
    expect(await exported(store, kept.snapshot)).toBe(cores.dumps[file].unpacked.sha256);
    const lost = store
      .manifest(kept.snapshot)
      .laid.find(({ counts }) => counts.absent.missing > 0 && counts.present + counts.zero === 0);
    expect(
      lost && readBytes(store, kept.snapshot, lost.mapping.space, BigInt(lost.mapping.spaceStart) << 12n, 16).states[0],
    ).toBe(stateCode("absent-missing"));
  },
);

test.each(["known64-badphoff.core.zst", "known64-badphnum.core.zst"])(
  "%s is refused, and nothing is stored",
  async (file) => {
    const store = temporaryStore();
    await expect(ingest(store, samplePath("cores", file), "core")).rejects.toMatchObject({ name: "DumpError" });
    expect(store.storedBytes()).toBe(0);
  },
);

test("bytes that a cut page does not hold are absent, never zeros", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("cores", "known64-badseg.core.zst"), "core", { keepCut: true });
  const manifest = store.manifest(snapshot);
  const [laid, chunk] =
    manifest.laid
      .flatMap((entry) => entry.chunks.map((ref) => [entry, ref] as const))
      .find(([, ref]) => manifest.columns(ref).partial.length > 0) ?? [];
  if (!laid || !chunk) throw new Error("the sample has a page of which only a part is there");
  const [{ row, from, to }] = manifest.columns(chunk).partial;
  const page = BigInt(chunk.start + row) << 12n;
  expect(readExactly(store, snapshot, laid.mapping.space, page + BigInt(from), to - from)).toHaveLength(to - from);
  expect(() => readExactly(store, snapshot, laid.mapping.space, page, 4096)).toThrow(
    `0x${(page + BigInt(to)).toString(16)} is absent`,
  );
});

test("a page of a second start is explained in the parent's own space", async () => {
  const store = temporaryStore();
  await ingest(store, samplePath("cores", "py-t0.core.zst"), "py");
  const { snapshot } = await ingest(store, samplePath("cores", "py-second.core.zst"), "py");
  const manifest = store.manifest(snapshot);
  const known = createKnownSets(store);
  const inspected = manifest.laid.flatMap(({ chunks }) =>
    chunks.map((ref) => inspectPage(store, known, snapshot, "p13362", ref.start as PageAddress)),
  );
  const unchanged = inspected.find(({ provenance }) => provenance === "unchanged");
  expect(unchanged).toMatchObject({ related: { space: "p13361" }, againstParent: { bytes: 0 } });
});
