/**
 * What one recorded page of a mapped file says: findings, or that it is as its file, its loader and its program would
 * have it. What a program may write is no finding, but for pointers that the loader wrote there: see docs/tampering.md.
 */
import type { ChangedEvidence, Finding, ListedPage } from "../../shared/api/index.ts";
import type { DifferingRange } from "../relocation/index.ts";
import type { FilePage } from "../stripping/index.ts";
import { comparedBytes, type Difference, plainDifferences } from "./differences.ts";
import { hookedIn } from "./hooked-pointer.ts";
import { foundOf, hexAt, isExecutable, isLoader, isWritable, type JudgedProcess } from "./process.ts";
import { byHandWords, nameOf, notKeptWords } from "./words.ts";

/** How a page counts. */
export type PageVerdict = ListedPage["verdict"];

export interface JudgedPage {
  readonly verdict: PageVerdict;
  readonly findings: readonly Finding[];
}

/** A page of a mapped file and its check; `content` reads its 4,096 bytes. */
export interface PageToJudge extends Omit<FilePage, "row"> {
  readonly content: () => Uint8Array;
  /** Bytes of the file page, where the set keeps them. */
  readonly filePage: () => Uint8Array | undefined;
}

const NONE: readonly Finding[] = [];

type Changed = "changed-code" | "changed-read-only" | "changed-relro";

/** @param isImageHere whether the container's own image is among the known sets: then a file that none has is a stranger */
export function judgePage(page: PageToJudge, process: JudgedProcess, isImageHere: boolean): JudgedPage {
  const { check } = page;
  switch (check.outcome) {
    case "same":
    case "relocated":
    case "deleted-file":
    case "unknown-file":
      return { verdict: check.outcome, findings: NONE };
    case "other-content":
      return judgeContent(page, process);
    case "differs":
      return judgeRanges(page, check.ranges, process, isImageHere);
    default:
      return check satisfies never;
  }
}

/** A page that no relocation explains, because it is of no ELF file, or the set keeps nothing to compare it with. */
function judgeContent(page: PageToJudge, process: JudgedProcess): JudgedPage {
  const { mapping, path, set } = page;
  const elf = set?.elfOf(path);
  const kind = isExecutable(mapping) ? "changed-code" : "changed-read-only";
  if (kind === "changed-read-only") {
    if (isWritable(mapping)) return { verdict: "written", findings: NONE };
    // Relocated data, which the loader has made read-only, looks the same here.
    if (set?.hasElf !== true || (elf && elf.image.notUnderstood !== undefined))
      return { verdict: "not-kept", findings: NONE };
  }
  const severity = kind === "changed-code" || elf ? "alarm" : "note";
  const filePage = page.filePage();
  const bytes: ChangedEvidence["bytes"] =
    filePage === undefined
      ? { state: "not-kept", missing: notKeptWords(set, path) }
      : comparedBytes(plainDifferences(page.content(), filePage), page.content(), page.page);
  return { verdict: "changed", findings: [changed(kind, severity, page, process, bytes)] };
}

function judgeRanges(
  page: PageToJudge,
  ranges: readonly DifferingRange[],
  process: JudgedProcess,
  isImageHere: boolean,
): JudgedPage {
  const { mapping, content } = page;
  const member = process.images.memberOf.get(mapping);
  const evidence = (some: readonly Difference[]) => comparedBytes(some, content(), page.page);
  if (isExecutable(mapping) || ranges.some(({ part }) => part === "executable"))
    return { verdict: "changed", findings: [changed("changed-code", "alarm", page, process, evidence(ranges))] };
  // Without its relocations, what the loader wrote looks like what somebody else wrote.
  if (!member || member.image.notUnderstood !== undefined) return { verdict: "not-kept", findings: NONE };

  const isWhole = process.hasCode && process.images.scope.members.includes(member);
  if (!isWhole && ranges.every(({ part }) => part !== "read-only")) return { verdict: "not-kept", findings: NONE };
  const hooked: Finding[] = [];
  const readOnly: DifferingRange[] = [];
  const relro: DifferingRange[] = [];
  for (const range of ranges) {
    const pointers = isWhole ? hookedIn(page, range, member, process, isImageHere) : NONE;
    hooked.push(...pointers);
    if (pointers.length > 0) continue;
    if (range.part === "read-only") readOnly.push(range);
    else if (range.part === "relro" && !isLoader(process, member)) relro.push(range);
  }
  const findings = [
    ...hooked,
    ...(relro.length > 0 ? [changed("changed-relro", "alarm", page, process, evidence(relro))] : []),
    ...(readOnly.length > 0 ? [changed("changed-read-only", "alarm", page, process, evidence(readOnly))] : []),
  ];
  return { verdict: findings.length > 0 ? "changed" : "written", findings };
}

const WHAT: Readonly<Record<Changed, { readonly what: string; readonly why: string; readonly next: string }>> = {
  "changed-code": {
    what: "Code",
    why: "code that runs is not the file's: a patch, a breakpoint, or another version of the file",
    next: "Disassemble both, and look at who writes to this process",
  },
  "changed-read-only": {
    what: "Read-only data",
    why: "nobody can write it without changing its permissions first, or the file is of another version",
    next: "Compare the bytes with the file's",
  },
  "changed-relro": {
    what: "Data that is read-only once the loader is done",
    why: "it is neither the file's nor what the loader writes, and holds pointers that calls go through",
    next: "Compare the bytes with the file's",
  },
};

function changed(
  kind: Changed,
  severity: Finding["severity"],
  page: PageToJudge,
  process: JudgedProcess,
  bytes: ChangedEvidence["bytes"],
): Finding {
  const { what, why, next } = WHAT[kind];
  const from = bytes.state === "compared" ? (bytes.ranges[0]?.from ?? 0) : 0;
  const where = `${what} at ${hexAt(page.page, from)} of ${nameOf(process)} is not what ${page.path} of ${page.set?.record.name} has at byte ${page.offset + from}`;
  const how =
    bytes.state === "compared"
      ? `${bytes.byteCount} of 4096 bytes differ beyond relocations${symbolWords(bytes.ranges[0]?.symbol ?? null)}`
      : bytes.missing;
  return {
    ...foundOf(page, process, from),
    kind,
    severity,
    text: `${where} (${how}): ${why}. ${next}.${byHandWords(page.set)}`,
    evidence: { path: page.path, offset: page.offset, set: page.set?.record.name ?? "", bytes },
  };
}

function symbolWords(symbol: string | null): string {
  return symbol === null ? "" : `, the first in ${symbol}`;
}
