/**
 * Where the registers lie in the two notes that hold a processor's state: the kernel's NT_PRSTATUS, whose layout goes
 * by machine and length, and QEMU's own, whose length goes by its size field.
 * @see docs/formats/elf-core.md
 */
import type { ProcessorStatus, QemuState, SegmentRegister } from "../../../shared/snapshot/index.ts";
import { type ElfHeader, pidOfStatus, viewOf } from "../elf/index.ts";

interface StatusLayout {
  /** `e_machine` of the files it occurs in. */
  readonly machines: readonly number[];
  /** Length of the whole note. */
  readonly length: number;
  readonly pid: number;
  /** Offset of `pr_reg`. */
  readonly registers: number;
  /** Bytes of one register. */
  readonly width: 4 | 8;
  readonly names: readonly string[];
}

const EM_386 = 3;
const EM_X86_64 = 62;
const EM_AARCH64 = 183;

const STATUS_LAYOUTS: readonly StatusLayout[] = [
  {
    machines: [EM_X86_64],
    length: 336,
    pid: 32,
    registers: 112,
    width: 8,
    names: (
      "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss " +
      "fs_base gs_base ds es fs gs"
    ).split(" "),
  },
  {
    // Of 32-bit and 64-bit files alike: QEMU writes it into the latter for a machine that is not in long mode.
    machines: [EM_386],
    length: 144,
    pid: 24,
    registers: 72,
    width: 4,
    names: "ebx ecx edx esi edi ebp eax ds es fs gs orig_eax eip cs eflags esp ss".split(" "),
  },
  {
    machines: [EM_AARCH64],
    length: 392,
    pid: 32,
    registers: 112,
    width: 8,
    names: [...Array.from({ length: 31 }, (_, n) => `x${n}`), "sp", "pc", "pstate"],
  },
];

/** Enough of an NT_PRSTATUS note for every layout. */
export const STATUS_BYTES = Math.max(...STATUS_LAYOUTS.map(({ length }) => length));

/**
 * @param bytes the note's first `STATUS_BYTES` bytes.
 * @param length of the whole note: a note that is longer than a layout is of another.
 * @returns registers `null` for a note of no known layout; `null` for one too short to hold a pid.
 */
export function parseStatus(bytes: Uint8Array, length: number, header: ElfHeader): ProcessorStatus | null {
  const view = viewOf(bytes);
  const layout = STATUS_LAYOUTS.find((each) => each.length === length && each.machines.includes(header.machine));
  const pid = layout?.pid ?? pidOfStatus(header);
  if (bytes.length < pid + 4) return null;
  return {
    pid: view.getInt32(pid, header.littleEndian),
    registers:
      layout === undefined
        ? null
        : Object.fromEntries(
            layout.names.map((name, i) => {
              const at = layout.registers + i * layout.width;
              return [name, layout.width === 8 ? hex64(view, at, header) : hex32(view, at, header)];
            }),
          ),
  };
}

const QEMU_VERSION = 1;
/** rax@8 … */
const QEMU_GENERAL = "rax rbx rcx rdx rsi rdi rsp rbp r8 r9 r10 r11 r12 r13 r14 r15 rip rflags".split(" ");
/** … cs@152, each selector u32, limit u32, flags u32, 4 bytes of padding, base u64 … */
const QEMU_SEGMENTS = "cs ds es fs gs ss ldt tr gdt idt".split(" ");
const SEGMENT_BYTES = 24;
/** … cr0@392 …, and in later versions of the same number kernel_gs_base@432. */
const QEMU_CONTROL = "cr0 cr1 cr2 cr3 cr4 kernel_gs_base".split(" ");
const QEMU_SEGMENTS_AT = 8 + QEMU_GENERAL.length * 8;
const QEMU_CONTROL_AT = QEMU_SEGMENTS_AT + QEMU_SEGMENTS.length * SEGMENT_BYTES;

/** A note as long as all that is known of it. */
export const QEMU_BYTES = QEMU_CONTROL_AT + QEMU_CONTROL.length * 8;
/** Without kernel_gs_base: the shortest that any QEMU wrote. */
export const QEMU_BYTES_BEFORE = QEMU_BYTES - 8;

/**
 * Registers that lie whole within both the note and its size field.
 * @param bytes the note's first `QEMU_BYTES` bytes.
 * @returns no registers of an unknown version; `null` for a note too short to have version and size.
 */
export function parseQemu(bytes: Uint8Array, header: ElfHeader): QemuState | null {
  if (bytes.length < 8) return null;
  const view = viewOf(bytes);
  const version = view.getUint32(0, header.littleEndian);
  const size = view.getUint32(4, header.littleEndian);
  const end = version === QEMU_VERSION ? Math.min(size, bytes.length) : 0;
  const registers: Record<string, string> = {};
  const addRegisters = (names: readonly string[], start: number): void => {
    for (const [i, name] of names.entries()) {
      const at = start + i * 8;
      if (at + 8 <= end) registers[name] = hex64(view, at, header);
    }
  };
  addRegisters(QEMU_GENERAL, 8);
  addRegisters(QEMU_CONTROL, QEMU_CONTROL_AT);
  const segments: SegmentRegister[] = [];
  for (const [i, name] of QEMU_SEGMENTS.entries()) {
    const at = QEMU_SEGMENTS_AT + i * SEGMENT_BYTES;
    if (at + SEGMENT_BYTES > end) break;
    segments.push({
      name,
      selector: hex32(view, at, header),
      limit: hex32(view, at + 4, header),
      flags: hex32(view, at + 8, header),
      base: hex64(view, at + 16, header),
    });
  }
  return { version, size, registers, segments };
}

/** Whether the version is the one whose registers are read. */
export function isKnownQemu({ version }: QemuState): boolean {
  return version === QEMU_VERSION;
}

function hex64(view: DataView, at: number, header: ElfHeader): string {
  return `0x${view.getBigUint64(at, header.littleEndian).toString(16)}`;
}

function hex32(view: DataView, at: number, header: ElfHeader): string {
  return `0x${view.getUint32(at, header.littleEndian).toString(16)}`;
}
