/** Findings and pages counted as they come, and listed in their order: alarms first, then by kind. */
import { FINDING_KINDS, type Finding, type FindingKind, type Tampering } from "../../shared/api/index.ts";
import type { PageVerdict } from "./judge-page.ts";

/** Of one kind. */
const LISTED = 500;

export interface Report {
  readonly dumperPages: Tampering["dumperPages"][number][];
  add(finding: Finding): void;
  count(verdict: PageVerdict, path: string): void;
  findings(): Pick<Tampering, "findings" | "counts">;
  pages(): Pick<Tampering, "compared"> & {
    readonly notCompared: Pick<
      Tampering["notCompared"],
      "unknownFile" | "deletedFile" | "otherVersion" | "bytesNotKept"
    >;
    /** Paths of files that no known set has. */
    readonly unknown: readonly string[];
  };
}

export function createReport(): Report {
  const listed: Finding[] = [];
  const byKind = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
  const bySeverity = { alarm: 0, note: 0 };
  const verdicts: Record<PageVerdict, number> = {
    same: 0,
    relocated: 0,
    written: 0,
    changed: 0,
    "unknown-file": 0,
    "deleted-file": 0,
    "other-version": 0,
    "not-kept": 0,
  };
  const files = new Set<string>();
  const unknown = new Set<string>();
  return {
    dumperPages: [],
    add(finding) {
      byKind[finding.kind]++;
      bySeverity[finding.severity]++;
      if (byKind[finding.kind] <= LISTED) listed.push(finding);
    },
    count(verdict, path) {
      verdicts[verdict]++;
      if (verdict === "unknown-file") unknown.add(path);
      else if (verdict !== "deleted-file" && verdict !== "other-version" && verdict !== "not-kept") files.add(path);
    },
    findings: () => ({
      findings: listed.toSorted(
        (x, y) =>
          Number(x.severity === "note") - Number(y.severity === "note") ||
          FINDING_KINDS.indexOf(x.kind) - FINDING_KINDS.indexOf(y.kind),
      ),
      counts: { alarms: bySeverity.alarm, notes: bySeverity.note, listed: listed.length, byKind },
    }),
    pages() {
      const { same, relocated, written, changed } = verdicts;
      return {
        compared: { files: files.size, pages: same + relocated + written + changed, same, relocated, written, changed },
        notCompared: {
          unknownFile: verdicts["unknown-file"],
          deletedFile: verdicts["deleted-file"],
          otherVersion: verdicts["other-version"],
          bytesNotKept: verdicts["not-kept"],
        },
        unknown: [...unknown].sort(),
      };
    },
  };
}
