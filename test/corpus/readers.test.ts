/**
 * The whole corpus (`DUMPSCOPE_CORPUS`) against the numbers in it: `podman/facts.json`, the tables of
 * `MANIFEST-machine.md`, and the tables beside the public samples.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openImage } from "../../server/known-sets/image/index.ts";
import { checkDescription } from "../readers/check-description.ts";
import { countPages, withDump } from "../readers/count-pages.ts";

const CORPUS = process.env.DUMPSCOPE_CORPUS ?? "";

interface Checkpoint {
  readonly archive: { readonly parentLink: string | null };
  readonly processes: number;
  readonly mappings: number | null;
  readonly sharedSegments: number;
  readonly present: number;
  readonly zero: number;
  readonly inParent: number;
  readonly distinctPages: number;
  readonly absentFile: number | null;
  readonly absentAnon: number | null;
  readonly absentShared: number | null;
  readonly absentSpecial: number | null;
}
interface Image {
  readonly regularFiles?: number;
  readonly rootBytes?: number;
}
const FACTS: {
  readonly dumps: Readonly<Record<string, Checkpoint>>;
  readonly images: Readonly<Record<string, Image>>;
} = JSON.parse(readFileSync(join(CORPUS, "podman/facts.json"), "utf8"));

describe("podman", () => {
  test.each(Object.entries(FACTS.dumps))("%s", async (name, truth) => {
    await withDump(join(CORPUS, "podman", name), async ({ source, description }) => {
      checkDescription(source, description);
      const counts = await countPages(source, description);
      const { present, zero, inParent, distinctPages: distinct } = truth;
      expect(counts).toMatchObject({ present, zero, inParent, distinct, lost: 0, partial: 0 });
      expect({
        parentLink: description.facts.parentLink,
        processes: description.facts.processes.length,
        mappings: description.mappings?.length ?? null,
        sharedSegments: description.segments.length,
      }).toEqual({
        parentLink: truth.archive.parentLink,
        processes: truth.processes,
        mappings: truth.mappings,
        sharedSegments: truth.sharedSegments,
      });
      if (truth.mappings === null) return;
      expect(counts.absent).toEqual({
        file: truth.absentFile,
        untouched: (truth.absentAnon ?? 0) + (truth.absentShared ?? 0),
        excluded: truth.absentSpecial,
        missing: 0,
      });
      expect(counts.absentShared).toBe(truth.absentShared);
    });
  });
});

describe("images", () => {
  test.each(Object.entries(FACTS.images))("%s", async (name, truth) => {
    await using image = await openImage(join(CORPUS, "images", name));
    // The docker archives are the OCI ones in another form, and are counted there.
    const counted = truth.regularFiles === undefined ? FACTS.images[name.replace("docker", "oci")] : truth;
    expect({ files: image.files, bytes: image.bytes }).toEqual({
      files: counted.regularFiles,
      bytes: counted.rootBytes,
    });
  });
});

/** `core | … | stored whole pages / zero / distinct` rows of the manifest. */
function coreTable(): (readonly [string, number, number, number])[] {
  const rows: (readonly [string, number, number, number])[] = [];
  for (const line of readFileSync(join(CORPUS, "MANIFEST-machine.md"), "utf8").split("\n")) {
    const match = /^\| (known[\w-]*)(?: \([^|]*\))? \|.*\| (\d+) \/ (\d+) \/ (\d+) \|$/.exec(line);
    if (match !== null) rows.push([`${match[1]}.core.zst`, Number(match[2]), Number(match[3]), Number(match[4])]);
  }
  return rows;
}

describe("cores", () => {
  test.each(coreTable())("%s", async (name, whole, zero, distinct) => {
    await withDump(join(CORPUS, "cores", name), async ({ source, description }) => {
      checkDescription(source, description);
      expect(await countPages(source, description)).toMatchObject({ present: whole - zero, zero, distinct });
    });
  });
});

describe("machines", () => {
  test.each([
    ["bios16.elf.zst", 4160, 4053, 91],
    ["bare64.elf.zst", 4160, 3907, 237],
    ["bios16.elf-window.zst", 32, null, null],
    ["vm-t1.elf.zst", 33_056, null, 20_313],
  ])("%s", async (name, whole, zero, distinct) => {
    await withDump(join(CORPUS, "machine", name), async ({ source, description }) => {
      checkDescription(source, description);
      const counts = await countPages(source, description);
      expect(counts.present + counts.zero).toBe(whole);
      if (zero !== null) expect(counts.zero).toBe(zero);
      if (distinct !== null) expect(counts.distinct).toBe(distinct);
      expect(description.format).toBe("elf-vmcore");
    });
  });
});

/** Cores of the public samples that are stored plain or as zstd, with the counts that their folder's table gives. */
function publicCores(): (readonly [string, number, number, number, number])[] {
  const rows: (readonly [string, number, number, number, number])[] = [];
  for (const folder of ["osandov__drgn", "eliben__pyelftools"]) {
    for (const line of readFileSync(join(CORPUS, "public", folder, "README.md"), "utf8").split("\n")) {
      const [, file, , , facts] = line.split(" | ").length >= 4 ? ["", ...line.replace(/^\| /, "").split(" | ")] : [];
      const match = /PT_LOAD (\d+)\/.*pages present ([\d,]+) \(([\d,]+) distinct\), zero ([\d,]+)/.exec(facts ?? "");
      if (match === null || file === undefined) continue;
      const [loads, present, distinct, zero] = match.slice(1).map((text) => Number(text.replaceAll(",", "")));
      rows.push([`public/${folder}/${file}`, loads, present, distinct, zero]);
    }
  }
  return rows;
}

describe("public cores", () => {
  test.each(publicCores())("%s", async (name, loads, present, distinct, zero) => {
    await withDump(join(CORPUS, name), async ({ source, description }) => {
      checkDescription(source, description);
      expect(description.mappings?.length).toBe(loads);
      expect(await countPages(source, description)).toMatchObject({ present, distinct, zero, lost: 0 });
    });
  });
});

describe("what is no dump is refused", () => {
  test.each([
    ["public/google__breakpad", /\.dmp$/],
    ["public/rust-minidump__rust-minidump", /\.dmp$/],
  ])("minidumps of %s", async (folder, name) => {
    const files = listFiles(join(CORPUS, folder)).filter((file) => name.test(file));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      await expect(withDump(file, async () => {})).rejects.toMatchObject({ code: "unknown-format" });
    }
  });

  test.each(["bios16.kdump-zlib.zst", "bios16.lime.zst", "bios16.avml.zst", "bios16.raw.zst"])("%s", async (name) => {
    await expect(withDump(join(CORPUS, "machine", name), async () => {})).rejects.toMatchObject({
      code: "unknown-format",
    });
  });
});

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
