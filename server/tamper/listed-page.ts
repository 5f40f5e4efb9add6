/** A recorded page of a mapped file in a list of all of them: how it was judged, and why. */
import type { Finding, ListedPage } from "../../shared/api/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { DifferingRange, PagePart } from "../relocation/index.ts";
import { relocatedWords } from "../stripping/index.ts";
import type { PageToJudge, PageVerdict } from "./judge-page.ts";
import { hexAt, placeIn } from "./process.ts";

/** What a program, or the loader for itself, writes; the others are findings. */
const PART_WORDS: Readonly<Record<PagePart, string>> = {
  executable: "of code",
  "read-only": "of read-only data",
  relro: "that the loader keeps for itself",
  data: "of .data",
  bss: "of .bss",
  beside: "beside the file's own",
};

export interface Judgement {
  readonly verdict: PageVerdict;
  readonly findings: readonly Finding[];
  readonly isDumpers: boolean;
}

export function listedPage(page: PageToJudge, { verdict, findings, isDumpers }: Judgement): ListedPage {
  const { pid, mapping, path, offset, set } = page;
  return {
    kind: "page",
    pid,
    address: hexAt(page.page),
    place: placeIn(mapping, page.page),
    path,
    offset,
    set: set?.record.name ?? null,
    verdict,
    why: isDumpers ? "what the file has: the dumper has touched it and put it back" : why(page, verdict, findings),
  };
}

function why({ check, set }: PageToJudge, verdict: PageVerdict, findings: readonly Finding[]): string {
  switch (verdict) {
    case "same":
      return "what the file has";
    case "relocated":
      return check.outcome === "relocated" ? `as the loader has it: ${relocatedWords(check)}` : "as the loader has it";
    case "written":
      return check.outcome === "differs"
        ? `written where it may be: ${writtenWords(check.ranges)}`
        : "of a mapping that the program may write";
    case "changed":
      return `found: ${[...new Set(findings.map(({ kind }) => kind))].join(", ")}`;
    case "unknown-file":
      return "no known set has the file";
    case "deleted-file":
      return "the file had been deleted";
    case "other-version":
      return `${set?.record.name} has another version of the file`;
    case "not-kept":
      return "what the file has here, or where its code is mapped, is not known";
    default:
      return verdict satisfies never;
  }
}

function writtenWords(ranges: readonly DifferingRange[]): string {
  const byPart = new Map<PagePart, number>();
  for (const { part, from, to } of ranges) byPart.set(part, (byPart.get(part) ?? 0) + to - from);
  return Array.from(byPart, ([part, bytes]) =>
    bytes === PAGE_SIZE
      ? `all bytes ${PART_WORDS[part]}`
      : `${bytes} ${bytes === 1 ? "byte" : "bytes"} ${PART_WORDS[part]}`,
  ).join(", ");
}
