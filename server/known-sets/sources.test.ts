import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync, zstdDecompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "../../test/ingest/temporary-store.ts";
import { makeTar, type TarEntry } from "../../test/readers/make-tar.ts";
import { addBaseline, addKnownSet, openKnownSet } from "./index.ts";
import { openSource } from "./open-source.ts";

const PAGE = 4096;
const options = { signal: new AbortController().signal, onProgress: () => undefined };
const nowhere = { path: null, offset: 0 };

/** Pages that nobody else has. */
function pages(seed: number, count: number, tail = 0): Buffer {
  const bytes = Buffer.alloc(count * PAGE + tail, 0x5a);
  for (let page = 0; page * PAGE < bytes.length; page++) bytes.writeUInt32LE(seed * 1000 + page + 1, page * PAGE);
  return bytes;
}

const FILES: Readonly<Record<string, Buffer>> = {
  "usr/lib/big.so": pages(1, 300, 17),
  "etc/small": pages(2, 0, 5),
  "etc/empty": Buffer.alloc(0),
  "usr/lib/zeros": Buffer.alloc(3 * PAGE),
  "usr/lib/twin.so": pages(1, 2),
};

/** Distinct non-zero pages, counted as a person would. */
function distinct(contents: readonly Buffer[]): Set<string> {
  const found = new Set<string>();
  for (const content of contents) {
    for (let at = 0; at < content.length; at += PAGE) {
      const page = Buffer.alloc(PAGE);
      content.copy(page, 0, at, at + PAGE);
      if (!page.equals(Buffer.alloc(PAGE))) found.add(createHash("sha256").update(page).digest("hex"));
    }
  }
  return found;
}

function rootDirectory(): string {
  const root = path.join(temporaryFolder(), "root");
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  linkSync(path.join(root, "etc/small"), path.join(root, "etc/linked"));
  symlinkSync("usr/lib", path.join(root, "lib"));
  symlinkSync("/etc/passwd", path.join(root, "etc/out"));
  symlinkSync("..", path.join(root, "usr/up"));
  execFileSync("mkfifo", [path.join(root, "etc/fifo")]);
  return root;
}

function rootTar(): TarEntry[] {
  return [
    { name: "./", type: "5" },
    { name: "./usr/", type: "5" },
    ...Object.entries(FILES).map(([name, content]) => ({ name: `./${name}`, content })),
    { name: "./etc/linked", type: "1", link: "./etc/small" },
    { name: "./lib", type: "2", link: "usr/lib" },
    { name: "./etc/out", type: "2", link: "/etc/passwd" },
    { name: "./dev/null", type: "3" },
  ];
}

describe("a root file system gives one set, whatever form it has", () => {
  const expected = distinct(Object.values(FILES));
  const forms: readonly (readonly [string, string, () => string])[] = [
    ["a directory", "directory", rootDirectory],
    [
      "a tar",
      "root file system",
      () => {
        const file = path.join(temporaryFolder(), "root.tar");
        writeFileSync(file, makeTar(rootTar()));
        return file;
      },
    ],
    [
      "a compressed tar",
      "root file system",
      () => {
        const file = path.join(temporaryFolder(), "root.tgz");
        writeFileSync(file, gzipSync(makeTar(rootTar())));
        return file;
      },
    ],
  ];

  test.each(forms)("%s", async (_what, kind, make) => {
    const store = temporaryStore();
    const record = await addKnownSet(store, make(), "root", options);
    expect(record).toMatchObject({ source: kind, files: 6, pages: expected.size });
    const set = openKnownSet(store.blobs, record);
    for (const hash of expected) expect(set.has(Buffer.from(hash, "hex"), 0)).toBe(true);
    // Page 1 of the library has its number there, so only page 0 is the twin's too.
    const placesOf = (content: Buffer, mapped = nowhere as { path: string | null; offset: number }) =>
      set.filesOf(Buffer.from([...distinct([content])][0], "hex"), mapped).map((file) => `${file.path} ${file.offset}`);
    expect(placesOf(FILES["etc/small"])).toEqual(["/etc/linked 0", "/etc/small 0"]);
    const first = FILES["usr/lib/big.so"].subarray(0, PAGE);
    expect(placesOf(first)).toEqual(["/usr/lib/big.so 0", "/usr/lib/twin.so 0"]);
    expect(placesOf(first, { path: "/usr/lib/twin.so", offset: 0 })).toEqual([
      "/usr/lib/twin.so 0",
      "/usr/lib/big.so 0",
    ]);
  });

  test("links are told, never followed", async () => {
    for (const [, , make] of forms.slice(0, 2)) {
      await using source = await openSource(make());
      expect(source.links.get("/lib")).toBe("usr/lib");
      expect(source.links.get("/etc/out")).toBe("/etc/passwd");
      expect(source.files).toBe(6);
    }
  });

  test("a file that may not be read is noted, and the rest is known", async () => {
    if (process.getuid?.() === 0) return;
    const root = rootDirectory();
    chmodSync(path.join(root, "etc/small"), 0);
    const store = temporaryStore();
    const record = await addKnownSet(store, root, "root", options);
    expect(record.files).toBe(4);
    expect(openKnownSet(store.blobs, record).notes).toEqual(["/etc/linked cannot be read."]);
  });

  test("a file of holes beyond any length is left out of a directory, and refused alone", async () => {
    const root = rootDirectory();
    truncateSync(path.join(root, "etc/small"), 2 ** 41);
    await using source = await openSource(root);
    expect([source.files, source.notes[0]]).toEqual([4, expect.stringContaining(`has ${2 ** 41} bytes`)]);
    await expect(openSource(path.join(root, "etc/small"))).rejects.toMatchObject({ code: "limit-met" });
  });

  test("a directory deeper than any system's is refused", async () => {
    const root = temporaryFolder();
    mkdirSync(path.join(root, "d/".repeat(300)), { recursive: true });
    await expect(openSource(root)).rejects.toMatchObject({ code: "limit-met", facts: { limit: 256 } });
  });

  test("a tar without its end mark is read, and the doubt is told", async () => {
    const file = path.join(temporaryFolder(), "root.tar");
    writeFileSync(file, makeTar(rootTar(), new Uint8Array(0)));
    const store = temporaryStore();
    const record = await addKnownSet(store, file, "root", options);
    expect(record).toMatchObject({ files: 6, pages: expected.size });
    expect(openKnownSet(store.blobs, record).notes).toEqual([expect.stringContaining("has no end mark")]);
  });

  test("a tar that climbs is refused", async () => {
    const file = path.join(temporaryFolder(), "root.tar");
    writeFileSync(file, makeTar([{ name: "etc/../../x", content: "x" }]));
    await expect(openSource(file)).rejects.toMatchObject({ code: "archive-hostile" });
  });
});

