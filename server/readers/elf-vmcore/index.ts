/**
 * An ELF dump of a machine (QEMU `dump-guest-memory`, `/proc/vmcore`): one space of physical addresses. Told from a
 * process core by a QEMU or VMCOREINFO note and no PRPSINFO.
 * @see docs/formats/elf-core.md
 */
import type { PageAddress } from "../../../shared/memory/index.ts";
import type { Mapping } from "../../../shared/snapshot/index.ts";
import type { ByteSource, DumpDescription, DumpReader, ReadOptions } from "../contract.ts";
import {
  addSegments,
  architectureOf,
  ET_CORE,
  NT_PRPSINFO,
  type PlacedSegment,
  PT_LOAD,
  placeSegments,
  readElfHeader,
  readNotes,
  readSegments,
} from "../elf/index.ts";
import { NO_FACTS } from "../facts.ts";
import { Losses } from "../losses.ts";
import { PageRunsBuilder } from "../page-runs.ts";
import { readMachineNotes } from "./machine-notes.ts";

/**
 * Notes looked at before deciding. Before the first that tells a machine there may be an NT_PRSTATUS for each of its
 * processors, of which Linux can have 8,192 on x86-64; a process core tells itself by its first two.
 */
const NOTES_LOOKED_AT = 16_384;

export const elfVmcoreReader: DumpReader = {
  name: "ELF dump of a machine",
  async recognise(source: ByteSource): Promise<boolean> {
    const header = await readElfHeader(source);
    if (header === null || header.type !== ET_CORE) return false;
    // Losses here only decide what kind of core it is; reading reports them.
    const losses = new Losses(true);
    const segments = await readSegments(source, header, losses);
    let machine = false;
    let looked = 0;
    for await (const note of readNotes(source, header, segments, losses)) {
      if (note.name === "CORE" && note.type === NT_PRPSINFO) return false;
      if (note.name === "QEMU" || note.name === "VMCOREINFO") machine = true;
      if (++looked >= NOTES_LOOKED_AT) break;
    }
    return machine;
  },
  read: readVmcore,
};

async function readVmcore(source: ByteSource, options: ReadOptions): Promise<DumpDescription> {
  const losses = new Losses(options.keepCut);
  const header = await readElfHeader(source);
  if (header === null) throw new Error("readVmcore was given a file that is no ELF core");
  const segments = await readSegments(source, header, losses);
  const sentences: string[] = [];
  const note = (sentence: string): void => {
    sentences.push(sentence);
  };
  const machine = await readMachineNotes(source, header, readNotes(source, header, segments, losses), note);
  // Bit 0 of e_flags: makedumpfile ran out of room.
  if ((header.flags & 1) !== 0) note("The writer marked the dump as incomplete (e_flags).");
  // All ones in p_paddr mark memory that has a virtual address only.
  const virtualOnly = header.wide ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
  const loads = segments.filter((segment) => segment.type === PT_LOAD && segment.paddr !== virtualOnly);
  const placed = placeSegments(loads, (segment) => segment.paddr, source.size, losses, note);
  const runs = new PageRunsBuilder();
  addSegments(placed, 0, source.size, runs, losses, note);
  return {
    format: "elf-vmcore",
    facts: {
      ...NO_FACTS,
      architecture: architectureOf(header),
      byteOrder: header.littleEndian ? "little" : "big",
      machine,
      notes: [...sentences, ...losses.sentences],
    },
    spaces: ["physical"],
    mappings: physicalMappings(placed),
    runs: runs.finish(),
    segments: [],
    lost: losses.sentences,
  };
}

/** One mapping per segment; a page that two of them share belongs to the first. */
function physicalMappings(placed: readonly PlacedSegment[]): Mapping[] {
  const mappings: Mapping[] = [];
  let last = 0;
  for (const segment of placed) {
    const start = Math.max(last, Number(segment.start >> 12n)) as PageAddress;
    const end = Number((segment.end + 4095n) >> 12n) as PageAddress;
    if (end <= start) continue;
    mappings.push({
      space: "physical",
      pid: 0,
      range: { start, end },
      spaceStart: start,
      permissions: "???",
      shared: false,
      kind: "physical",
      path: null,
      offset: 0,
      absent: "excluded",
      deleted: false,
    });
    last = end;
  }
  return mappings;
}
