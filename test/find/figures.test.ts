import fc from "fast-check";
import { expect, test } from "vitest";
import { absentPages, type Figures, type Scope } from "../../server/find/index.ts";
import { pageContents, snapshotHistograms } from "../../server/inspect/index.ts";
import type { SnapshotRecord, Store } from "../../server/store/index.ts";
import type { Region } from "../../shared/find/index.ts";
import { emptyProvenance, PROVENANCES, provenanceCode } from "../../shared/provenance/index.ts";
import { CLASS_OF_BYTE } from "../../shared/summary/index.ts";
import { ingest, samplePath, temporaryStore } from "../ingest/temporary-store.ts";
import { everywhere, findAll, type Piece, snapshotOf, temporaryFinder } from "./snapshots.ts";

async function figuresOf(store: Store, record: SnapshotRecord, scope = everywhere(store, record)): Promise<Figures> {
  const finder = temporaryFinder(store);
  for await (const event of finder.measure(record, { scope, signal: new AbortController().signal }))
    if (event.kind === "done") return event.figures;
  throw new Error("the measurement ended without saying so");
}

interface Model {
  readonly bytes: number;
  readonly zeroPagePairs: number;
  readonly pairs: ReadonlyMap<number, number>;
  readonly values: readonly number[];
  /** Bits per byte of each window of 256 bytes, in order. */
  readonly windows: readonly number[];
}

