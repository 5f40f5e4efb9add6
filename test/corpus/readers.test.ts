/**
 * The whole corpus (`DUMPSCOPE_CORPUS`) against the numbers in it: `podman/facts.json`, the tables of
 * `MANIFEST-machine.md`, and the tables beside the public samples.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openImage } from "../../server/known-sets/image/index.ts";
import { FileSource } from "../../server/readers/index.ts";
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
    await using image = await openImage(await FileSource.open(join(CORPUS, "images", name)));
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

/** Registers of each processor as the machine's monitor printed them: `RAX=…`, `CS =0033 base limit flags`, `GDT= base limit`. */
function monitorRegisters(file: string): {
  readonly registers: Record<string, bigint>;
  readonly segments: Record<string, readonly bigint[]>;
}[] {
  const text = readFileSync(join(CORPUS, "machine", file), "utf8").split("\n## mtree")[0];
  return text
    .split(/^CPU#\d+$/m)
    .slice(1)
    .map((processor) => {
      const registers = [...processor.matchAll(/\b(R\w{1,2}|CR\d) ?=([0-9a-f]{8,16})\b/g)];
      const segments = [...processor.matchAll(/^([C-GS]S|LDT|TR|GDT|IDT) ?=([ 0-9a-f]+)/gm)];
      const hex = (digits: string): bigint => BigInt(`0x${digits}`);
      return {
        registers: Object.fromEntries(
          registers.map(([, name, digits]) => [name === "RFL" ? "rflags" : name.toLowerCase(), hex(digits)]),
        ),
        segments: Object.fromEntries(
          segments.map(([, name, words]) => [name.toLowerCase(), words.trim().split(/\s+/).slice(0, 4).map(hex)]),
        ),
      };
    });
}

describe("a Linux machine's facts", () => {
  test("are its monitor's registers", async () => {
    const printed = monitorRegisters("vm-t1-facts.txt");
    expect(printed.map(({ registers, segments }) => [Object.keys(registers).length, Object.keys(segments)])).toEqual(
      // 16 general ones, RIP, RFL, and CR0, 2, 3, 4.
      Array(2).fill([22, ["es", "cs", "ss", "ds", "fs", "gs", "ldt", "tr", "gdt", "idt"]]),
    );
    await withDump(join(CORPUS, "machine", "vm-t1.elf.zst"), async ({ description: { facts } }) => {
      expect(facts.notes).toEqual([]);
      expect(facts.machine?.processorCount).toBe(2);
      for (const [index, { qemu, status }] of facts.machine?.processors.entries() ?? []) {
        const { registers, segments } = printed[index];
        for (const [name, value] of Object.entries(registers)) {
          expect([index, name, BigInt(qemu?.registers[name] ?? -1)]).toEqual([index, name, value]);
          if (/^r/.test(name)) {
            const kernelName = name === "rflags" ? "eflags" : name;
            expect([index, name, BigInt(status?.registers?.[kernelName] ?? -1)]).toEqual([index, name, value]);
          }
        }
        for (const { name, selector, base, limit, flags } of qemu?.segments ?? []) {
          // The monitor masks the descriptor's bits that are no attributes; of tables it prints base and limit alone.
          const own = [selector, base, limit].map(BigInt);
          const attributes = BigInt(flags) & 0x00ff_ff00n;
          const isTable = name === "gdt" || name === "idt";
          expect([name, ...(isTable ? own.slice(1) : [...own, attributes])]).toEqual([name, ...segments[name]]);
        }
        expect(status?.pid).toBe(index + 1);
      }
    });
  });

  test("are its kernel's: symbols and phys_base as read from the running guest, the KASLR offset from its _text", async () => {
    const guest = readFileSync(join(CORPUS, "machine", "vm-t1-facts.txt"), "utf8");
    const pairs = new Map(
      [...guest.matchAll(/^PAIR (\w+) +va=(0x[0-9a-f]+)/gm)].map(([, name, va]) => [name, BigInt(va)]),
    );
    await withDump(join(CORPUS, "machine", "vm-t1.elf.zst"), async ({ description: { facts } }) => {
      const vmcoreinfo = facts.machine?.vmcoreinfo;
      const text = pairs.get("_text") ?? 0n;
      expect(vmcoreinfo).toMatchObject({
        kernelRelease: "6.1.0-56-cloud-amd64",
        pageSize: 4096,
        // A kernel without KASLR has its _text at 0xffffffff81000000.
        kernelOffset: `0x${(text - 0xffff_ffff_8100_0000n).toString(16)}`,
        crashedAt: null,
      });
      const lines = new Map(vmcoreinfo?.lines.map((line) => ["name" in line ? line.name : "", line]));
      for (const name of ["init_uts_ns", "init_top_pgt"]) {
        expect(lines.get(name)).toEqual({ kind: "symbol", name, address: `0x${pairs.get(name)?.toString(16)}` });
      }
      const physBase = /phys_base (0x[0-9a-f]+)/.exec(guest)?.[1] ?? "";
      const stated = lines.get("phys_base");
      expect(stated?.kind === "number" && BigInt.asUintN(64, BigInt(stated.value))).toBe(BigInt(physBase));
      expect(vmcoreinfo?.text.length).toBe(3262);
      expect(vmcoreinfo?.lines.filter(({ kind }) => kind === "unread")).toEqual([]);
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
