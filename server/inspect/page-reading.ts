/** What is told of a page whatever it stands in: its bytes in numbers, and why a mapping has none of it. */
import type { InspectedPage } from "../../shared/api/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { isGuard, type Mapping, type Space } from "../../shared/snapshot/index.ts";
import { CLASS_OF_BYTE } from "../../shared/summary/index.ts";
import { stringsOf } from "./strings.ts";

export const EXCLUDED = "The dumper left it out.";
export const LOST = "The dump is cut: the bytes of this page were lost.";

/** Why a page that nobody wrote has no bytes; a guard page cannot be read either. */
export function untouched(mapping: Pick<Mapping, "permissions">): string {
  return isGuard(mapping) ? "Mapped, never written; cannot be read." : "Mapped, never written; reads as zero.";
}

/** Where the bytes of a page are that was left to its file. */
export function leftToFile(
  mapping: Mapping,
  page: number,
): { readonly path: string; readonly offset: number; readonly sentence: string } {
  const offset = mapping.offset + (page - mapping.spaceStart) * PAGE_SIZE;
  const path = mapping.path ?? "its file";
  return { path, offset, sentence: `Left to ${path} at 0x${offset.toString(16)}. The dump has no bytes here.` };
}

/** A page of which nothing is known. */
export function nothing(space: Space, address: string): InspectedPage {
  return {
    space,
    address,
    state: "unmapped",
    provenance: null,
    reason: "",
    related: null,
    files: [],
    hash: null,
    filled: null,
    entropy: null,
    classes: null,
    histogram: null,
    againstParent: null,
    strings: [],
  };
}

/**
 * The bytes of a page in numbers.
 * @param part known bytes of a page that the dump holds in part: only these are counted.
 */
export function readingOf(
  content: Uint8Array,
  part: { readonly from: number; readonly to: number } | undefined,
): Pick<InspectedPage, "entropy" | "classes" | "histogram" | "strings"> {
  const histogram = new Array<number>(256).fill(0);
  const held = part ? content.subarray(part.from, part.to) : content;
  for (const byte of held) histogram[byte]++;
  const classes = [0, 0, 0, 0, 0, 0];
  histogram.forEach((count, byte) => {
    classes[CLASS_OF_BYTE[byte]] += count;
  });
  return {
    entropy: histogram.reduce(
      (sum, count) => (count === 0 ? sum : sum - (count / held.length) * Math.log2(count / held.length)),
      0,
    ),
    classes,
    histogram,
    strings: stringsOf(content),
  };
}
