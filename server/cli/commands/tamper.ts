/** `dumpscope tamper`: what of a snapshot is not as its files and its system would have it. */
import type { ChangedEvidence, Finding, ListedPage, Tampering } from "../../../shared/api/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import { tamperOf } from "../../tamper/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { count, plural, table } from "../words.ts";

/** Findings and ranges of a report for people. */
const FINDINGS = 50;
const RANGES = 4;

export const tamper: Command = {
  name: "tamper",
  usage: "SNAPSHOT [--pages]",
  summary: "what looks tampered with, with the evidence, what was compared with its file, and what could not be",
  positionals: 1,
  options: { pages: { help: "list every recorded page of a mapped file too: how it compares with its file, and why" } },
  async run(line, signal) {
    const store = openDataStore();
    try {
      const snapshot = store.snapshot(line.positional(0, "SNAPSHOT"));
      const pages: ListedPage[] = [];
      const onPage = line.flag("pages") ? (page: ListedPage) => void pages.push(page) : undefined;
      const tampering = await tamperOf(store, createKnownSets(store), snapshot, { signal, onPage });
      line.print({ snapshot: snapshot.id, ...tampering, ...(onPage && { pages }) }, [
        ...tamperingLines(`${snapshot.container}/${snapshot.name}`, tampering),
        ...pageLines(pages),
      ]);
      return 0;
    } finally {
      store.close();
    }
  },
};

function tamperingLines(label: string, { findings, counts, dumperPages, ...rest }: Tampering): string[] {
  const total = counts.alarms + counts.notes;
  const shown = findings.slice(0, FINDINGS);
  return [
    total === 0
      ? `${label}: ${rest.compared.pages === 0 ? "nothing found, and no page could be compared with its file" : "nothing found"}`
      : `${label}: ${plural(counts.alarms, "alarm")}, ${plural(counts.notes, "note")}`,
    ...shown.flatMap((finding) => ["", ...findingLines(finding)]),
    ...(total > shown.length
      ? ["", `and ${plural(total - shown.length, "more", "more")}; --json has all that are listed`]
      : []),
    "",
    ...comparedLines(rest, dumperPages.length),
    ...rest.limits,
  ];
}

function pageLines(pages: readonly ListedPage[]): string[] {
  if (pages.length === 0) return [];
  const rows = pages.map(({ pid, address, path, offset, verdict, why }) => [
    pid,
    address,
    `${path} at 0x${offset.toString(16)}`,
    verdict,
    why,
  ]);
  return ["", ...table(["process", "address", "file", "is", "why"], rows)];
}

function findingLines(finding: Finding): string[] {
  const { severity, kind, pid, comm, address, place, mapping } = finding;
  const where = [
    `process ${pid}${comm === null ? "" : ` ${comm}`}`,
    ...(address === null ? [] : [address]),
    ...(place === null || place.address === address ? [] : [`${place.space} ${place.address}`]),
    ...(mapping === null ? [] : [`${mapping.path ?? mapping.name} ${mapping.permissions}`]),
  ];
  return [`${severity}  ${kind}  ${where.join("  ")}`, `  ${finding.text}`, ...evidenceLines(finding)];
}

function evidenceLines(finding: Finding): string[] {
  switch (finding.kind) {
    case "changed-code":
    case "changed-read-only":
    case "changed-relro":
      return rangeLines(finding.evidence.bytes);
    case "hooked-pointer": {
      const { expected, found } = finding.evidence;
      return [`  expected ${expected ?? "another address"}, found ${found}`];
    }
    case "deleted-file":
    case "anonymous-executable":
    case "write-execute":
    case "not-in-image":
    case "other-version":
    case "restored-code":
      return [];
    case "renamed-process":
      return [`  command line ${finding.evidence.commandLine ?? "not in the dump"}`];
    default:
      return finding satisfies never;
  }
}

function rangeLines(bytes: ChangedEvidence["bytes"]): string[] {
  if (bytes.state === "not-kept") return [];
  const lines = bytes.ranges
    .slice(0, RANGES)
    .map(({ address, expected, found }) => `  ${address}  expected ${spaced(expected)}, found ${spaced(found)}`);
  const more = bytes.rangeCount - lines.length;
  return more > 0 ? [...lines, `  and ${plural(more, "more range")}; --json has the first 16`] : lines;
}

/** At most 16 bytes. */
function spaced(hex: string): string {
  const some = hex.slice(0, 32).replace(/(..)(?!$)/g, "$1 ");
  return hex.length > 32 ? `${some} …` : some;
}

function comparedLines(
  { compared, notCompared }: Pick<Tampering, "compared" | "notCompared">,
  dumperPages: number,
): string[] {
  const { pages, files, same, relocated, written, changed } = compared;
  const passed = [
    notCompared.unknownFile > 0 ? `${count(notCompared.unknownFile)} of files in no known set` : "",
    notCompared.deletedFile > 0 ? `${count(notCompared.deletedFile)} of deleted files` : "",
    notCompared.otherVersion > 0 ? `${count(notCompared.otherVersion)} of files of another version` : "",
    notCompared.bytesNotKept > 0 ? `${count(notCompared.bytesNotKept)} of which the file's bytes are not known` : "",
    notCompared.partial > 0 ? `${count(notCompared.partial)} that the dump holds in part` : "",
    notCompared.zero > 0 ? `${count(notCompared.zero)} of zeros where a program writes` : "",
  ].filter((phrase) => phrase !== "");
  return [
    `compared      ${plural(pages, "page")} of ${plural(files, "file")}: ${count(same)} same, ${count(relocated)} relocated, ` +
      `${count(written)} written where programs write, ${count(changed)} with findings`,
    ...(dumperPages > 0 ? [`the dumper's  ${plural(dumperPages, "page")} of code that it touched and put back`] : []),
    ...(passed.length > 0 ? [`not compared  ${passed.join(", ")}`] : []),
  ];
}
