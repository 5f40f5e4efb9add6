/**
 * VMCOREINFO: lines of text, each of a kind that says how its number is printed. The trap is the base: addresses and
 * KERNELOFFSET are hexadecimal without 0x, everything else is decimal, and NUMBER is either.
 * @see docs/formats/elf-core.md
 */
import type { Vmcoreinfo, VmcoreinfoLine } from "../../../shared/snapshot/index.ts";
import { utcTimeOfSeconds } from "../text.ts";

/** Numbers of aarch64 that old kernels print as hexadecimal without 0x, and none as decimal. */
const HEXADECIMAL_NUMBERS: ReadonlySet<string> = new Set(["kimage_voffset", "PHYS_OFFSET"]);
const BELOW_64_BITS = 1n << 64n;

/** @param text the note, up to its first NUL. */
export function parseVmcoreinfo(text: string): Vmcoreinfo {
  const lines = text
    .split("\n")
    .filter((line) => line !== "")
    .map(parseLine);
  const values = new Map<string, string>();
  for (const line of lines) if (line.kind === "value" && !values.has(line.name)) values.set(line.name, line.text);
  const pageSize = values.get("PAGESIZE");
  return {
    kernelRelease: values.get("OSRELEASE") ?? null,
    buildId: values.get("BUILD-ID") ?? null,
    pageSize: pageSize !== undefined && /^[1-9]\d{0,8}$/.test(pageSize) ? Number(pageSize) : null,
    kernelOffset: parseHexadecimal(values.get("KERNELOFFSET") ?? ""),
    crashedAt: utcTimeOfSeconds(values.get("CRASHTIME") ?? ""),
    lines,
    text,
  };
}

function parseLine(line: string): VmcoreinfoLine {
  const unread: VmcoreinfoLine = { kind: "unread", text: line };
  const typed = /^(SYMBOL|SIZE|OFFSET|LENGTH|NUMBER)\(([^()]+)\)=(.*)$/.exec(line);
  if (typed !== null) {
    const [, kind, name, text] = typed;
    if (kind === "SYMBOL") {
      const address = parseHexadecimal(text);
      return address === null ? unread : { kind: "symbol", name, address };
    }
    if (kind === "NUMBER") {
      const value = parseNumber(name, text);
      return value === null ? unread : { kind: "number", name, value };
    }
    const value = parseDecimal(text);
    if (value === null || value.startsWith("-")) return unread;
    return { kind: kind === "SIZE" ? "size" : kind === "OFFSET" ? "offset" : "length", name, value };
  }
  const plain = /^([A-Za-z][\w.-]*)=(.*)$/.exec(line);
  if (plain === null) return unread;
  const [, name, text] = plain;
  return name.startsWith("CONFIG_")
    ? { kind: "config", name: name.slice("CONFIG_".length), text }
    : { kind: "value", name, text };
}

/** Hexadecimal with or without 0x, as text with 0x and no leading zeros. */
function parseHexadecimal(text: string): string | null {
  const match = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text);
  return match === null ? null : `0x${BigInt(`0x${match[1]}`).toString(16)}`;
}

function parseDecimal(text: string): string | null {
  if (!/^-?\d{1,20}$/.test(text)) return null;
  const value = BigInt(text);
  return value < BELOW_64_BITS && value >= -BELOW_64_BITS / 2n ? value.toString() : null;
}

/** Decimal, unless 0x or a letter says hexadecimal, or the name does. */
function parseNumber(name: string, text: string): string | null {
  const decimal = HEXADECIMAL_NUMBERS.has(name) ? null : parseDecimal(text);
  if (decimal !== null) return decimal;
  const hexadecimal = parseHexadecimal(text);
  return hexadecimal === null ? null : BigInt(hexadecimal).toString();
}
