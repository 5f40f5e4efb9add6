/** What no sample has: checkpoints made by the format's rules. */
import { describe, expect, test } from "vitest";
import { checkDescription } from "../../../test/readers/check-description.ts";
import { checkpoint, type Entry, image, message, mm, pagemap, pages } from "../../../test/readers/make-checkpoint.ts";
import { makeTar } from "../../../test/readers/make-tar.ts";
import { type DumpDescription, MemorySource, RUN_KINDS, recogniseDump } from "../index.ts";

const PSTREE = image("pstree", [
  message([
    [1, 1],
    [2, 0],
    [5, 1],
  ]),
]);
const core = (fields: readonly (readonly [number, number | Uint8Array])[] = []): Uint8Array =>
  image("core", [
    message([
      [1, 1],
      [
        3,
        message([
          [1, 1],
          [6, "task"],
        ]),
      ],
      ...fields,
    ]),
  ]);
const ANON = 0x201;

/** One process with one area of 16 pages from 0x10000 on, and the entries given. */
function oneProcess(
  entries: readonly Entry[],
  content: Uint8Array,
  more: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  return checkpoint({
    "core-1.img": core(),
    "mm-1.img": mm([{ start: 0x10000n, end: 0x20000n, status: ANON }]),
    "pagemap-1.img": pagemap(1, entries),
    "pages-1.img": content,
    "pstree.img": PSTREE,
    ...more,
  });
}

async function read(tar: Uint8Array, keepCut = false): Promise<DumpDescription> {
  const source = new MemorySource(tar);
  const reader = await recogniseDump(source, { asRaw: false });
  const description = await reader.read(source, { keepCut, base: 0n });
  checkDescription(source, description);
  return description;
}

/** Rows as `kind first+count=byte`: the byte is the first one of the run's content. */
async function rowsOf(tar: Uint8Array, keepCut = false): Promise<string[]> {
  const { runs, spaces } = await read(tar, keepCut);
  return Array.from({ length: runs.length }, (_, row) => {
    const kind = RUN_KINDS[runs.kind[row]];
    const byte = kind === "bytes" ? `=${tar[runs.offset[row]]}` : "";
    const part = runs.to[row] - runs.from[row] < 4096 ? `[${runs.from[row]},${runs.to[row]})` : "";
    return `${spaces[runs.space[row]]} ${kind} ${runs.page[row]}+${runs.count[row]}${part}${byte}`;
  });
}