/** Byte by byte from a map of addresses, which knows nothing of batches, threads and page numbers. */
function modelOf(pieces: readonly Piece[], regions: readonly Region[]): Model {
  const known = new Map<number, number>();
  const dirty = new Set<number>();
  for (const { address, content } of pieces)
    content.forEach((byte, i) => {
      known.set(Number(address) + i, byte);
      if (byte !== 0) dirty.add(Math.floor((Number(address) + i) / 4096));
    });
  const chosen = [...known.keys()]
    .filter((at) => regions.some(({ start, end }) => at >= Number(start) && at < Number(end)))
    .sort((x, y) => x - y);
  const pairs = new Map<number, number>();
  const values = new Array<number>(256).fill(0);
  const windows = new Map<number, number[]>();
  let zeroPagePairs = 0;
  chosen.forEach((at, i) => {
    const byte = known.get(at) ?? 0;
    values[byte]++;
    const window = Math.floor(at / 256);
    windows.set(window, [...(windows.get(window) ?? []), byte]);
    if (chosen[i + 1] !== at + 1) return;
    if ([at, at + 1].every((one) => !dirty.has(Math.floor(one / 4096)))) zeroPagePairs++;
    else {
      const pair = byte * 256 + (known.get(at + 1) ?? 0);
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
  });
  return { bytes: chosen.length, zeroPagePairs, pairs, values, windows: [...windows.values()].map(entropy) };
}

function entropy(bytes: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}

const content = fc.oneof(
  fc.constantFrom("zero", "text", "noise").chain((kind) =>
    fc.oneof(fc.constantFrom(4096, 8192), fc.integer({ min: 1, max: 3 * 4096 })).map((length) => {
      const byteAt = {
        zero: () => 0,
        text: (i: number) => 0x61 + (i % 7),
        noise: (i: number) => (i * 2_654_435_761) >>> 24,
      };
      return Uint8Array.from({ length }, (_, i) => byteAt[kind as keyof typeof byteAt](i));
    }),
  ),
  fc.uint8Array({ minLength: 1, maxLength: 600 }),
);
/** Pieces behind each other, of which some touch; a piece begins where a page does. */
const memory = fc
  .array(fc.tuple(content, fc.integer({ min: 0, max: 1 })), { minLength: 1, maxLength: 6 })
  .map((parts) => {
    const pieces: Piece[] = [];
    let address = 0x10000n;
    for (const [bytes, gap] of parts) {
      pieces.push({ address, content: bytes });
      address = ((address + BigInt(bytes.length) + 4095n) / 4096n + BigInt(gap)) * 4096n;
    }
    return pieces;
  });
const ranges = fc.array(fc.tuple(fc.integer({ min: -100, max: 90_000 }), fc.integer({ min: 1, max: 40_000 })), {
  minLength: 1,
  maxLength: 3,
});

test("values, pairs and windows are those of a walk byte by byte", { timeout: 180_000 }, async () => {
  const store = temporaryStore();
  let number = 0;
  await fc.assert(
    fc.asyncProperty(memory, ranges, async (pieces, spans) => {
      const record = await snapshotOf(store, pieces, `made${number++}`);
      const regions = spans.map(([from, length]) => ({
        space: "p7" as const,
        start: BigInt(0x10000 + from),
        end: BigInt(0x10000 + from + length),
      }));
      const figures = await figuresOf(store, record, { regions, among: null });
      const model = modelOf(pieces, regions);
      expect(figures.bytes).toBe(model.bytes);
      expect(figures.zeroPagePairs).toBe(model.zeroPagePairs);
      expect([...figures.values]).toEqual(model.values);
      const pairs = new Map([...figures.pairs].flatMap((count, pair) => (count > 0 ? [[pair, count] as const] : [])));
      expect([...pairs].sort(([x], [y]) => x - y)).toEqual([...model.pairs].sort(([x], [y]) => x - y));
      const { parts } = figures.curve;
      expect(parts.map(({ windows }) => windows)).toEqual(model.windows.map(() => 1));
      parts.forEach(({ least, most, sum }, i) => {
        expect(Math.abs(most / 4096 - model.windows[i])).toBeLessThan(0.002);
        expect([least, sum]).toEqual([most, most]);
      });
    }),
    { numRuns: 25 },
  );
});

test("a page counts in each place at which it stands, and one dense page shows in a long curve", async () => {
  const store = temporaryStore();
  const long = new Uint8Array(200 * 4096).map((_, i) => (i % 4096 === 0 ? 1 : 0x41));
  long.set(
    Uint8Array.from({ length: 4096 }, (_, i) => (i * 151 + (i >> 8)) & 255),
    111 * 4096,
  );
  const pieces = [{ address: 0x40000n, content: long }];
  const record = await snapshotOf(store, pieces);
  const figures = await figuresOf(store, record);
  const model = modelOf(pieces, [{ space: "p7", start: 0n, end: 1n << 64n }]);
  expect(figures.pairs[0x4141]).toBe(model.pairs.get(0x4141));
  expect(figures.pairs[0x4101]).toBe(197);
  const { parts, windowsPerPart } = figures.curve;
  expect(windowsPerPart).toBe(4);
  expect(parts.reduce((sum, { windows }) => sum + windows, 0)).toBe(200 * 16);
  expect(parts.findIndex(({ most }) => most === 8 * 4096)).toBe(111 * 4);
  parts.forEach(({ least, most, sum }, i) => {
    const own = model.windows.slice(i * 4, i * 4 + 4);
    expect(Math.abs(most / 4096 - Math.max(...own))).toBeLessThan(0.002);
    expect(Math.abs(least / 4096 - Math.min(...own))).toBeLessThan(0.002);
    expect(Math.abs(sum / 4096 - own.reduce((x, y) => x + y))).toBeLessThan(0.008);
  });
});

test.each([
  ["podman", "app-t1.tar.zst"],
  ["cores", "py-t1.core.zst"],
] as const)(
  "%s/%s: figures agree with summaries, with counts of the snapshot, and with what is found",
  async (folder, file) => {
    const store = temporaryStore();
    const { snapshot } = await ingest(store, samplePath(folder, file), "app");
    const figures = await figuresOf(store, snapshot);
    const { pages } = snapshot;
    expect(figures.pages).toBe(pages.present + pages.zero);
    expect(figures.zeroPages).toBe(pages.zero);
    const manifest = store.manifest(snapshot);
    expect(absentPages(manifest, everywhere(store, snapshot)).absent).toEqual(pages.absent);
    const { classes, entropy } = await snapshotHistograms(store, pageContents(store), snapshot);
    expect(figures.classes).toEqual(classes);
    expect(figures.windows).toEqual(entropy);
    expect(temporaryFinder(store).provenance(snapshot, everywhere(store, snapshot))).toEqual(snapshot.provenance);
    expect(figures.classes).toEqual(
      classes.map((_, c) => figures.values.reduce((sum, n, byte) => sum + (CLASS_OF_BYTE[byte] === c ? n : 0), 0)),
    );
    const finder = temporaryFinder(store);
    for (const pair of [0x4155, 0x5553, 0xfeff, 0x0a0d]) {
      const text = pair.toString(16).padStart(4, "0");
      const { hits } = await findAll(store, finder, snapshot, { form: "hex", text });
      expect(hits).toHaveLength(figures.pairs[pair]);
    }
    const { hits } = await findAll(store, finder, snapshot, { form: "hex", text: "0000" }, { limit: 1e8 });
    expect(hits).toHaveLength(figures.pairs[0] + figures.zeroPagePairs);
  },
);

test("among provenances only their pages count, and a signal ends it", async () => {
  const store = temporaryStore();
  await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  const { snapshot } = await ingest(store, samplePath("podman", "app-t1.tar.zst"), "app");
  const scope: Scope = { ...everywhere(store, snapshot), among: new Set([provenanceCode("new")]) };
  expect((await figuresOf(store, snapshot, scope)).pages).toBe(snapshot.provenance.new);
  const ofNew = temporaryFinder(store).provenance(snapshot, scope);
  expect(ofNew).toEqual({ ...emptyProvenance(), new: snapshot.provenance.new });
  // Parts of it: the halves of each space add up, and overlapping ones count once.
  const halves = everywhere(store, snapshot).regions.map(({ space }) => [
    { space, start: 0n, end: 0x7fe200000000n },
    { space, start: 0x7fe200000000n, end: 1n << 64n },
  ]);
  const of = (regions: readonly Region[]) => temporaryFinder(store).provenance(snapshot, { regions, among: null });
  const [low, high] = [of(halves.map(([half]) => half)), of(halves.map(([, half]) => half))];
  for (const name of PROVENANCES) expect(low[name] + high[name]).toBe(snapshot.provenance[name]);
  expect(low.new * high.new).toBeGreaterThan(0);
  expect(of([...halves.flat(), ...halves.flat()])).toEqual(snapshot.provenance);
  const abort = new AbortController();
  const events = temporaryFinder(store).measure(snapshot, { scope, signal: abort.signal });
  await events.next();
  abort.abort();
  await expect(events.next()).rejects.toThrow(/abort/i);
});