test("the layer that holds a file is named by its digest", async () => {
  const store = temporaryStore();
  const record = await addKnownSet(store, samplePath("images", "layers-oci.tar"), "layers", options);
  const set = openKnownSet(store.blobs, record);
  expect(set.layers).toEqual([
    "sha256:b406c979d688ade990c915fd8fa2a557191a5967068faf056d2ef6d8146b1a31",
    "sha256:d6514f1d5aaf8e4ec1ea92ed556cbe2e9606d3285b95486a034538199ae6fd4c",
    "sha256:04fc639c7cfc9bff3ba6c785c725db7647b2f594c527f9ecbedfd6d6fd03e26f",
  ]);
  expect(set.files().every(({ layer }) => set.layers.includes(layer))).toBe(true);
  expect(set.files().reduce((sum, file) => sum + file.pages, 0)).toBe(489);
});

test.each([
  ["Packages", "var/lib/rpm/Packages"],
  ["Packages.db", "usr/lib/sysimage/rpm/Packages.db"],
])(
  "an older rpm database (%s) names the packages of a file system, and is noted where it is damaged",
  async (name, place) => {
    const database = zstdDecompressSync(readFileSync(samplePath("rpm", `${name}.zst`)));
    const add = async (content: Buffer) => {
      const store = temporaryStore();
      const file = path.join(temporaryFolder(), "root.tar");
      const root = [
        { name: "./lib64", type: "2" as const, link: "usr/lib64" },
        { name: `./${place}`, content },
        { name: "./usr/lib64/libsample.so.1", content: pages(7, 2) },
        { name: "./usr/lib64/part/007.so", content: pages(8, 1) },
        { name: "./usr/lib64/other.so", content: pages(9, 1) },
      ];
      writeFileSync(file, makeTar(root));
      return openKnownSet(store.blobs, await addKnownSet(store, file, "root", options));
    };
    const set = await add(database);
    expect(set.notes).toEqual([]);
    const ownerOf = (of: string) => set.about(of)?.package;
    // rpm lists it below /lib64.
    expect(ownerOf("/usr/lib64/libsample.so.1")).toEqual({ kind: "rpm", name: "sample", version: "1.4.2-3" });
    expect(ownerOf("/usr/lib64/part/007.so")).toEqual({ kind: "rpm", name: "part-007", version: "1:0.7-3" });
    expect(ownerOf("/usr/lib64/other.so")).toBeNull();
    expect((await add(database.subarray(0, database.length - 200_000))).notes).toEqual([
      expect.stringMatching(`^The rpm database /${place} cannot be read in full \\(\\d+ packages were\\): `),
    ]);
  },
);

