/** What is being done with a dump before it is committed, in words behind its name. */
import type { Arriving } from "../../../shared/api/index.ts";
import { formatPart } from "../../format/index.ts";

type OnItsWay = Extract<Arriving, { state: "arriving" }>;

export const STAGES: Readonly<Record<OnItsWay["stage"], string>> = {
  uploading: "is being uploaded",
  waiting: "waits for its turn",
  unpacking: "is being unpacked",
  reading: "is being read",
  committing: "is being committed",
};

/** Behind the file's name: what is being done, and how far it is. */
export function stageText({ stage, bytes, totalBytes }: Pick<OnItsWay, "stage" | "bytes" | "totalBytes">): string {
  if (stage === "uploading" && bytes === totalBytes) return "has arrived";
  // What waits has done nothing yet.
  if (totalBytes === 0 || stage === "waiting") return STAGES[stage];
  return `${STAGES[stage]}: ${formatPart(bytes, totalBytes)}`;
}