describe("only PRESENT entries have bytes", () => {
  test("parent, lazy and plain entries between them consume none", async () => {
    const entries = [
      { vaddr: 0x10000n, pages: 1, flags: 4 },
      { vaddr: 0x11000n, pages: 3, flags: 1 },
      { vaddr: 0x14000n, pages: 1, flags: 6 },
      { vaddr: 0x15000n, pages: 2, flags: 2 },
      { vaddr: 0x17000n, pages: 1, flags: 0 },
      { vaddr: 0x18000n, pages: 1, flags: 4 },
    ];
    expect(await rowsOf(oneProcess(entries, pages(1, 2, 3)))).toEqual([
      "p1 bytes 16+1=1",
      "p1 parent 17+3",
      "p1 bytes 20+1=2",
      "p1 lost 21+2",
      "p1 zero 23+1",
      "p1 bytes 24+1=3",
    ]);
  });

  test("the count is field 5, else field 2; without flags, in_parent says parent and nothing says present", async () => {
    const entries: Entry[] = [
      {
        vaddr: 0n,
        pages: 0,
        fields: [
          [1, 0x10000n],
          [2, 2],
          [4, 4],
        ],
      },
      {
        vaddr: 0n,
        pages: 0,
        fields: [
          [1, 0x12000n],
          [2, 7],
          [4, 4],
          [5, 1],
        ],
      },
      {
        vaddr: 0n,
        pages: 0,
        fields: [
          [1, 0x13000n],
          [2, 2],
          [3, 1],
        ],
      },
      {
        vaddr: 0n,
        pages: 0,
        fields: [
          [1, 0x15000n],
          [2, 1],
        ],
      },
      {
        vaddr: 0n,
        pages: 0,
        fields: [
          [1, 0x16000n],
          [2, 1],
          [3, 0],
        ],
      },
      {
        vaddr: 0n,
        pages: 0,
        fields: [
          [99, "a vendor's own"],
          [1, 0x17000n],
          [2, 0],
          [4, 4],
          [5, 1],
        ],
      },
    ];
    expect(await rowsOf(oneProcess(entries, pages(1, 1, 2, 3, 4, 5)))).toEqual([
      "p1 bytes 16+3=1",
      "p1 parent 19+2",
      "p1 bytes 21+3=3",
    ]);
  });

  test("entries out of order are sorted, their bytes stay where they are", async () => {
    const entries = [
      { vaddr: 0x14000n, pages: 1, flags: 4 },
      { vaddr: 0x10000n, pages: 1, flags: 4 },
    ];
    expect(await rowsOf(oneProcess(entries, pages(1, 2)))).toEqual(["p1 bytes 16+1=2", "p1 bytes 20+1=1"]);
  });

  test("a page recorded twice is damage; kept, the first counts", async () => {
    const entries = [
      { vaddr: 0x10000n, pages: 2, flags: 4 },
      { vaddr: 0x11000n, pages: 1, flags: 4 },
    ];
    const tar = oneProcess(entries, pages(1, 2, 3));
    await expect(read(tar)).rejects.toMatchObject({ code: "dump-damaged", facts: { address: "0x11000" } });
    expect(await rowsOf(tar, true)).toEqual(["p1 bytes 16+2=1"]);
  });

  test("a pages file that ends early is cut; kept, its last page is known in part and the rest is lost", async () => {
    const tar = oneProcess([{ vaddr: 0x10000n, pages: 4, flags: 4 }], pages(1, 2).subarray(0, 5000));
    await expect(read(tar)).rejects.toMatchObject({
      code: "dump-cut",
      facts: { member: "checkpoint/pages-1.img", needed: 16384, there: 5000 },
    });
    expect(await rowsOf(tar, true)).toEqual(["p1 bytes 16+1=1", "p1 bytes 17+1[0,904)=2", "p1 lost 18+2"]);
  });

  test("a page map that records more than the address space holds is damage", async () => {
    for (const entry of [
      { vaddr: 0xffff_ffff_ffff_f000n, pages: 2, flags: 1 },
      { vaddr: 0x10001n, pages: 1, flags: 1 },
    ]) {
      await expect(read(oneProcess([entry], pages()))).rejects.toMatchObject({ code: "dump-damaged" });
    }
  });

  test("sign-extended addresses of a 32-bit process are folded", async () => {
    const tar = oneProcess([{ vaddr: 0xffff_ffff_f000_0000n, pages: 1, flags: 4 }], pages(1), {
      "mm-1.img": mm([{ start: 0xf000_0000n, end: 0xf001_0000n, status: ANON }]),
    });
    expect(await rowsOf(tar)).toEqual([`p1 bytes ${0xf0000}+1=1`]);
  });

  test("pages without bytes are limited, because they cost their writer nothing", async () => {
    const entries = [{ vaddr: 0n, pages: 2 ** 40, flags: 1 }];
    await expect(read(oneProcess(entries, pages()))).rejects.toMatchObject({ code: "limit-met" });
  });
});

describe("pages of the machine", () => {
  test("of 16 KiB are four pages each", async () => {
    const tar = checkpoint({
      "core-1.img": core(),
      "mm-1.img": mm([{ start: 0x10000n, end: 0x20000n, status: ANON }], [], 16384),
      "pagemap-1.img": pagemap(1, [
        { vaddr: 0x10000n, pages: 1, flags: 4 },
        { vaddr: 0x18000n, pages: 1, flags: 4 },
      ]),
      "pages-1.img": pages(1, 2, 3, 4, 5, 6, 7, 8),
      "pstree.img": PSTREE,
    });
    expect(await rowsOf(tar)).toEqual(["p1 bytes 16+4=1", "p1 bytes 24+4=5"]);
  });

  test("of unknown size have the size that fills the pages file", async () => {
    const tar = makeTar([
      {
        name: "pre-checkpoint/inventory.img",
        content: image("inventory", [
          message([
            [1, 0],
            [9, 1],
          ]),
        ]),
      },
      { name: "pre-checkpoint/pagemap-7.img", content: pagemap(1, [{ vaddr: 0x10000n, pages: 1, flags: 4 }]) },
      { name: "pre-checkpoint/pages-1.img", content: Buffer.alloc(65_536, 9) },
    ]);
    expect(await rowsOf(tar)).toEqual(["p7 bytes 16+16=9"]);
    const { format, mappings, facts } = await read(tar);
    expect([format, mappings, facts.processes]).toEqual([
      "criu-pre-checkpoint",
      null,
      [{ pid: 7, ppid: null, comm: null, commandLine: null, executable: null, threads: null }],
    ]);
  });
});

