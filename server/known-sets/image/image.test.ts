import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../../test/readers/count-pages.ts";
import { makeTar, type TarEntry } from "../../../test/readers/make-tar.ts";
import { FileSource } from "../../readers/index.ts";
import type { SourceOptions } from "../source.ts";
import { openImage as openImageOf } from "./index.ts";

const SAMPLES = new URL("../../../dumps/samples/images/", import.meta.url).pathname;
const PAGE = 4096;

const openImage = async (path: string, options: SourceOptions = {}) =>
  openImageOf(await FileSource.open(path), options);

let folder: string;
let archives = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dumpscope-image-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sha = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

interface OciOptions {
  readonly layers: readonly Uint8Array[];
  /** Changes what is written under a digest. */
  readonly damage?: (digest: string, bytes: Uint8Array) => Uint8Array;
  readonly manifests?: (manifest: { digest: string }) => readonly unknown[];
  readonly more?: readonly TarEntry[];
}

/** An OCI archive of the layers given. */
function oci({ layers, damage, manifests, more = [] }: OciOptions): Uint8Array {
  const blobs: TarEntry[] = [];
  const put = (bytes: Uint8Array): { digest: string; size: number } => {
    const hex = sha(bytes);
    blobs.push({ name: `blobs/sha256/${hex}`, content: damage?.(hex, bytes) ?? bytes });
    return { digest: `sha256:${hex}`, size: bytes.length };
  };
  const config = put(Buffer.from(`{"architecture":"amd64","n":${layers.length}}`));
  const manifest = put(Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: layers.map(put) })));
  const index = { schemaVersion: 2, manifests: manifests?.(manifest) ?? [manifest] };
  return makeTar([
    ...blobs,
    ...more,
    { name: "oci-layout", content: '{"imageLayoutVersion":"1.0.0"}' },
    { name: "index.json", content: JSON.stringify(index) },
  ]);
}

async function store(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `${archives++}.tar`);
  await writeFile(path, bytes);
  return path;
}

/** Path → content of every file, and the notes. */
async function filesOf(bytes: Uint8Array, options: SourceOptions = {}) {
  await using image = await openImage(await store(bytes), options);
  const files: Record<string, string> = {};
  await image.forEachFile(async ({ paths, size }, content) => {
    const text = (await collect(content)).toString();
    expect(text.length).toBe(size);
    for (const path of paths) {
      if (path in files) throw new Error(`${path} came twice`);
      files[path] = text;
    }
  });
  expect(Object.keys(files).length).toBe(image.files);
  return { files, notes: image.notes };
}

interface Truth {
  readonly format: string;
  readonly files: number;
  readonly fileBytes: number;
  readonly filePages: number;
  readonly zeroPages: number;
  readonly pages: number;
}
const EXPECTED: { readonly images: Readonly<Record<string, Truth>> } = JSON.parse(
  readFileSync(`${SAMPLES}expected.json`, "utf8"),
);

describe("sample images hold what an independent program counted", () => {
  test.each(Object.entries(EXPECTED.images))("%s", async (name, truth) => {
    await using image = await openImage(`${SAMPLES}${name}`);
    const distinct = new Set<string>();
    const counted = { files: 0, fileBytes: 0, filePages: 0, zeroPages: 0 };
    await image.forEachFile(async ({ paths }, content) => {
      const bytes = await collect(content);
      counted.files += paths.length;
      counted.fileBytes += paths.length * bytes.length;
      for (let at = 0; at < bytes.length; at += PAGE) {
        const page = Buffer.alloc(PAGE);
        bytes.copy(page, 0, at, at + PAGE);
        counted.filePages += paths.length;
        if (page.equals(Buffer.alloc(PAGE))) counted.zeroPages += paths.length;
        else distinct.add(sha(page));
      }
    });
    const { format, pages, files, fileBytes, filePages, zeroPages } = truth;
    expect({ ...counted, pages: distinct.size }).toEqual({ files, fileBytes, filePages, zeroPages, pages });
    expect({ kind: image.kind, files: image.files, bytes: image.bytes, notes: image.notes }).toEqual({
      kind: format === "oci-archive" ? "OCI image" : "docker image",
      files,
      bytes: fileBytes,
      notes: [],
    });
  });

  test("both archives of one image have one id", async () => {
    await using first = await openImage(`${SAMPLES}tiny-oci.tar`);
    await using second = await openImage(`${SAMPLES}tiny-docker.tar`);
    expect(first.digest).toBe("sha256:2445f41a7ad1803b82986287e7aec8da1e9d83c861c2805256b22d6c9f698c43");
    expect(second.digest).toBe(first.digest);
  });
});

