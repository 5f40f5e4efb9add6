/**
 * Every sample against the numbers that independent programs counted (`expected.json` beside the samples).
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readMemory } from "../../server/readers/criu/read-memory.ts";
import { recogniseDump } from "../../server/readers/index.ts";
import { checkDescription } from "./check-description.ts";
import { countPages, withDump } from "./count-pages.ts";

const SAMPLES = new URL("../../dumps/samples/", import.meta.url).pathname;

interface Pages {
  readonly present: number;
  readonly zero: number;
}
interface Checkpoint {
  readonly parentLink: string | null;
  readonly processes: number;
  readonly processList: readonly {
    readonly pid: number;
    readonly ppid: number | null;
    readonly comm: string | null;
    readonly exe: string | null;
    readonly threads: number | null;
  }[];
  readonly mappings: number | null;
  readonly segments: readonly {
    readonly shmid: number;
    readonly name: string | null;
    readonly mappedPages: number;
    readonly mappedBy: readonly { readonly pid: number; readonly start: string; readonly end: string }[];
  }[];
  readonly alone: {
    readonly pages: Pages & {
      readonly inParent: number;
      readonly absent: {
        readonly file: number;
        readonly untouched: number;
        readonly excluded: number;
        readonly missing: number;
      } | null;
    };
    readonly distinctPages: number;
  };
  readonly absentFileByPath: Readonly<Record<string, number>>;
}
interface Core {
  readonly broken?: string;
  readonly pid: number | null;
  readonly comm: string | null;
  readonly psargs: string | null;
  readonly threads: readonly number[];
  readonly mappings: number;
  readonly pages: Pages;
  readonly distinctPages: number;
  readonly segmentsOutsideFile: number;
  readonly knownBytes?: readonly { readonly address: string; readonly stored: boolean; readonly hex: string | null }[];
}
interface Machine {
  readonly pages: Pages;
  readonly distinctPages: number;
  readonly base?: string;
  readonly mappings?: number;
}

function expected<T>(folder: string): Readonly<Record<string, T>> {
  const parsed: { readonly dumps: Readonly<Record<string, T>> } = JSON.parse(
    readFileSync(`${SAMPLES}${folder}/expected.json`, "utf8"),
  );
  return parsed.dumps;
}

describe("checkpoints are described as counted", () => {
  test.each(Object.entries(expected<Checkpoint>("podman")))("%s", async (name, truth) => {
    await withDump(`${SAMPLES}podman/${name}`, async ({ source, description }) => {
      checkDescription(source, description);
      const counts = await countPages(source, description);
      const { pages } = truth.alone;
      expect({
        present: counts.present,
        zero: counts.zero,
        inParent: counts.inParent,
        distinct: counts.distinct,
      }).toEqual({
        present: pages.present,
        zero: pages.zero,
        inParent: pages.inParent,
        distinct: truth.alone.distinctPages,
      });
      expect(description.mappings?.length ?? null).toBe(truth.mappings);
      expect(description.format).toBe(truth.mappings === null ? "criu-pre-checkpoint" : "criu-checkpoint");
      expect(description.facts.parentLink).toBe(truth.parentLink);
      expect(description.lost).toEqual([]);
      if (truth.mappings !== null && pages.absent !== null) {
        const { file, untouched, excluded } = pages.absent;
        expect(counts.absent).toEqual({ file, untouched, excluded, missing: 0 });
        expect(counts.absentFileByPath).toEqual(truth.absentFileByPath);
      }
      const processes = description.facts.processes.map(({ pid, ppid, comm, executable, threads }) => ({
        pid,
        ppid,
        comm,
        exe: executable,
        threads,
      }));
      expect(processes).toEqual(
        truth.processList.map(({ pid, ppid, comm, exe, threads }) => ({ pid, ppid, comm, exe, threads })),
      );
      const segments = description.segments.map(({ space, name, mapped }) => ({
        space,
        name,
        mappedPages: mapped.reduce((sum, [start, end]) => sum + end - start, 0),
        mappedBy: (description.mappings ?? [])
          .filter((mapping) => mapping.space === space)
          .map(({ pid, range }) => ({
            pid,
            start: `0x${(BigInt(range.start) << 12n).toString(16)}`,
            end: `0x${(BigInt(range.end) << 12n).toString(16)}`,
          })),
      }));
      expect(segments).toEqual(
        truth.segments.map(({ shmid, name, mappedPages, mappedBy }) => ({
          space: `s${shmid}`,
          name,
          mappedPages,
          mappedBy,
        })),
      );
    });
  });

  test("container, image, times and command line of app are told as the archive tells them", async () => {
    await withDump(`${SAMPLES}podman/app-t0.tar.zst`, async ({ description: { facts, mappings } }) => {
      expect(facts).toMatchObject({
        engine: "podman",
        containerName: "app",
        imageName: "localhost/slim:1",
        imageId: "e31ec42ca6774a8212ca433def9f250556f60267bfa728b147f7816931f9aa2e",
        containerCreatedAt: "2026-11-23T04:06:46.782940252Z",
        checkpointedAt: { at: "2026-11-23T04:06:47Z", from: "time of inventory.img" },
        architecture: "x86-64",
      });
      expect(facts.processes[0].commandLine).toBe("python3 -I -S -E -B /opt/app.py");
      expect(facts.more["content of deleted /tmp/ghost.bin"]).toBe("checkpoint/ghost-file-1.img, 12288 bytes");
      const ghost = mappings?.filter(({ deleted }) => deleted) ?? [];
      expect(ghost.map(({ path, absent, shared }) => ({ path, absent, shared }))).toEqual([
        { path: "/tmp/ghost.bin", absent: "file", shared: true },
      ]);
    });
  });

  test("a command line that the program rewrote is shown as memory holds it", async () => {
    await withDump(`${SAMPLES}podman/nginx-t0.tar.zst`, async ({ description: { facts } }) => {
      expect(facts.processes.map(({ commandLine }) => commandLine)).toEqual([
        "nginx: master process nginx -c ",
        "nginx: worker process",
        "nginx: worker process",
      ]);
    });
  });

  test("a command line on a page of the parent is not known", async () => {
    await withDump(`${SAMPLES}podman/tiny-inc.tar`, async ({ description: { facts } }) => {
      expect(facts.processes.map(({ commandLine }) => commandLine)).toEqual([null, null]);
    });
  });
});

const cores = Object.entries(expected<Core>("cores"));

describe("cores are described as counted", () => {
  test.each(cores.filter(([, core]) => core.broken === undefined))("%s", async (name, truth) => {
    await withDump(`${SAMPLES}cores/${name}`, async ({ source, description }) => {
      const counts = await countPages(source, description);
      // Sixty thousand mappings are walked once per space there; that takes minutes, and proves nothing new.
      if (truth.mappings < 1000) checkDescription(source, description);
      expect({
        present: counts.present,
        zero: counts.zero,
        distinct: counts.distinct,
        partial: counts.partial,
      }).toEqual({
        ...truth.pages,
        distinct: truth.distinctPages,
        partial: 0,
      });
      expect(description.mappings?.length).toBe(truth.mappings);
      expect(description.facts.processes).toMatchObject([
        { pid: truth.pid, comm: truth.comm, commandLine: truth.psargs?.trimEnd(), threads: truth.threads.length },
      ]);
      for (const { address, stored, hex } of truth.knownBytes ?? []) {
        const start = BigInt(address);
        const bytes = await readMemory(source, description.runs, 0, start, start + BigInt((hex?.length ?? 2) / 2));
        expect([address, bytes === null ? null : Buffer.from(bytes).toString("hex")]).toEqual([
          address,
          stored ? hex : null,
        ]);
      }
    });
  });

  test("a core of 66,524 segments is described in a few seconds", async () => {
    await withDump(`${SAMPLES}cores/many.core.zst`, async ({ source }) => {
      const start = performance.now();
      const reader = await recogniseDump(source, { asRaw: false });
      const description = await reader.read(source, { keepCut: false, base: 0n });
      expect(description.mappings?.length).toBe(66_524);
      expect(performance.now() - start).toBeLessThan(5000);
    });
  });

  test("what is not stored is left to its file where the core names one, and left out where it does not", async () => {
    await withDump(`${SAMPLES}cores/known64.core.zst`, async ({ description }) => {
      const at = (address: bigint) => description.mappings?.find(({ range }) => BigInt(range.start) << 12n === address);
      expect(at(0x2000_0020_0000n)).toMatchObject({ kind: "file", absent: "file", path: "/srv/known/mapped.txt" });
      expect(at(0x2000_0060_0000n)).toMatchObject({ kind: "anonymous", absent: "excluded", path: null });
      expect(at(0x2000_0040_0000n)).toMatchObject({ kind: "file", deleted: true });
      expect(at(0x2000_0050_0000n)).toMatchObject({ kind: "shared", shared: true, path: "/dev/zero", deleted: true });
    });
  });

  test.each([
    ["known64-cut.core.zst", "dump-cut", { segment: 10, segmentsOutside: 23, offset: 100_352 }],
    ["known64-badseg.core.zst", "dump-cut", { segment: 3, segmentsOutside: 25, offset: 339_968 }],
    ["known64-badphoff.core.zst", "dump-damaged", { e_phoff: "0x7fffffff0000", size: 65_536 }],
    ["known64-badphnum.core.zst", "dump-damaged", { e_phnum: 60_000, header: 42 }],
  ])("%s is refused", async (name, code, facts) => {
    await expect(withDump(`${SAMPLES}cores/${name}`, async () => {})).rejects.toMatchObject({ code, facts });
  });

  test.each(cores.filter(([, core]) => core.broken !== undefined))(
    "of %s what is there can be kept",
    async (name, truth) => {
      await withDump(
        `${SAMPLES}cores/${name}`,
        async ({ source, description }) => {
          checkDescription(source, description);
          const counts = await countPages(source, description);
          expect(description.lost.length).toBeGreaterThan(0);
          if (truth.mappings !== undefined) expect(description.mappings?.length).toBe(truth.mappings);
          if (truth.pages !== undefined)
            expect(counts).toMatchObject({ ...truth.pages, distinct: truth.distinctPages });
          // 6,334 pages are in the whole core; the page in which the file ends is known in part.
          if (name === "known64-cut.core.zst") expect(counts).toMatchObject({ partial: 1, lost: 6334 - 19 - 1 });
        },
        { keepCut: true },
      );
    },
  );
});

describe("machines are described as counted", () => {
  test.each(Object.entries(expected<Machine>("machine")))("%s", async (name, truth) => {
    await withDump(
      `${SAMPLES}machine/${name}`,
      async ({ source, description }) => {
        checkDescription(source, description);
        expect(await countPages(source, description)).toMatchObject({ ...truth.pages, distinct: truth.distinctPages });
        expect(description.spaces).toEqual([truth.base === undefined ? "physical" : "raw"]);
        if (truth.mappings !== undefined) expect(description.mappings?.length).toBe(truth.mappings);
        if (truth.base !== undefined) expect(BigInt(description.runs.page[0]) << 12n).toBe(BigInt(truth.base));
      },
      { asRaw: truth.base !== undefined, base: BigInt(truth.base ?? 0) },
    );
  });

  // RIP, CR0 and CR3 as the machines' monitor printed them, R14 and R15 as `bare64.S` sets them; the others by
  // `od -t x8` of the notes.
  test.each([
    [
      "bios16.elf.zst",
      "i386",
      { rip: "0xb7b9", rsp: "0x6f94", rflags: "0x246", cr0: "0x10", cr3: "0x0", kernel_gs_base: "0x0" },
      { selector: "0xf000", base: "0xf0000", limit: "0xffff" },
      { eip: "0xb7b9", esp: "0x6f94", cs: "0xf000", eflags: "0x246" },
    ],
    [
      "bare64.elf.zst",
      "x86-64",
      { rip: "0x1001c9", r14: "0x4f4353504d554444", r15: "0xd0d0cafe12345678", cr0: "0x80000011", cr3: "0x300000" },
      { selector: "0x8", base: "0x0", limit: "0xffffffff" },
      { rip: "0x1001c9", r14: "0x4f4353504d554444", r15: "0xd0d0cafe12345678", cs: "0x8" },
    ],
  ])("%s has the state of its processor", async (name, architecture, registers, cs, status) => {
    await withDump(`${SAMPLES}machine/${name}`, async ({ description: { facts } }) => {
      expect(facts.architecture).toBe(architecture);
      expect(facts.notes).toEqual([]);
      expect(facts.machine).toMatchObject({
        processorCount: 1,
        processors: [{ qemu: { version: 1, size: 440, registers }, status: { pid: 1, registers: status } }],
        vmcoreinfo: null,
      });
      expect(facts.machine?.processors[0].qemu?.segments).toHaveLength(10);
      expect(facts.machine?.processors[0].qemu?.segments[0]).toMatchObject({ name: "cs", ...cs });
    });
  });

  test("a process has no facts of a machine", async () => {
    await withDump(`${SAMPLES}cores/known64.core.zst`, async ({ description }) => {
      expect(description.facts.machine).toBeNull();
    });
  });
});
