/** A container gets another name; its snapshots keep their ids and theirs. */
import { DumpError } from "../../shared/errors/index.ts";
import type { Store } from "./store.ts";

/**
 * Under the lock.
 * @throws DumpError `not-found`; `name-taken` also by a container of which all is deleted: names are never used twice
 */
export function renameContainer(store: Store, from: string, to: string): void {
  if (store.catalog.snapshots(from).length === 0)
    throw new DumpError("not-found", `There is no container ${from}`, { container: from });
  if (from === to) return;
  const next = store.catalog.nextName(to);
  if (next !== "t0") {
    const there = store.catalog.snapshots(to).length > 0;
    throw new DumpError(
      "name-taken",
      there
        ? `There is a container ${to} already; its next snapshot is ${next}`
        : `${to} was the name of a container whose snapshots are deleted; the names they had are not used again`,
      { container: to },
    );
  }
  store.catalog.transaction(() => store.catalog.renameContainer(from, to));
}