describe("layers are applied bottom to top", () => {
  const file = (name: string, content: string): TarEntry => ({ name, content });
  const base = [file("a/one", "1"), file("a/two", "2"), file("b/c/three", "3"), file("d", "4")];
  const table: readonly (readonly [string, readonly TarEntry[], Readonly<Record<string, string>>])[] = [
    ["a file replaced", [file("./a/one", "new")], { "/a/one": "new", "/a/two": "2", "/b/c/three": "3", "/d": "4" }],
    ["a file removed", [file("a/.wh.one", "")], { "/a/two": "2", "/b/c/three": "3", "/d": "4" }],
    ["a directory removed", [file(".wh.b", "")], { "/a/one": "1", "/a/two": "2", "/d": "4" }],
    [
      "a whiteout does not hide its own layer's file, wherever it stands",
      [file("a/one", "new"), file("a/.wh.one", "")],
      { "/a/one": "new", "/a/two": "2", "/b/c/three": "3", "/d": "4" },
    ],
    [
      "an opaque directory hides what is below, not its own, wherever it stands",
      [file("a/new", "n"), file("a/.wh..wh..opq", "")],
      { "/a/new": "n", "/b/c/three": "3", "/d": "4" },
    ],
    ["a directory replaced by a file", [file("b", "file")], { "/a/one": "1", "/a/two": "2", "/b": "file", "/d": "4" }],
    [
      "a file replaced by a directory",
      [{ name: "d/", type: "5" }, file("d/e", "5")],
      { "/a/one": "1", "/a/two": "2", "/b/c/three": "3", "/d/e": "5" },
    ],
    [
      "a file replaced by a link",
      [{ name: "d", type: "2", link: "a/one" }],
      { "/a/one": "1", "/a/two": "2", "/b/c/three": "3" },
    ],
    [
      "a directory named again keeps its files",
      [{ name: "a/", type: "5" }],
      { "/a/one": "1", "/a/two": "2", "/b/c/three": "3", "/d": "4" },
    ],
    [
      "a hard link into a lower layer keeps its bytes when the other name goes",
      [{ name: "kept", type: "1", link: "a/one" }, file("a/.wh.two", "")],
      { "/a/one": "1", "/kept": "1", "/b/c/three": "3", "/d": "4" },
    ],
    [
      "aufs's own files are no files",
      [file(".wh..wh.plnk/x", "x"), file(".wh..wh.aufs", "")],
      { "/a/one": "1", "/a/two": "2", "/b/c/three": "3", "/d": "4", "/.wh..wh.plnk/x": "x" },
    ],
  ];
  test.each(table)("%s", async (_what, upper, files) => {
    const found = await filesOf(oci({ layers: [makeTar(base), makeTar(upper)] }));
    expect(found.files).toEqual(files);
  });

  test("plain, gzip and zstd layers, of several members and frames", async () => {
    const layers = ["one", "two", "three", "four"].map((name) => makeTar([file(name, name)]));
    const half = (bytes: Uint8Array) => [bytes.subarray(0, 700), bytes.subarray(700)];
    const stored = [
      layers[0],
      Buffer.concat(half(layers[1]).map((part) => gzipSync(part))),
      zstdCompressSync(layers[2]),
      Buffer.concat(half(layers[3]).map((part) => zstdCompressSync(part))),
    ];
    const found = await filesOf(oci({ layers: stored }));
    expect(found.files).toEqual({ "/one": "one", "/two": "two", "/three": "three", "/four": "four" });
  });

  test("a layer of nothing adds nothing", async () => {
    expect((await filesOf(oci({ layers: [gzipSync(""), gzipSync(Buffer.alloc(1024))] }))).files).toEqual({});
  });

  test("a visitor that leaves bytes does not lose the next file", async () => {
    const path = await store(oci({ layers: [makeTar([file("a", "x".repeat(200_000)), file("b", "b")])] }));
    await using image = await openImage(path);
    const seen: string[] = [];
    await image.forEachFile(async ({ paths }, content) => {
      for await (const chunk of content) {
        seen.push(`${paths[0]}: ${chunk[0]}`);
        break;
      }
    });
    expect(seen).toEqual(["/a: 120", "/b: 98"]);
  });

  test("a visitor's failure is the reading's failure", async () => {
    await using image = await openImage(await store(oci({ layers: [makeTar([file("a", "a")])] })));
    await expect(
      image.forEachFile(async () => {
        throw new RangeError("no room");
      }),
    ).rejects.toThrow("no room");
  });
});

