/** A machine's kernel, processors and registers in lines of a terminal. */
import type { MachineFacts, ProcessorFacts, Registers } from "../../shared/snapshot/index.ts";
import { count, plural, table } from "./words.ts";

/** A register's name and 64 bits, and a blank between columns: 4 columns in 120 characters. */
const COLUMN = 29;
const COLUMNS = 4;

export function machineLines({ processorCount, processors, vmcoreinfo }: MachineFacts): string[] {
  const facts: Record<string, string | null> = {
    ...(vmcoreinfo === null
      ? { VMCOREINFO: null }
      : {
          "kernel release": vmcoreinfo.kernelRelease,
          "kernel build id": vmcoreinfo.buildId,
          "KASLR offset": vmcoreinfo.kernelOffset,
          "page size": vmcoreinfo.pageSize === null ? null : `${vmcoreinfo.pageSize} bytes`,
          crashed: vmcoreinfo.crashedAt,
          VMCOREINFO: `${plural(vmcoreinfo.lines.length, "line")}; --json has them`,
        }),
    processors: processorCount === 0 ? null : count(processorCount),
  };
  return [
    ...Object.entries(facts).map(([name, value]) => `${name.padEnd(18)} ${value ?? "not in the dump"}`),
    ...processors.flatMap(processorLines),
  ];
}

function processorLines({ qemu, status }: ProcessorFacts, index: number): string[] {
  const lines: string[] = [];
  if (qemu !== null) {
    lines.push("", `processor ${index}, QEMU note of version ${qemu.version}`, ...registerLines(qemu.registers));
    if (qemu.segments.length > 0) {
      const rows = qemu.segments.map(({ name, selector, base, limit, flags }) => [name, selector, base, limit, flags]);
      lines.push(...table(["segment", "selector", "base", "limit", "flags"], rows));
    }
  }
  if (status !== null) {
    lines.push("", `processor ${index}, NT_PRSTATUS note with pr_pid ${status.pid}`);
    lines.push(...(status.registers === null ? ["registers not read"] : registerLines(status.registers)));
  }
  return lines;
}

/** Down the columns, as a person reads them. */
function registerLines(registers: Registers): string[] {
  const cells = Object.entries(registers).map(([name, value]) => `${name.padEnd(9)} ${value}`);
  const height = Math.ceil(cells.length / COLUMNS);
  return Array.from({ length: height }, (_, row) =>
    cells
      .filter((_cell, i) => i % height === row)
      .map((cell) => cell.padEnd(COLUMN))
      .join("")
      .trimEnd(),
  );
}
