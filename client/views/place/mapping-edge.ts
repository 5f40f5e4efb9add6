/** The first or the last byte of a mapping that the strip shows. */
import type { PageAddress } from "../../../shared/memory/index.ts";
import type { Strip } from "../../../shared/strip/index.ts";
import type { Place } from "../../viewer/contract.ts";

/** @returns `null` where the strip shows nothing of it. */
export function edgeOf(strip: Strip, mapping: number, end: "start" | "end"): Place | null {
  const laid = strip.mappings.find((candidate) => candidate.source === mapping);
  const run = end === "start" ? laid?.runs[0] : laid?.runs.at(-1);
  if (!laid || !run) return null;
  const last = Math.min(laid.start + (run.block + run.blocks) * 16, laid.start + laid.pages) - 1;
  const page = end === "start" ? laid.start + run.block * 16 : last;
  return { space: laid.space, page: page as PageAddress, offset: end === "start" ? 0 : 4095 };
}