describe("areas", () => {
  test("recorded pages outside every area are mappings of their own", async () => {
    const entries = [
      { vaddr: 0xe000n, pages: 4, flags: 4 },
      { vaddr: 0x1f000n, pages: 3, flags: 4 },
    ];
    const { mappings } = await read(oneProcess(entries, pages(1, 2, 3, 4, 5, 6, 7)));
    expect(mappings?.map(({ kind, range }) => [kind, range.start, range.end])).toEqual([
      ["unnamed", 14, 16],
      ["anonymous", 16, 32],
      ["unnamed", 32, 34],
    ]);
  });

  test("a file that no image names is a file without a path; old CRIUs name them in an image of their own", async () => {
    const areas = mm([{ start: 0x10000n, end: 0x11000n, status: 0x41, shmid: 5 }]);
    const unknown = await read(oneProcess([], pages(), { "mm-1.img": areas }));
    expect(unknown.mappings).toMatchObject([{ kind: "file", absent: "file", path: null }]);
    const regFiles = image(
      "regFiles",
      [
        message([
          [1, 5],
          [6, "/bin/old"],
        ]),
      ],
      { v1: true },
    );
    const old = await read(oneProcess([], pages(), { "mm-1.img": areas, "reg-files.img": regFiles }));
    expect(old.mappings).toMatchObject([{ kind: "file", absent: "file", path: "/bin/old" }]);
  });

  test("an area of terabytes is a range", async () => {
    const { mappings } = await read(
      oneProcess([], pages(), { "mm-1.img": mm([{ start: 0x1000n, end: 1n << 62n, status: ANON }]) }),
    );
    expect(mappings?.map(({ range }) => range.end - range.start)).toEqual([2 ** 50 - 1]);
  });

  test("what an area is follows from its status in a fixed order", async () => {
    const at = (index: number) => ({ start: BigInt(index) << 16n, end: (BigInt(index) << 16n) + 0x1000n });
    const areas = [0x204, 0x209, 0x1201, 0x41, 0x81, 0x221, 0x201, 0x20201, 0x8000201, 0x103].map((status, index) => ({
      ...at(index + 1),
      status,
      shmid: status & 0xc0 ? 5 : 77,
    }));
    const { mappings } = await read(
      oneProcess([], pages(), {
        // The last area overlaps the others: a guard is no area of its own.
        "mm-1.img": mm([...areas, { start: 0x10000n, end: 0x90000n, status: 0x10001 }], [[5, 0x70800n]]),
        "files.img": image("files", [
          message([
            [1, 1],
            [2, 5],
            [3, message([[6, "/bin/x"]])],
          ]),
        ]),
      }),
    );
    // By pid, then by address; the segment's mapping is the last.
    expect(mappings?.map(({ kind, absent, path, space }) => [kind, absent, path, space])).toEqual([
      ["vsyscall", "excluded", null, "p1"],
      ["vdso", "excluded", null, "p1"],
      ["vvar", "excluded", null, "p1"],
      ["file", "file", "/bin/x", "p1"],
      ["file", "file", "/bin/x", "p1"],
      ["heap", "untouched", null, "p1"],
      ["stack", "untouched", null, "p1"],
      ["anonymous", "excluded", null, "p1"],
      ["anonymous", "excluded", null, "p1"],
      ["shared", "untouched", null, "s77"],
    ]);
  });

  test.each([
    ["end before it starts", { start: 0x20000n, end: 0x10000n }],
    ["do not begin at a page", { start: 0x10010n, end: 0x20000n }],
    ["begin beyond the address space", { start: 1n << 63n, end: (1n << 64n) - 1n }],
  ])("areas that %s are damage", async (_what, area) => {
    const tar = oneProcess([], pages(), { "mm-1.img": mm([{ ...area, status: ANON }]) });
    await expect(read(tar)).rejects.toMatchObject({ code: "dump-damaged" });
    expect((await read(tar, true)).lost.length).toBe(1);
  });

  test("areas that overlap are damage", async () => {
    const areas = [
      { start: 0x10000n, end: 0x20000n, status: ANON },
      { start: 0x1f000n, end: 0x30000n, status: ANON },
    ];
    await expect(read(oneProcess([], pages(), { "mm-1.img": mm(areas) }))).rejects.toMatchObject({
      code: "dump-damaged",
      facts: { address: "0x1f000" },
    });
  });
});