test("a single file is a set of its pages, under its own name", async () => {
  const store = temporaryStore();
  const file = path.join(temporaryFolder(), "libx.so.1");
  writeFileSync(file, FILES["usr/lib/big.so"]);
  const record = await addKnownSet(store, file, "libx", { ...options, fileName: "libx.so" });
  const digest = `sha256:${createHash("sha256").update(FILES["usr/lib/big.so"]).digest("hex")}`;
  expect(record).toMatchObject({ source: "file", digest, files: 1, pages: 301 });
  expect(openKnownSet(store.blobs, record).about("/libx.so")).toMatchObject({ layer: digest });
  const packed = path.join(temporaryFolder(), "initrd");
  writeFileSync(packed, gzipSync("of less than a page"));
  expect(await addKnownSet(store, packed, "packed", options)).toMatchObject({ source: "file", pages: 1 });
});

test("a single file is that of a mapping when its path is told, which no other source may be", async () => {
  const store = temporaryStore();
  const file = path.join(temporaryFolder(), "copied-from-host");
  writeFileSync(file, FILES["usr/lib/big.so"]);
  const filePath = "/usr/lib/big.so";
  const set = openKnownSet(store.blobs, await addKnownSet(store, file, "placed", { ...options, filePath }));
  expect(set.hasFile(filePath)).toBe(true);
  expect(set.notes).toEqual(["That it lies at /usr/lib/big.so in containers was told by who added it"]);
  const unplaced = openKnownSet(store.blobs, await addKnownSet(store, file, "unplaced", options));
  expect(unplaced.hasFile(filePath)).toBe(false);
  expect(unplaced.notes).toEqual([expect.stringMatching(/no mapping is known to be of it/)]);
  const tar = path.join(temporaryFolder(), "root.tar");
  writeFileSync(tar, makeTar(rootTar()));
  for (const [place, kind] of [
    [tar, "root file system"],
    [rootDirectory(), "directory"],
    [samplePath("images", "tiny-oci.tar"), "image"],
  ])
    await expect(addKnownSet(store, place, kind, { ...options, filePath })).rejects.toMatchObject({
      code: "bad-request",
      facts: { kind },
    });
});

test("an unpacked image, and what has no page, are refused with a reason", async () => {
  const store = temporaryStore();
  for (const name of ["index.json", "manifest.json"]) {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, name), "{}");
    mkdirSync(path.join(folder, "blobs"));
    await expect(addKnownSet(store, folder, "unpacked", options)).rejects.toMatchObject({
      code: "no-image",
      message: `${folder} is an unpacked image, no root file system: pack it into a tar again, and add that`,
    });
    // A root file system may have a file of that name.
    mkdirSync(path.join(folder, "usr"));
    writeFileSync(path.join(folder, "usr/file"), "something");
    await addKnownSet(store, folder, `root with ${name}`, options);
  }
  for (const empty of [temporaryFolder(), path.join(temporaryFolder(), "zeros")]) {
    if (empty.endsWith("zeros")) writeFileSync(empty, Buffer.alloc(10_240));
    await expect(addKnownSet(store, empty, "empty", options)).rejects.toMatchObject({
      code: "no-image",
      message: expect.stringMatching(/has no page that could be known/),
    });
  }
});

test("what is refused is named as it was called, not by the place that it arrived at", async () => {
  const store = temporaryStore();
  const dump = addKnownSet(store, samplePath("podman", "tiny-t0.tar"), "dump", { ...options, fileName: "mine.tar" });
  await expect(dump).rejects.toMatchObject({ message: expect.stringMatching(/^mine\.tar is a dump/) });
});

test("a snapshot is a baseline: each of its distinct pages, by mapping and address", async () => {
  const store = temporaryStore();
  const { snapshot, distinctPages } = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  const record = await addBaseline(store, snapshot, "clean");
  expect(record).toMatchObject({ source: "snapshot tiny/t0", pages: distinctPages });
  const set = openKnownSet(store.blobs, record);
  const mapped = store.manifest(snapshot).laid.flatMap(({ mapping }) => mapping.path ?? []);
  expect(record.files).toBe(new Set(mapped).size);
  const manifest = store.manifest(snapshot);
  // Against the manifest, read on its own: every recorded page is there, at its place.
  let places = 0;
  for (const { mapping, chunks } of manifest.laid) {
    for (const chunk of chunks) {
      const { page } = manifest.columns(chunk);
      for (let row = 0; row < chunk.rows; row++) {
        if (page[row] >= 0xffff_fffe) continue;
        places++;
        const hash = store.pages.hashes(Uint32Array.of(page[row]));
        const address = `0x${(BigInt(chunk.start + row) * 4096n).toString(16)}`;
        const offset = (chunk.start + row - mapping.spaceStart) * PAGE + (mapping.path === null ? 0 : mapping.offset);
        expect(set.filesOf(hash, nowhere)).toContainEqual(
          expect.objectContaining({ offset, baseline: { snapshot: "tiny/t0", space: mapping.space, address } }),
        );
      }
    }
  }
  expect(places).toBe(40);
  // It holds memory: what a dump has left to a file is not in it.
  expect(set.hasFile("/tiny")).toBe(false);
});
