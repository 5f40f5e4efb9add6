import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { constants, zstdDecompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { compareSnapshots, stripSources } from "../../server/compare/index.ts";
import { exportDump } from "../../server/export/index.ts";
import { openImage } from "../../server/known-sets/image/index.ts";
import { addKnownSet, openKnownSet } from "../../server/known-sets/index.ts";
import { FileSource } from "../../server/readers/index.ts";
import { layStrip } from "../../shared/strip/index.ts";
import { ingest, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";
import { collect } from "../readers/count-pages.ts";

const corpus = process.env.DUMPSCOPE_CORPUS ?? "";

interface Counted {
  readonly present: number;
  readonly zero: number;
  readonly inParent: number;
  readonly distinctPages: number;
  readonly mappings: number | null;
  readonly absentFile: number | null;
  readonly absentAnon: number | null;
  readonly absentShared: number | null;
  readonly absentSpecial: number | null;
  readonly known?: number;
}
interface CountedPair {
  readonly unchanged: number;
  readonly changed: number;
  readonly moved: number;
  readonly added: number;
  readonly removed: number;
  readonly zero: number;
  readonly newDistinct: number;
}
const facts = JSON.parse(readFileSync(path.join(corpus, "podman/facts.json"), "utf8")) as {
  dumps: Record<string, Counted>;
  pairs: Record<string, CountedPair>;
};
/** facts.json names archives as they were exported; some were packed afterwards. */
const stored = (name: string) =>
  path.join(corpus, "podman", /^(app-t0|app-t1|nginx|redis).*\.tar$/.test(name) ? `${name}.zst` : name);

describe.each(Object.entries(facts.dumps))("%s", (name, counted) => {
  test("alone, and with the image as the only other content", async () => {
    const store = temporaryStore();
    if (!name.startsWith("tiny")) {
      const options = { signal: new AbortController().signal, onProgress: () => undefined };
      const set = await addKnownSet(store, path.join(corpus, "images/slim-oci.tar"), "slim", options);
      expect({ files: set.files, pages: set.pages }).toEqual({ files: 483, pages: 9306 });
    }
    const { pages, distinctPages, mappings, provenance } = await ingest(store, stored(name), "container", {
      parent: "none",
    });
    expect({ present: pages.present, zero: pages.zero, inParent: pages.inParent, distinctPages, mappings }).toEqual({
      present: counted.present,
      zero: counted.zero,
      inParent: counted.inParent,
      distinctPages: counted.distinctPages,
      mappings: counted.mappings,
    });
    expect(pages.absent).toEqual({
      file: counted.absentFile ?? 0,
      untouched: (counted.absentAnon ?? 0) + (counted.absentShared ?? 0),
      excluded: counted.absentSpecial ?? 0,
      missing: counted.inParent,
    });
    if (!name.startsWith("tiny") && counted.known !== undefined) expect(provenance.known).toBe(counted.known);
  });
});

test.each(Object.entries(facts.pairs))("%s", async (pair, counted) => {
  const [a, b] = pair.split(" -> ");
  const store = temporaryStore();
  const first = await ingest(store, stored(a), "container");
  const second = await ingest(store, stored(b), "container");
  const { unchanged, changed, moved, added, removed, zero } = counted;
  expect(compareSnapshots(store, first.snapshot, second.snapshot).verdicts).toEqual({
    unchanged,
    changed,
    moved,
    added,
    removed,
    zero,
    unresolved: 0,
  });
  expect(second.pagesProcessed).toBe(counted.newDistinct);
});

test("the same image in both forms gives the same known pages", async () => {
  const store = temporaryStore();
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  const oci = await addKnownSet(store, path.join(corpus, "images/layers-oci.tar"), "oci", options);
  const docker = await addKnownSet(store, path.join(corpus, "images/layers-docker.tar"), "docker", options);
  expect([oci.pages, docker.pages]).toEqual([489, 489]);
  expect(docker.run).toBe(oci.run);
});

test("every ELF file of slim has the build-id that readelf says, and libc the package that owns it", async () => {
  const store = temporaryStore();
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  const archive = path.join(corpus, "images/slim-oci.tar");
  const set = openKnownSet(store.blobs, await addKnownSet(store, archive, "slim", options));
  const file = path.join(temporaryFolder(), "elf");
  await using image = await openImage(await FileSource.open(archive));
  let compared = 0;
  await image.forEachFile(async ({ paths }, content) => {
    const bytes = await collect(content);
    if (bytes.subarray(1, 4).toString() !== "ELF") return;
    writeFileSync(file, bytes);
    const said = /Build ID: ([0-9a-f]+)/.exec(execFileSync("readelf", ["-n", file], { stdio: "pipe" }).toString())?.[1];
    for (const each of paths) expect.soft(set.about(each)?.buildId, each).toBe(said ?? null);
    compared++;
  });
  expect(compared).toBeGreaterThan(50);
  expect(set.about("/usr/lib/x86_64-linux-gnu/libc.so.6")?.package).toEqual({
    kind: "dpkg",
    name: "libc6",
    version: "2.36-9+deb12u14",
  });
});

/** Rows of the manifest: file, stored bytes and digest, bytes and digest of the tar (`same` for one stored plain). */
const rows = readFileSync(path.join(corpus, "MANIFEST.md"), "utf8").matchAll(
  /^\| podman\/(\S+) \| (\d+) \| `([0-9a-f]{64})` \| (\d+) \| `([0-9a-f]{64}|same)` \|$/gm,
);

describe.each([...rows].map((row) => row.slice(1)))("%s as it arrived", (file, bytes, sha256, tarBytes, tarSha256) => {
  test("comes back with the manifest's digest, and its strip ends where strip.py says", async () => {
    const store = temporaryStore();
    const dump = path.join(corpus, "podman", file);
    const result = await ingest(store, dump, "container");
    expect({ bytes: result.bytesRead, sha256: result.sha256 }).toEqual({ bytes: Number(bytes), sha256 });
    const hash = createHash("sha256");
    let length = 0;
    for await (const piece of exportDump(store, result.snapshot)) {
      hash.update(piece);
      length += piece.length;
    }
    expect({ length, sha256: hash.digest("hex") }).toEqual({
      length: Number(tarBytes),
      sha256: tarSha256 === "same" ? sha256 : tarSha256,
    });
    const { mappings, used, end } = layStrip(stripSources(store.manifest(result.snapshot)));
    const laid: unknown = JSON.parse(execFileSync("python3", [path.join(corpus, "strip.py"), dump]).toString());
    expect(laid).toMatchObject({ mappings: mappings.length, used, end });
  });
});

test("the pages that a dump of tiny has in common with its image are the manifest's", async () => {
  const store = temporaryStore();
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  await addKnownSet(store, path.join(corpus, "images/tiny-oci.tar"), "tiny", options);
  for (const [name, counted] of Object.entries(facts.dumps)) {
    // What an incremental dump has in common is counted with its parent, which is not here.
    if (!name.startsWith("tiny") || counted.inParent > 0) continue;
    const { provenance } = await ingest(store, stored(name), name, { parent: "none" });
    expect.soft(provenance.known, name).toBe(counted.known);
  }
});

/** The second dump is kept as a patch of the first: what zstd calls `--patch-from` is a dictionary of raw content. */
function unpackMachines(): readonly string[] {
  const params = { [constants.ZSTD_d_windowLogMax]: 31 };
  const packed = (name: string) => readFileSync(path.join(corpus, "machine", name));
  const first = zstdDecompressSync(packed("vm-t1.elf.zst"), { params });
  const second = zstdDecompressSync(packed("vm-t2.elf.patch.zst"), { params, dictionary: first });
  return [first, second].map((content, i) => {
    const file = path.join(temporaryFolder(), `vm-t${i + 1}.elf`);
    writeFileSync(file, content);
    return file;
  });
}

test("vm-t1.elf -> vm-t2.elf: of the next machine dump only what is new is processed", async () => {
  const row = /^\| vm-t1 → vm-t2 \|(.*)\|$/m.exec(readFileSync(path.join(corpus, "MANIFEST-machine.md"), "utf8"));
  const [zero, unchanged, moved, changed, added, removed] = (row?.[1] ?? "").split("|").map(Number);
  expect(unchanged).toBeGreaterThan(0);
  const store = temporaryStore();
  const [a, b] = unpackMachines();
  const first = await ingest(store, a, "vm");
  const second = await ingest(store, b, "vm");
  expect(compareSnapshots(store, first.snapshot, second.snapshot).verdicts).toMatchObject({
    zero,
    unchanged,
    moved,
    changed,
    added,
    removed,
  });
  expect(second.provenance).toMatchObject({ zero, unchanged, moved, new: changed });
  // The manifest counts them distinct as well: as many.
  expect(second.pagesProcessed).toBe(changed);
});