describe("shared memory", () => {
  const memfd = { status: 0x4081, shmid: 9, flags: 1 };
  const images = {
    "files.img": image("files", [
      message([
        [1, 18],
        [2, 9],
        [
          20,
          message([
            [1, 9],
            [5, 3],
          ]),
        ],
      ]),
    ]),
    "memfd.img": image("memfd", [
      message([
        [1, "/dev/zero"],
        [5, 40],
        [7, 3],
      ]),
    ]),
    "pagemap-shmem-40.img": pagemap(2, [{ vaddr: 0x1000n, pages: 2, flags: 4 }]),
    "pages-2.img": pages(8, 9),
  };

  test("mapped in two parts is one segment, whose parts are united", async () => {
    const areas = [
      { start: 0x40000n, end: 0x42000n, ...memfd },
      { start: 0x50000n, end: 0x53000n, pgoff: 0x1000n, ...memfd },
      { start: 0x60000n, end: 0x61000n, pgoff: 0x8000n, ...memfd },
    ];
    const tar = oneProcess([], pages(), { ...images, "mm-1.img": mm(areas) });
    expect(await rowsOf(tar)).toEqual(["s40 bytes 1+2=8"]);
    const { segments, mappings } = await read(tar);
    expect(segments).toEqual([
      {
        space: "s40",
        name: "/dev/zero",
        mapped: [
          [0, 4],
          [8, 9],
        ],
      },
    ]);
    expect(mappings?.map(({ space, spaceStart, offset }) => [space, spaceStart, offset])).toEqual([
      ["s40", 0, 0],
      ["s40", 1, 0x1000],
      ["s40", 8, 0x8000],
    ]);
  });

  test("pages of a segment that no process maps stand in a mapping of their own", async () => {
    const { mappings, segments } = await read(oneProcess([], pages(), images));
    expect(segments).toEqual([{ space: "s40", name: null, mapped: [] }]);
    expect(mappings?.map(({ kind, pid, space }) => [kind, pid, space])).toEqual([
      ["unnamed", 0, "s40"],
      ["anonymous", 1, "p1"],
    ]);
  });

  test("an area that names a memfd which is not there is damage", async () => {
    const tar = oneProcess([], pages(), { "mm-1.img": mm([{ start: 0x40000n, end: 0x42000n, ...memfd }]) });
    await expect(read(tar)).rejects.toMatchObject({ code: "dump-damaged", facts: { address: "0x40000" } });
    expect((await read(tar, true)).mappings).toMatchObject([{ kind: "shared", space: "p1", absent: "missing" }]);
  });
});

