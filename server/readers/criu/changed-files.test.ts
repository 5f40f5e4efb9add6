import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { checkpoint, image, message } from "../../../test/readers/make-checkpoint.ts";
import { makeTar, type TarEntry } from "../../../test/readers/make-tar.ts";
import { changedFilesOf, MemorySource } from "../index.ts";

const LAYER = makeTar([
  { name: "./usr/bin/x", content: "x" },
  { name: "opt/", type: "5" },
  { name: "etc/link", type: "2", link: "elsewhere" },
  { name: "srv/.wh.gone", content: "" },
  { name: "var/.wh..wh..opq", content: "" },
]);

const PATHS = {
  "/usr/bin/x": true,
  "/usr/bin/xy": false,
  "/opt/y": false,
  "/etc/link": true,
  "/etc/link/below": true,
  "/srv/gone": true,
  "/srv/gone/below/it": true,
  "/srv/gone2": false,
  "/var/lib/z": true,
  "/usr/share/removed": true,
} as const;

const LIST: TarEntry = { name: "deleted.files", content: '["/usr/share/removed"]' };

async function changed(beside: readonly TarEntry[]): Promise<Record<string, boolean>> {
  const files = await changedFilesOf(new MemorySource(checkpoint({}, beside)));
  return Object.fromEntries(Object.keys(PATHS).map((path) => [path, files.has(path)]));
}

const every = (value: boolean) => Object.fromEntries(Object.keys(PATHS).map((path) => [path, value]));

test.each([
  ["plain", LAYER],
  ["compressed", gzipSync(LAYER)],
])("files that were changed, removed, or lie below what was are told: %s", async (_, content) => {
  expect(await changed([{ name: "rootfs-diff.tar", content }, LIST])).toEqual(PATHS);
});

test("what is mounted over a file or folder of the image is not the image's; the root is", async () => {
  const mount = (place: string) => message([[7, place]]);
  const mounts = image("mountpoints", ["/", "/usr/bin/x", "/var/lib", "/srv/gone"].map(mount));
  const files = await changedFilesOf(new MemorySource(checkpoint({ "mountpoints-13.img": mounts })));
  const told = ["/usr/bin/x", "/usr/bin/xy", "/var/lib/z/deep", "/var/libz", "/srv/gone/below"].map(files.has);
  expect(told).toEqual([true, false, true, false, true]);
  const damaged = checkpoint({ "mountpoints-13.img": mounts.subarray(0, mounts.length - 2) });
  expect((await changedFilesOf(new MemorySource(damaged))).has("/any")).toBe(true);
});

test("without a difference nothing was changed; what is no checkpoint has none", async () => {
  expect(await changed([])).toEqual(every(false));
  expect(await changed([{ name: "rootfs-diff.tar", content: new Uint8Array(1024) }])).toEqual(every(false));
  expect((await changedFilesOf(new MemorySource(new Uint8Array(8192)))).has("/x")).toBe(false);
});

test.each([
  ["a difference that is damaged", { name: "rootfs-diff.tar", content: LAYER.subarray(0, 700) }],
  ["a compressed one that is cut", { name: "rootfs-diff.tar", content: gzipSync(LAYER).subarray(0, 40) }],
  ["a list that is none", { name: "deleted.files", content: "{" }],
])("of what cannot be read nobody knows, so any file may be changed: %s", async (_, entry) => {
  expect(await changed([entry])).toEqual(every(true));
});

test("a difference that unpacks beyond the limit is not unpacked, and any file may be changed", async () => {
  const difference = { name: "rootfs-diff.tar", content: gzipSync(LAYER) };
  vi.stubEnv("DUMPSCOPE_UNPACK_LIMIT", String(LAYER.length - 1));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await changed([difference])).toEqual(every(true));
  vi.stubEnv("DUMPSCOPE_UNPACK_LIMIT", String(LAYER.length));
  expect(await changed([difference, LIST])).toEqual(PATHS);
});
