import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder, temporaryStore } from "../../test/ingest/temporary-store.ts";
import { addKnownSet, openKnownSet } from "./index.ts";

const options = { signal: new AbortController().signal, onProgress: () => undefined };

async function setOf(make: (root: string) => void) {
  const store = temporaryStore();
  const root = temporaryFolder();
  for (const folder of ["usr/bin", "etc/alternatives"]) mkdirSync(path.join(root, folder), { recursive: true });
  make(root);
  return openKnownSet(store.blobs, await addKnownSet(store, root, "root", options));
}

test("a file is called by its hard links, and by symbolic links through links of folders, to any of them", async () => {
  const set = await setOf((root) => {
    const at = (name: string) => path.join(root, name);
    writeFileSync(at("usr/bin/busybox"), "the program");
    writeFileSync(at("usr/bin/other"), "another program");
    linkSync(at("usr/bin/busybox"), at("usr/bin/box"));
    symlinkSync("usr/bin", at("bin"));
    symlinkSync("/bin/busybox", at("usr/bin/sh"));
    symlinkSync("../../bin/box", at("etc/alternatives/shell"));
    symlinkSync("/etc/alternatives/shell", at("usr/bin/shell"));
    symlinkSync("nowhere", at("usr/bin/broken"));
    symlinkSync("circle", at("usr/bin/circle"));
    symlinkSync("other", at("usr/bin/another"));
  });
  const names = ["/etc/alternatives/shell", "/usr/bin/box", "/usr/bin/busybox", "/usr/bin/sh", "/usr/bin/shell"];
  expect([...set.namesOf("/usr/bin/busybox")].sort()).toEqual(names);
  expect([...set.namesOf("/usr/bin/box")].sort()).toEqual(names);
  expect([...set.namesOf("/usr/bin/other")].sort()).toEqual(["/usr/bin/another", "/usr/bin/other"]);
  expect(set.namesOf("/usr/bin/sh")).toEqual([]);
});

test("pages that are all zero are told from others, and from none", async () => {
  const content = Buffer.alloc(3 * 4096 + 1, 0);
  content[4096] = 1;
  content[3 * 4096] = 1;
  const set = await setOf((root) => writeFileSync(path.join(root, "etc/data"), content));
  expect([0, 1, 2, 3, 4].map((page) => set.hasPage("/etc/data", page))).toEqual([false, true, false, true, false]);
  expect(set.hasPage("/etc/none", 1)).toBe(false);
});
