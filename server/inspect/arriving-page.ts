/**
 * One page of a dump that is still arriving: its state and its bytes in numbers. Why it needs a look is known when the
 * dump is committed, and so is its hash among those of others.
 */
import type { InspectedPage } from "../../shared/api/index.ts";
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { addressOfPage, formatAddress, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import { type Mapping, PAGE_STATES, type PageState, type Space } from "../../shared/snapshot/index.ts";
import { type ChunkPlace, type LaidPages, NO_ROW, type PageReader, placesOf } from "../store/index.ts";
import { laidOf } from "./bytes.ts";
import { EXCLUDED, LOST, leftToFile, nothing, readingOf, untouched } from "./page-reading.ts";

/** @param isWhole all of the file is here: what it lacks does not come any more. */
export function inspectArrivingPage<Chunk extends ChunkPlace>(
  laid: LaidPages<Chunk>,
  reader: Pick<PageReader, "bytes">,
  space: Space,
  page: PageAddress,
  isWhole: boolean,
): InspectedPage {
  const address = formatAddress(addressOfPage(page));
  const mapping = laidOf(laid, space, page)?.mapping;
  if (!mapping) return { ...nothing(space, address), reason: `${address} is in no mapping.` };
  const columns = placesOf(laid).columns(space, page, 1);
  const state: PageState = columns.state[0] === NO_ROW ? `absent-${mapping.absent}` : PAGE_STATES[columns.state[0]];
  if (state !== "data" && state !== "zero")
    return { ...nothing(space, address), state, reason: reasonOf(state, mapping, page, isWhole) };
  const content = columns.page[0] < ZERO_PAGE ? reader.bytes(columns.page) : new Uint8Array(PAGE_SIZE);
  const part = columns.partial.get(0);
  return {
    ...nothing(space, address),
    // Zero pages are not told apart until somebody looks at one.
    state: content.every((byte) => byte === 0) ? "zero" : "data",
    reason: "Why this page needs a look, or does not, is known when the dump is committed.",
    ...readingOf(content, part && { from: part[0], to: part[1] }),
  };
}

function reasonOf(
  state: Exclude<PageState, "data" | "zero">,
  mapping: Mapping,
  page: PageAddress,
  isWhole: boolean,
): string {
  switch (state) {
    case "absent-file":
      return leftToFile(mapping, page).sentence;
    case "absent-untouched":
      return untouched(mapping);
    case "absent-excluded":
      return EXCLUDED;
    case "absent-missing":
      return isWhole ? LOST : "This page has not come yet.";
    case "parent":
    case "parent-zero":
    case "parent-missing":
      return "The dump says: as in the parent. It is looked for there when the dump is committed.";
    default:
      return state satisfies never;
  }
}
