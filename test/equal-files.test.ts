/** A file that several known sets have: of equal ones the one of a package explains it, and bytes come from any of them. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createFillings } from "../server/filling/index.ts";
import { inspectPage } from "../server/inspect/index.ts";
import { addKnownSet, createKnownSets, removeKnownSet } from "../server/known-sets/index.ts";
import { stripReport, stripSnapshot } from "../server/stripping/index.ts";
import { tamperOf } from "../server/tamper/index.ts";
import { PAGE_SIZE, type PageAddress } from "../shared/memory/index.ts";
import { spaceOfProcess } from "../shared/snapshot/index.ts";
import { ingest, temporaryFolder, temporaryStore } from "./ingest/temporary-store.ts";
import { cleanTwin, LIBRARY, LIBRARY_FILE, record, writeLibrary, writeTwin } from "./two-files.ts";

const options = { signal: new AbortController().signal, onProgress: () => undefined };
const CODE = ((LIBRARY + 0x1000) / PAGE_SIZE) as PageAddress;
const PACKAGE = { kind: "dpkg", name: "liblibrary", version: "1.2-3" };

/** A root with the library, of a package. */
function writeRootOfPackage(folder: string, library: string): string {
  const root = path.join(folder, "root");
  const files = {
    [LIBRARY_FILE.path]: readFileSync(library),
    "/var/lib/dpkg/status":
      "Package: liblibrary\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.2-3\n\n",
    "/var/lib/dpkg/info/liblibrary.list": `/.\n/lib\n${LIBRARY_FILE.path}\n`,
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
  return root;
}

test("an equal file of a package explains a mapping before a single file, another file does not", async () => {
  const folder = temporaryFolder();
  const store = temporaryStore();
  const library = writeLibrary(folder);
  const other = path.join(folder, "other.so");
  const content = readFileSync(library);
  // The same pages, two of them in each other's place.
  writeFileSync(
    other,
    Buffer.concat([
      content.subarray(0, 4096),
      ...[2, 1].map((page) => content.subarray(page * 4096, (page + 1) * 4096)),
      content.subarray(3 * 4096),
    ]),
  );
  const twin = cleanTwin();
  // Code as the file has it.
  record(twin, LIBRARY + 0x1000);
  const { snapshot } = await ingest(store, writeTwin(twin), "twin", { parent: "none" });
  const single = { ...options, filePath: LIBRARY_FILE.path };

  const explained = async () => {
    const known = createKnownSets(store);
    const stripping = await stripSnapshot(store, known, snapshot, options);
    const filling = await createFillings(store, known).of(snapshot);
    const { byFile, byPackage } = stripReport(store, known, snapshot, stripping, filling);
    const row = byFile.find((file) => file.path === LIBRARY_FILE.path);
    const page = inspectPage(store, known, snapshot, spaceOfProcess(1), CODE);
    return {
      set: row?.set,
      owner: row?.package,
      packages: byPackage.map(({ package: { name }, files }) => [name, files]),
      page: [page.files[0].set, page.files[0].package?.name],
    };
  };
  const byImage = {
    set: "slim",
    owner: PACKAGE,

    packages: [["liblibrary", 1]],
    page: ["slim", "liblibrary"],
  };

  await addKnownSet(store, writeRootOfPackage(folder, library), "slim", options);
  expect(await explained()).toEqual(byImage);
  await addKnownSet(store, library, "aab", single);
  expect(await explained()).toEqual(byImage);
  // By name before the others; its pages are known, but not where they are.
  await addKnownSet(store, other, "aaa", single);
  expect(await explained()).toMatchObject({ set: "aaa", owner: null, packages: [] });
  const [aaa, aab, slim] = createKnownSets(store).sets();
  expect(aab.contentOf(LIBRARY_FILE.path)).toBe(slim.contentOf(LIBRARY_FILE.path));
  expect(aaa.contentOf(LIBRARY_FILE.path)).not.toBe(slim.contentOf(LIBRARY_FILE.path));
  expect(slim.contentOf("/lib/nothing")).toBeUndefined();
});

test("bytes of a changed page are compared with those of any set that has an equal file", async () => {
  const folder = temporaryFolder();
  const store = temporaryStore();
  const library = writeLibrary(folder);
  const twin = cleanTwin();
  record(twin, LIBRARY + 0x1000)[0x80] ^= 1;
  const { snapshot } = await ingest(store, writeTwin(twin), "twin", { parent: "none" });
  await addKnownSet(store, writeRootOfPackage(folder, library), "slim", options);
  const found = async () => {
    const { findings } = await tamperOf(store, createKnownSets(store), snapshot, options);
    return findings.filter(({ kind }) => kind === "changed-code");
  };
  expect(await found()).toMatchObject([
    { kind: "changed-code", evidence: { set: "slim", bytes: { state: "not-kept" } } },
  ]);
  const withBytes = { ...options, filePath: LIBRARY_FILE.path, withBytes: true };
  await addKnownSet(store, library, "bytes", withBytes);
  expect(await found()).toMatchObject([
    {
      kind: "changed-code",
      evidence: { set: "slim", bytes: { state: "compared", byteCount: 1, ranges: [{ from: 0x80 }] } },
    },
  ]);
  await removeKnownSet(store, "bytes");
  const other = path.join(folder, "other.so");
  writeFileSync(other, Buffer.alloc(4096 * 4, 7));
  await addKnownSet(store, other, "other", withBytes);
  expect((await found())[0]).toMatchObject({ evidence: { set: "other" } });
});
