/** The known set that fills the pages of a file, and the store's numbers of the file's pages. */
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import type { SnapshotRecord } from "../store/index.ts";
import type { FillingFile } from "./source.ts";

/**
 * Of the sets that keep their bytes the first by name. Where the container's own image has the file no other set fills
 * it, bytes or none: another image's file of the same name may be another file.
 * @returns `undefined` for a file that nobody fills
 */
export function imageFilesOf(known: KnownSets, snapshot: SnapshotRecord): (path: string) => FillingFile | undefined {
  const digest = known.imageDigestOf(snapshot);
  const sets = known.sets().toSorted((x, y) => (x.record.name < y.record.name ? -1 : 1));
  const own = sets.filter(({ record }) => digest !== undefined && record.digest === digest);
  const found = new Map<string, FillingFile | undefined>();
  return (path) => {
    if (!found.has(path)) found.set(path, open(path));
    return found.get(path);
  };

  function open(path: string): FillingFile | undefined {
    const having = own.some((set) => set.hasFile(path)) ? own : sets;
    for (const set of having) {
      const numbers = set.record.withBytes ? set.numbersOf(path) : undefined;
      if (!numbers) continue;
      const numberOf = (filePage: number) => (numbers[filePage] === NO_PAGE ? ZERO_PAGE : numbers[filePage]);
      const layer = set.about(path)?.layer ?? null;
      // How many zeros follow to the file's end no set knows.
      return { source: { kind: "image", path, set: set.record.name, layer }, pages: numbers.length, numberOf };
    }
    return undefined;
  }
}