describe("processes", () => {
  const two = image("pstree", [
    message([
      [1, 1],
      [2, 0],
      [5, 1],
    ]),
    message([
      [1, 4],
      [2, 1],
      [5, 4],
      [5, 5],
    ]),
  ]);
  const ids = (vm: number) => [[4, message([[1, vm]])] as const];

  test("that share one memory are counted once", async () => {
    const area = mm([{ start: 0x10000n, end: 0x20000n, status: ANON }]);
    const entries = [{ vaddr: 0x10000n, pages: 1, flags: 4 }];
    const tar = checkpoint({
      "pstree.img": two,
      "core-1.img": core(ids(1)),
      "core-4.img": core(ids(1)),
      "mm-1.img": area,
      "mm-4.img": area,
      "pagemap-1.img": pagemap(1, entries),
      "pagemap-4.img": pagemap(1, entries),
      "pages-1.img": pages(1),
    });
    const { spaces, facts } = await read(tar);
    expect(spaces).toEqual(["p1"]);
    expect(facts.processes.map(({ pid, threads }) => [pid, threads])).toEqual([
      [1, 1],
      [4, 2],
    ]);
    expect(facts.notes.join()).toContain("Process 4 shares the memory of process 1");
  });

  test("with one pages file between them must record the same", async () => {
    const build = (other: readonly Entry[]): Uint8Array =>
      oneProcess([{ vaddr: 0x10000n, pages: 1, flags: 4 }], pages(1), {
        "pstree.img": two,
        "core-4.img": core(),
        "mm-4.img": mm([{ start: 0x10000n, end: 0x20000n, status: ANON }]),
        "pagemap-4.img": pagemap(1, other),
      });
    expect(await rowsOf(build([{ vaddr: 0x10000n, pages: 1, flags: 4 }]))).toEqual([
      "p1 bytes 16+1=1",
      "p4 bytes 16+1=1",
    ]);
    await expect(read(build([{ vaddr: 0x11000n, pages: 1, flags: 4 }]))).rejects.toMatchObject({
      code: "dump-damaged",
      facts: { pages_id: 1 },
    });
  });

  test("that are zombies have no memory, and say so", async () => {
    const tar = oneProcess([], pages(), {
      "pstree.img": two,
      "core-4.img": image("core", [
        message([
          [1, 1],
          [
            3,
            message([
              [1, 6],
              [6, "gone"],
            ]),
          ],
        ]),
      ]),
    });
    const { facts, spaces } = await read(tar);
    expect(spaces).toEqual(["p1"]);
    expect(facts.more["state of process 4"]).toBe("zombie");
  });

  test("a command line is read from memory, and not known when one of its pages is not there", async () => {
    const content = Buffer.alloc(8192);
    content.write("cat\0-n\0file\0\0\0", 4090);
    const build = (argEnd: bigint): Uint8Array =>
      oneProcess([{ vaddr: 0x10000n, pages: 2, flags: 4 }], content, {
        "mm-1.img": mm(
          [{ start: 0x10000n, end: 0x20000n, status: ANON }],
          [
            [8, 0x10ffan],
            [9, argEnd],
          ],
        ),
      });
    expect((await read(build(0x11008n))).facts.processes[0].commandLine).toBe("cat -n file");
    expect((await read(build(0x12001n))).facts.processes[0].commandLine).toBeNull();
  });
});

describe("what this version cannot read is named", () => {
  test.each([
    [
      "compressed blocks",
      [
        [1, 0x10000n],
        [2, 0],
        [4, 4],
        [5, 1],
        [6, message([[2, 46]])],
      ],
      "dump-unsupported",
      "blocks (6)",
    ],
    [
      "sizes per page",
      [
        [1, 0x10000n],
        [2, 1],
        [4, 4],
        [6, 46],
        [7, 46],
      ],
      "dump-unsupported",
      "blocks (6)",
    ],
    [
      "encrypted pages",
      [
        [1, 0x10000n],
        [2, 1],
        [4, 4],
        [5, "tag"],
        [6, "nonce"],
      ],
      "dump-encrypted",
      "crypto_tag (5)",
    ],
    [
      "aligned payload",
      [
        [1, 0x10000n],
        [2, 1],
        [4, 12],
        [5, 1],
      ],
      "dump-unsupported",
      "flags (4)",
    ],
  ] as const)("%s", async (_what, fields, code, field) => {
    const tar = oneProcess([{ vaddr: 0n, pages: 0, fields }], pages(1));
    await expect(read(tar, true)).rejects.toMatchObject({
      code,
      facts: { member: "checkpoint/pagemap-1.img", field: expect.stringContaining(field) },
    });
  });

  test("an inventory that says compress", async () => {
    const tar = checkpoint({ "pstree.img": PSTREE, "core-1.img": core() }, [], [[15, 1]]);
    await expect(read(tar)).rejects.toMatchObject({
      code: "dump-unsupported",
      facts: { field: "compress (15)", value: 1 },
    });
  });

  test("pages compressed by another tool's way", async () => {
    await expect(read(oneProcess([], pages(), { "pages-1.comp.img": pages(1) }))).rejects.toMatchObject({
      code: "dump-unsupported",
    });
  });
});

