/** A raw image: every byte is memory, from a base address on. Read only when asked for, because nothing tells it. */
import { DumpError } from "../../../shared/errors/index.ts";
import { PAGE_SIZE, type PageAddress } from "../../../shared/memory/index.ts";
import type { Mapping } from "../../../shared/snapshot/index.ts";
import type { ByteSource, DumpDescription, DumpReader, ReadOptions } from "../contract.ts";
import { NO_FACTS } from "../facts.ts";
import { PageRunsBuilder } from "../page-runs.ts";

const ADDRESS_SPACE = 1n << 64n;

export const rawReader: DumpReader = {
  name: "raw",
  async recognise(): Promise<boolean> {
    return false;
  },
  read: readRaw,
};

async function readRaw(source: ByteSource, options: ReadOptions): Promise<DumpDescription> {
  const base = options.base;
  if (base < 0n || base % BigInt(PAGE_SIZE) !== 0n || base + BigInt(source.size) > ADDRESS_SPACE) {
    throw new DumpError(
      "bad-request",
      `A raw image of ${source.size} bytes cannot begin at 0x${base.toString(16)}: the first address is a multiple of 4096, the last one below 2^64`,
      { base: `0x${base.toString(16)}`, size: source.size },
    );
  }
  const first = Number(base >> 12n);
  const whole = Math.floor(source.size / PAGE_SIZE);
  const tail = source.size % PAGE_SIZE;
  const runs = new PageRunsBuilder();
  runs.add(0, first, whole, "bytes", 0);
  runs.addPart(0, first + whole, 0, tail, whole * PAGE_SIZE);
  const mapping: Mapping = {
    space: "raw",
    pid: 0,
    range: { start: first as PageAddress, end: (first + whole + (tail > 0 ? 1 : 0)) as PageAddress },
    spaceStart: first as PageAddress,
    permissions: "???",
    shared: false,
    kind: "raw",
    path: null,
    offset: 0,
    absent: "missing",
    deleted: false,
  };
  return {
    format: "raw",
    facts: {
      ...NO_FACTS,
      notes: tail === 0 ? [] : [`The last page holds ${tail} bytes; the rest of it is not in the file.`],
    },
    spaces: ["raw"],
    mappings: [mapping],
    runs: runs.finish(),
    segments: [],
    lost: [],
  };
}
