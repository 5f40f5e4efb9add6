/** What a dump records of a mapped file, put together by its offsets; zeros where it records nothing. */
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Mapping } from "../../shared/snapshot/index.ts";
import { type Manifest, placesOf, type Store } from "../store/index.ts";

/** Of a file: libraries of 100 MiB are rare, and their symbols stand in the first few. */
const LARGEST = 64 << 20;

/** @param mappings of the file, all of one process. @returns `undefined` where nothing of it is recorded */
export function recordedFile(store: Store, manifest: Manifest, mappings: readonly Mapping[]): Uint8Array | undefined {
  const end = (mapping: Mapping) => mapping.offset + (mapping.range.end - mapping.range.start) * PAGE_SIZE;
  const fitting = mappings.filter((mapping) => mapping.offset % PAGE_SIZE === 0 && end(mapping) <= LARGEST);
  const content = new Uint8Array(Math.max(0, ...fitting.map(end)));
  const isThere = new Uint8Array(content.length / PAGE_SIZE);
  let found = false;
  // What only the loader has written goes before what the program writes, where both map a page.
  const ordered = fitting.toSorted((a, b) => Number(a.permissions[1] === "w") - Number(b.permissions[1] === "w"));
  for (const { space, spaceStart, range, offset } of ordered) {
    const { page } = placesOf(manifest).columns(space, spaceStart, range.end - range.start);
    for (let row = 0; row < page.length; row++) {
      const at = offset / PAGE_SIZE + row;
      if (page[row] === NO_PAGE || page[row] === ZERO_PAGE || isThere[at] === 1) continue;
      content.set(store.pages.bytes(page.slice(row, row + 1)), at * PAGE_SIZE);
      isThere[at] = 1;
      found = true;
    }
  }
  return found ? content : undefined;
}