describe("images", () => {
  test("of a big-endian machine are read in its byte order", async () => {
    const tar = oneProcess([], pages(1), {
      "pagemap-1.img": pagemap(1, [{ vaddr: 0x10000n, pages: 1, flags: 4 }], { bigEndian: true }),
    });
    expect(await rowsOf(tar)).toEqual(["p1 bytes 16+1=1"]);
    expect((await read(tar)).facts.byteOrder).toBe("big");
  });

  test("of the first version have one magic", async () => {
    const tar = oneProcess([], pages(), {
      "pstree.img": image(
        "pstree",
        [
          message([
            [1, 1],
            [2, 0],
            [5, 1],
          ]),
        ],
        { v1: true },
      ),
    });
    expect((await read(tar)).facts.processes.length).toBe(1);
  });

  test.each([
    ["of another kind", PSTREE],
    ["with a record that claims gigabytes", Buffer.concat([pagemap(1, []), Buffer.from([0xff, 0xff, 0xff, 0x7f])])],
    ["with half a length", Buffer.concat([pagemap(1, []), Buffer.from([1, 0])])],
    ["with a record that is no message", Buffer.concat([pagemap(1, []), Buffer.from([2, 0, 0, 0, 0x08, 0x80])])],
  ])("%s are damage", async (_what, content) => {
    const tar = oneProcess([], pages(), { "pagemap-1.img": content });
    await expect(read(tar)).rejects.toMatchObject({
      code: "dump-damaged",
      facts: { member: "checkpoint/pagemap-1.img" },
    });
    expect((await read(tar, true)).lost.length).toBeGreaterThan(0);
  });
});

describe("engines and times", () => {
  const beside = (config: unknown, spec: unknown, more: readonly string[] = []) => [
    { name: "config.dump", content: typeof config === "string" ? config : JSON.stringify(config) },
    { name: "spec.dump", content: JSON.stringify(spec) },
    ...more.map((name) => ({ name, content: "{}" })),
  ];
  const facts = async (files: ReturnType<typeof beside>) =>
    (await read(checkpoint({ "pstree.img": PSTREE, "core-1.img": core() }, files))).facts;

  test.each([
    ["podman", { "io.container.manager": "libpod" }, []],
    ["CRI-O", { "io.container.manager": "cri-o" }, []],
    ["containerd", { "io.kubernetes.cri.container-name": "x" }, []],
    ["containerd", {}, ["status.dump"]],
    [null, {}, []],
  ])("%s by its annotations or members", async (engine, annotations, more) => {
    expect((await facts(beside({ id: "1" }, { annotations }, more))).engine).toBe(engine);
  });

  test("times are given in UTC; Go's zero time is unset, then the inventory's time counts", async () => {
    const config = {
      createdTime: "2026-01-02T03:04:05.123456789+02:00",
      checkpointedTime: "2026-01-02T04:00:00+01:00",
    };
    expect(await facts(beside(config, {}))).toMatchObject({
      containerCreatedAt: "2026-01-02T01:04:05.123456789Z",
      checkpointedAt: { at: "2026-01-02T03:00:00Z", from: "checkpointedTime" },
    });
    expect(await facts(beside({ checkpointedTime: "0001-01-01T00:00:00Z" }, {}))).toMatchObject({
      containerCreatedAt: null,
      checkpointedAt: { at: "2023-11-14T22:13:20Z", from: "time of inventory.img" },
    });
  });

  test.each([["{"], ["[]"], ["null"], ["7"]])("a config.dump of %s is told, and refuses nothing", async (config) => {
    const told = await facts(beside(config, { annotations: { "io.container.manager": 7 } }));
    expect([told.containerId, told.engine]).toEqual([null, null]);
    expect(told.notes.join()).toContain("config.dump");
  });

  test("fields of the wrong type count as not said", async () => {
    expect(await facts(beside({ id: 7, name: "x", rootfsImageName: ["a"] }, {}))).toMatchObject({
      containerId: null,
      containerName: "x",
      imageName: null,
    });
  });
});

test("a bare image directory is read at the archive's root, and its parent link is told", async () => {
  const tar = makeTar([
    { name: "./", type: "5" },
    { name: "./parent", type: "2", link: "../1" },
    { name: "./inventory.img", content: image("inventory", [message([[1, 2]])]) },
    { name: "./pagemap-1.img", content: pagemap(1, [{ vaddr: 0x1000n, pages: 1, flags: 1 }]) },
  ]);
  expect(await rowsOf(tar)).toEqual(["p1 parent 1+1"]);
  expect((await read(tar)).facts.parentLink).toBe("../1");
});