describe("docker archives", () => {
  const layer = makeTar([{ name: "a", content: "1" }]);
  const upper = makeTar([{ name: "b", content: "2" }]);
  const manifest = (layers: readonly string[]): TarEntry => ({
    name: "manifest.json",
    content: JSON.stringify([{ Config: "c.json", RepoTags: ["x:1"], Layers: layers }]),
  });

  test("layers may be links to other members, and the same layer twice", async () => {
    const archive = makeTar([
      { name: "1/layer.tar", content: layer },
      { name: "2/layer.tar", type: "2", link: "../1/layer.tar" },
      { name: "3/layer.tar", content: upper },
      { name: "4/layer.tar", type: "1", link: "3/layer.tar" },
      { name: "c.json", content: "{}" },
      manifest(["1/layer.tar", "2/layer.tar", "4/layer.tar"]),
    ]);
    expect((await filesOf(archive)).files).toEqual({ "/a": "1", "/b": "2" });
  });

  test("a layer that is not there is damage", async () => {
    const archive = makeTar([{ name: "c.json", content: "{}" }, manifest(["1/layer.tar"])]);
    await expect(filesOf(archive)).rejects.toMatchObject({ code: "image-damaged", facts: { member: "1/layer.tar" } });
  });
});

describe("indexes", () => {
  const layers = [makeTar([{ name: "a", content: "1" }])];

  test("attestations are passed over; of several images the first is read, and said so", async () => {
    const archive = oci({
      layers,
      manifests: (manifest) => [
        { digest: `sha256:${"0".repeat(64)}`, platform: { os: "unknown", architecture: "unknown" } },
        { ...manifest, annotations: { "org.opencontainers.image.ref.name": "x:2" } },
        { digest: `sha256:${"1".repeat(64)}`, platform: { os: "linux" } },
      ],
    });
    const { files, notes } = await filesOf(archive);
    expect(files).toEqual({ "/a": "1" });
    expect(notes).toEqual(["The index lists 2 images; the first one was read."]);
  });

  test("an index that leads to itself ends", async () => {
    const more: TarEntry[] = [];
    const inner = JSON.stringify({ manifests: [{ digest: `sha256:${"2".repeat(64)}` }] });
    more.push({ name: `blobs/sha256/${"2".repeat(64)}`, content: inner });
    const archive = oci({ layers, more, manifests: () => [{ digest: `sha256:${"2".repeat(64)}` }] });
    await expect(filesOf(archive)).rejects.toMatchObject({ code: "image-damaged" });
  });
});

