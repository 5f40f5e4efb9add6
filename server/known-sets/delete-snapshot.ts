/**
 * Deleting a snapshot, unless a known set needs it: what is alike to a baseline is alike to a page that can be looked at,
 * so a baseline keeps its snapshot. Whoever wants to delete it removes the set first, and sees what that takes away.
 */
import { DumpError } from "../../shared/errors/index.ts";
import { deleteSnapshot, type SnapshotRecord, type Store } from "../store/index.ts";
import { openKnownSet } from "./known-set.ts";

/**
 * @returns bytes freed now; its pages are freed by the next `gc`
 * @throws DumpError `baseline-needed`, `store-busy`
 */
export async function deleteUnneeded(store: Store, record: SnapshotRecord): Promise<{ readonly bytes: number }> {
  const label = `${record.container}/${record.name}`;
  using _lock = await store.lock(`delete ${label}`);
  const digest = `sha256:${record.sha256}`;
  // Another snapshot of the same dump serves as well.
  const isOnly = store.catalog.snapshots().every(({ id, sha256 }) => id === record.id || sha256 !== record.sha256);
  const sets = store.catalog
    .knownSets()
    .filter((set) => isOnly && set.digest === digest && openKnownSet(store.blobs, set).isBaseline)
    .map(({ name }) => name);
  if (sets.length > 0)
    throw new DumpError(
      "baseline-needed",
      `${label} is the baseline of the known set ${sets.join(", ")}: pages of other snapshots are alike to its pages`,
      { snapshot: record.id, knownSet: sets[0] },
    );
  return deleteSnapshot(store, record);
}
