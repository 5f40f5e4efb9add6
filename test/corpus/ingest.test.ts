import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { compareSnapshots } from "../../server/compare/index.ts";
import { addImage } from "../../server/known-sets/index.ts";
import { ingest, temporaryStore } from "../ingest/temporary-store.ts";

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
      const set = await addImage(store, path.join(corpus, "images/slim-oci.tar"), "slim", options);
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
  const oci = await addImage(store, path.join(corpus, "images/layers-oci.tar"), "oci", options);
  const docker = await addImage(store, path.join(corpus, "images/layers-docker.tar"), "docker", options);
  expect([oci.pages, docker.pages]).toEqual([489, 489]);
  expect(docker.run).toBe(oci.run);
});