describe("damage and malice", () => {
  const layer = gzipSync(makeTar([{ name: "a", content: Buffer.alloc(100_000, 1) }]));

  test("a digest that differs is told, and the rest is read", async () => {
    const layers = [makeTar([{ name: "a", content: "1" }])];
    const changed = makeTar([{ name: "a", content: "2" }]);
    const { files, notes } = await filesOf(
      oci({ layers, damage: (hex, bytes) => (hex === sha(layers[0]) ? changed : bytes) }),
    );
    expect(files).toEqual({ "/a": "2" });
    expect(notes).toEqual([
      `blobs/sha256/${sha(layers[0])} does not have the digest it is named for; it has sha256:${sha(changed)}.`,
    ]);
  });

  test.each([
    ["a cut gzip layer", layer.subarray(0, layer.length - 20)],
    ["a cut tar layer", makeTar([{ name: "a", content: Buffer.alloc(5000) }]).subarray(0, 3000)],
    ["a layer of noise", Buffer.from("no tar".repeat(1000))],
  ])("%s", async (_what, bytes) => {
    await expect(filesOf(oci({ layers: [bytes] }))).rejects.toMatchObject({
      code: "image-damaged",
      facts: { member: expect.stringContaining("blobs/sha256/") },
    });
  });

  test("a layer that names a place outside itself", async () => {
    const archive = oci({ layers: [makeTar([{ name: "a/../../etc/passwd", content: "x" }])] });
    await expect(filesOf(archive)).rejects.toMatchObject({ code: "archive-hostile" });
  });

  test("a hard link to nothing is told", async () => {
    const { files, notes } = await filesOf(oci({ layers: [makeTar([{ name: "a", type: "1", link: "none" }])] }));
    expect([files, notes]).toEqual([{}, ["/a is a hard link to /none, which is no file of the image."]]);
  });

  test("an archive that is no image, no tar, or cut", async () => {
    await expect(filesOf(makeTar([{ name: "a", content: "x" }]))).rejects.toMatchObject({ code: "no-image" });
    await expect(filesOf(Buffer.from("x"))).rejects.toMatchObject({ code: "no-image" });
    const whole = oci({ layers: [layer] });
    await expect(filesOf(whole.subarray(0, 1500))).rejects.toMatchObject({ code: "image-damaged" });
    await expect(filesOf(gzipSync(whole))).rejects.toMatchObject({ code: "no-image" });
  });

  test("reading can be cancelled", async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(filesOf(oci({ layers: [layer] }), { signal: abort.signal })).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

describe("plain layers are read by their headers, packed ones as streams: both say the same", () => {
  const name = fc.stringMatching(/^[a-d]{1,2}(\/[a-d]{1,2}){0,2}$/);
  const entry = fc.oneof(
    fc.record({ name, content: fc.string({ maxLength: 2000 }) }),
    fc.record({ name, type: fc.constant("5") }),
    fc.record({ name, type: fc.constant("2"), link: fc.constantFrom("/etc/x", "../a", "b") }),
    fc.record({ name, type: fc.constant("1"), link: name }),
    fc.record({ name: name.map((path) => path.replace(/[^/]*$/, ".wh.a")) }),
    fc.record({ name: fc.constant("./long/".concat("n".repeat(80))), content: fc.constant("x") }),
  );

  test("whatever the layers hold", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(entry, { maxLength: 8 }), { minLength: 1, maxLength: 3 }), async (layers) => {
        const tars = layers.map((entries) => makeTar(entries));
        const of = async (packed: readonly Uint8Array[]) => {
          await using image = await openImage(await store(oci({ layers: packed })));
          const files: Record<string, string> = {};
          await image.forEachFile(async ({ paths, layer }, content) => {
            for (const path of paths) files[path] = `${layer} ${sha(await collect(content))}`;
          });
          return { files, links: Object.fromEntries(image.links), notes: image.notes };
        };
        expect(await of(tars)).toEqual(await of(tars.map((tar) => gzipSync(tar))));
      }),
      { numRuns: 40 },
    );
  });
});
