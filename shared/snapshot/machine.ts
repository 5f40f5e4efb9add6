/**
 * What a dump of a machine says of its processors and of its kernel, as the notes state it. Numbers of up to 64 bits
 * are text, so that these facts go through JSON unharmed: hexadecimal with 0x for addresses and registers, decimal
 * where the kernel prints decimal.
 * @see docs/formats/elf-core.md
 */

/** Registers by the names their architecture gives them, in the order of the note; lower-case hexadecimal with 0x. */
export type Registers = Readonly<Record<string, string>>;

/** A segment or descriptor-table register with its hidden part; all hexadecimal. */
export interface SegmentRegister {
  readonly name: string;
  readonly selector: string;
  readonly base: string;
  readonly limit: string;
  /** The descriptor's second word as QEMU keeps it: the attributes are bits 8 to 23. */
  readonly flags: string;
}

/** An NT_PRSTATUS note. */
export interface ProcessorStatus {
  /** `pr_pid`: in a kernel's own dump the process that ran there (0 when idle); QEMU writes its processor number + 1. */
  readonly pid: number;
  /** `null` when the note is of no known layout; the facts' notes say so. */
  readonly registers: Registers | null;
}

/** QEMU's own note on a processor of an x86 machine. */
export interface QemuState {
  readonly version: number;
  /** As the note says; what it says beyond the note's end is not there. */
  readonly size: number;
  /** rax … r15, rip, rflags, cr0 … cr4, and kernel_gs_base when the note has room for it. Empty for an unknown version. */
  readonly registers: Registers;
  readonly segments: readonly SegmentRegister[];
}

/** One processor. The first NT_PRSTATUS and the first QEMU note are of processor 0, and so on. */
export interface ProcessorFacts {
  readonly status: ProcessorStatus | null;
  readonly qemu: QemuState | null;
}

/** A line of VMCOREINFO by its kind. */
export type VmcoreinfoLine =
  /** `NAME=text`, such as OSRELEASE. */
  | { readonly kind: "value"; readonly name: string; readonly text: string }
  /** `SYMBOL(name)=hexadecimal without 0x`. */
  | { readonly kind: "symbol"; readonly name: string; readonly address: string }
  /** Decimal: bytes of a type, bytes from its start, elements of an array. */
  | { readonly kind: "size" | "offset" | "length"; readonly name: string; readonly value: string }
  /** Decimal, with its sign: `phys_base` is printed signed, and is an address when taken as 64 bits unsigned. */
  | { readonly kind: "number"; readonly name: string; readonly value: string }
  /** `CONFIG_NAME=y`; the name without `CONFIG_`. */
  | { readonly kind: "config"; readonly name: string; readonly text: string }
  /** A line that is none of these, or whose number is none. */
  | { readonly kind: "unread"; readonly text: string };

/** The VMCOREINFO note: what the kernel tells those who read its dump. */
export interface Vmcoreinfo {
  /** OSRELEASE. */
  readonly kernelRelease: string | null;
  /** BUILD-ID of the kernel, hexadecimal. */
  readonly buildId: string | null;
  /** PAGESIZE in bytes. */
  readonly pageSize: number | null;
  /** KERNELOFFSET, the KASLR offset: hexadecimal with 0x. */
  readonly kernelOffset: string | null;
  /** CRASHTIME, RFC 3339, UTC. */
  readonly crashedAt: string | null;
  readonly lines: readonly VmcoreinfoLine[];
  /** The note itself, up to its first NUL. */
  readonly text: string;
}

export interface MachineFacts {
  /** Processors that the notes describe; more than are listed when there are very many. */
  readonly processorCount: number;
  readonly processors: readonly ProcessorFacts[];
  /** `null` when the dump has no such note. */
  readonly vmcoreinfo: Vmcoreinfo | null;
}
