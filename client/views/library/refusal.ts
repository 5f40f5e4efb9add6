/**
 * A dump that was not taken: what it says and what can be done next, by the code of its problem. Not by its text:
 * text is for people.
 */
import type { Problem, Receipt } from "../../../shared/api/index.ts";

export type NextStep =
  | "send-rest"
  | "upload-whole"
  | "upload-again"
  | "keep-cut"
  | "keep-raw"
  | "retry"
  | "continue"
  | "open-existing"
  | "add-again"
  | "copy-details"
  | "dismiss";

/** @param kept whether the server still holds the bytes that arrived. */
export function nextSteps(code: string, kept: boolean): readonly NextStep[] {
  switch (code) {
    case "dump-cut":
      return kept
        ? ["send-rest", "upload-again", "keep-cut", "copy-details", "dismiss"]
        : ["upload-again", "copy-details", "dismiss"];
    case "unknown-format":
      return kept ? ["keep-raw", "copy-details", "dismiss"] : ["upload-again", "copy-details", "dismiss"];
    case "received-already":
      return kept ? ["open-existing", "add-again", "dismiss"] : ["open-existing", "dismiss"];
    case "disk-full":
    case "io-failed":
    case "store-busy":
      return kept ? ["retry", "copy-details", "dismiss"] : ["upload-again", "copy-details", "dismiss"];
    case "dump-damaged":
    case "dump-empty":
    case "image-damaged":
    case "no-image":
    case "upload-refused":
      return ["upload-again", "copy-details", "dismiss"];
    case "rest-differs":
      return ["upload-whole", "copy-details", "dismiss"];
    case "connection-lost":
    case "unreachable":
      return ["continue", "copy-details", "dismiss"];
    default:
      return ["copy-details", "dismiss"];
  }
}

const TITLES: Readonly<Record<string, string>> = {
  "dump-cut": "the archive is cut",
  "dump-damaged": "it is damaged",
  "dump-empty": "the file has no bytes",
  "dump-encrypted": "it is encrypted",
  "dump-unsupported": "it cannot be read",
  "unknown-format": "no known format",
  "limit-met": "a limit was met",
  "disk-full": "the disk is full",
  "io-failed": "the disk could not be read or written",
  "archive-hostile": "the archive names places outside itself",
  "no-image": "it is no container image",
  "image-damaged": "the image is damaged",
  "name-taken": "the name is taken",
  "store-busy": "the store is busy",
  "rest-differs": "it is not the rest of what is kept",
};

/** What happened, to stand behind “was refused:”. */
export function refusalTitle(problem: Problem): string {
  const { container, name } = problem.facts;
  if (problem.code === "received-already") return `same SHA-256 as ${container ?? ""} ${name ?? "another"}`;
  return TITLES[problem.code] ?? problem.title;
}

/** Nothing went wrong: the same file is here. It is told calmly. */
export function isCalm(code: string): boolean {
  return code === "received-already" || code === "cancelled";
}

/** The sentence about the state of the store. */
export function stateSentence(code: string): string {
  if (code === "rest-differs") return "Nothing of it was sent; what is kept stays as it was.";
  if (code === "received-already") return "Nothing was added; the library is as it was.";
  return "Nothing of it was stored, and the library is as it was.";
}

/** Everything an analyst may hand on, as plain text. */
export function detailsText(receipt: Pick<Receipt, "file" | "at" | "bytes" | "sha256">, problem: Problem): string {
  const facts = Object.entries(problem.facts).map(([name, value]) => `${name}: ${value}`);
  return [
    `file: ${receipt.file}`,
    `received: ${receipt.at}`,
    `size: ${receipt.bytes} B`,
    `sha256: ${receipt.sha256 ?? "unknown"}`,
    `problem: ${problem.type} (${problem.status})`,
    problem.title,
    problem.detail,
    problem.advice,
    ...facts,
  ].join("\n");
}
