/**
 * What a machine's notes say: the state of each processor, and VMCOREINFO. Notes may lie; what is odd about them is
 * told in sentences, one for each kind of oddity however many processors have it.
 * @see docs/formats/elf-core.md
 */
import type { MachineFacts, ProcessorStatus, QemuState, Vmcoreinfo } from "../../../shared/snapshot/index.ts";
import type { ByteSource } from "../contract.ts";
import { architectureOf, type ElfHeader, type Note, NT_PRSTATUS } from "../elf/index.ts";
import { decodeText } from "../text.ts";
import { isKnownQemu, parseQemu, parseStatus, QEMU_BYTES, QEMU_BYTES_BEFORE, STATUS_BYTES } from "./registers.ts";
import { parseVmcoreinfo } from "./vmcoreinfo.ts";

/** At most 2.6 KB each as JSON: 2.6 MB. Linux can have 8,192 on x86-64; few machines have a thousand. */
const PROCESSORS_LIMIT = 1024;
/** The kernel keeps it in one page of the machine, which has 64 KiB at most. */
const VMCOREINFO_LIMIT = 65_536;

/** @param tell takes the sentences that an analyst must know. */
export async function readMachineNotes(
  source: ByteSource,
  header: ElfHeader,
  notes: AsyncIterable<Note>,
  tell: (sentence: string) => void,
): Promise<MachineFacts> {
  const odd = new Oddities();
  // By processor; `null` for a note that holds nothing.
  const statuses: (ProcessorStatus | null)[] = [];
  const qemus: (QemuState | null)[] = [];
  let statusCount = 0;
  let qemuCount = 0;
  let vmcoreinfo: Vmcoreinfo | null = null;
  let vmcoreinfos = 0;
  for await (const note of notes) {
    if (note.name === "CORE" && note.type === NT_PRSTATUS) {
      if (++statusCount <= PROCESSORS_LIMIT)
        statuses.push(await readStatus(source, header, note, statusCount - 1, odd));
    } else if (note.name === "QEMU") {
      if (++qemuCount <= PROCESSORS_LIMIT) qemus.push(await readQemu(source, header, note, qemuCount - 1, odd));
    } else if (note.name === "VMCOREINFO") {
      if (++vmcoreinfos === 1) vmcoreinfo = await readVmcoreinfo(source, note, tell);
    }
  }
  for (const sentence of odd.sentences()) tell(sentence);
  const processorCount = Math.max(statusCount, qemuCount);
  if (statusCount > 0 && qemuCount > 0 && statusCount !== qemuCount) {
    tell(`The dump has ${statusCount} NT_PRSTATUS and ${qemuCount} QEMU notes; they are put together in their order.`);
  }
  if (processorCount > PROCESSORS_LIMIT) {
    tell(`The notes describe ${processorCount} processors; the registers of the first ${PROCESSORS_LIMIT} are kept.`);
  }
  if (vmcoreinfos > 1) tell(`The dump has ${vmcoreinfos} VMCOREINFO notes; the first is read.`);
  return {
    processorCount,
    processors: Array.from({ length: Math.min(processorCount, PROCESSORS_LIMIT) }, (_, i) => ({
      status: statuses[i] ?? null,
      qemu: qemus[i] ?? null,
    })),
    vmcoreinfo,
  };
}

async function readStatus(
  source: ByteSource,
  header: ElfHeader,
  { offset, length }: Note,
  processor: number,
  odd: Oddities,
): Promise<ProcessorStatus | null> {
  const status = parseStatus(await source.read(offset, Math.min(length, STATUS_BYTES)), length, header);
  if (status === null) {
    odd.add("status-short", processor, `the NT_PRSTATUS note has ${length} bytes, too few for a pid`);
  } else if (status.registers === null) {
    const what = `an NT_PRSTATUS note of ${length} bytes is of no known layout on ${architectureOf(header)}`;
    odd.add("status-layout", processor, `${what}; its registers are not read`);
  }
  return status;
}

async function readQemu(
  source: ByteSource,
  header: ElfHeader,
  { offset, length }: Note,
  processor: number,
  odd: Oddities,
): Promise<QemuState | null> {
  const qemu = parseQemu(await source.read(offset, Math.min(length, QEMU_BYTES)), header);
  if (qemu === null) {
    odd.add("qemu-short", processor, `the QEMU note has ${length} bytes, too few for a version and a size`);
  } else if (!isKnownQemu(qemu)) {
    odd.add("qemu-version", processor, `the QEMU note is of version ${qemu.version}; version 1 is known`);
  } else if (qemu.size !== length) {
    const both = Math.min(qemu.size, length);
    odd.add(
      "qemu-size",
      processor,
      `the QEMU note says that it has ${qemu.size} bytes, but it has ${length}; what lies within ${both} bytes is read`,
    );
  } else if (length < QEMU_BYTES_BEFORE) {
    odd.add("qemu-part", processor, `the QEMU note ends after ${length} bytes, before its last registers`);
  } else if (length > QEMU_BYTES) {
    odd.add("qemu-more", processor, `the QEMU note has ${length} bytes, of which the first ${QEMU_BYTES} are known`);
  }
  return qemu;
}

async function readVmcoreinfo(
  source: ByteSource,
  { offset, length }: Note,
  tell: (sentence: string) => void,
): Promise<Vmcoreinfo> {
  const text = decodeText(await source.read(offset, Math.min(length, VMCOREINFO_LIMIT)));
  const isCut = length > VMCOREINFO_LIMIT;
  // Half a line may read as another number.
  const vmcoreinfo = parseVmcoreinfo(isCut ? text.slice(0, text.lastIndexOf("\n") + 1) : text);
  if (isCut) tell(`VMCOREINFO has ${length} bytes; the lines within the first ${VMCOREINFO_LIMIT} are read.`);
  const unread = vmcoreinfo.lines.filter(({ kind }) => kind === "unread").length;
  if (unread > 0) tell(`Lines of VMCOREINFO that are of no known kind: ${unread}. They are kept in its text.`);
  return vmcoreinfo;
}

/** What is odd about processors: one sentence a kind, with the first processor's numbers. */
class Oddities {
  readonly #kinds = new Map<string, { readonly first: number; readonly what: string; count: number }>();

  add(kind: string, processor: number, what: string): void {
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, { first: processor, what, count: 1 });
    else known.count++;
  }

  sentences(): string[] {
    return [...this.#kinds.values()].map(
      ({ first, what, count }) => `Processor ${first}${count > 1 ? `, and ${count - 1} more` : ""}: ${what}.`,
    );
  }
}
