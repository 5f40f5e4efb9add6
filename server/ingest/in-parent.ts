/**
 * Pages that the dump says are in its parent. They are resolved only from a snapshot of the same container id that
 * records every one of these places; anything else would invent evidence.
 */
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { isRecorded, PAGE_STATES } from "../../shared/snapshot/index.ts";
import type { NumberedPages } from "../lay/index.ts";
import { type DumpDescription, RUN_KINDS } from "../readers/index.ts";
import { NO_ROW, placesOf, type SnapshotRecord, type Store } from "../store/index.ts";

const PARENT = RUN_KINDS.indexOf("parent");
/** Places looked up at once. */
const STEP = 65_536;

export interface InParent {
  readonly pagesParent: SnapshotRecord | undefined;
  /** Why nothing was resolved, in a sentence; `undefined` when there was nothing to resolve or all was. */
  readonly notice: string | undefined;
}

/**
 * @param named the parent that was asked for by name; not the container's latest, which nobody has chosen.
 * Writes page numbers of resolved places into `pages`; leaves unresolved ones `NO_PAGE`.
 */
export function resolveInParent(
  store: Store,
  description: DumpDescription,
  pages: NumberedPages,
  named: SnapshotRecord | undefined,
  container: string,
  again: SnapshotRecord | undefined,
): InParent {
  const { runs } = description;
  const rows = Array.from({ length: runs.length }, (_, run) => run).filter((run) => runs.kind[run] === PARENT);
  if (rows.length === 0) return { pagesParent: undefined, notice: undefined };
  const total = rows.reduce((sum, run) => sum + runs.count[run], 0);
  const containerId = description.facts.containerId;
  // A dump is not its own parent, and a later one is nobody's.
  const dumpedAt = description.facts.checkpointedAt.at;
  const couldBeParent = (record: SnapshotRecord) =>
    record.id !== again?.id &&
    (record.checkpointedAt === null ||
      dumpedAt === null ||
      record.checkpointedAt < dumpedAt ||
      // Times are of whole seconds: an incremental dump of the same one is this dump, taken in before.
      (record.checkpointedAt === dumpedAt && record.pages.inParent === 0)) &&
    record.unresolved === 0;
  const candidates =
    containerId === null ? (named ? [named] : []) : sameContainer(store, containerId, named, container, couldBeParent);
  for (const candidate of candidates)
    if (resolveFrom(store, candidate, description, pages, rows)) return { pagesParent: candidate, notice: undefined };
  const why =
    containerId === null
      ? "the archive has no container id, so its parent must be named"
      : candidates.length === 0
        ? `no snapshot of container ${containerId.slice(0, 12)} is here`
        : `no snapshot of container ${containerId.slice(0, 12)} records every one of these places`;
  return { pagesParent: undefined, notice: `${total} pages are in a parent that is not here: ${why}.` };
}

/** Snapshots of the container id: the named one first, then newest first, the same container name before others. */
function sameContainer(
  store: Store,
  containerId: string,
  named: SnapshotRecord | undefined,
  container: string,
  couldBeParent: (record: SnapshotRecord) => boolean,
): SnapshotRecord[] {
  const rank = (record: SnapshotRecord) => (record.id === named?.id ? 0 : record.container === container ? 1 : 2);
  return store.catalog
    .snapshots()
    .filter((record) => record.containerId === containerId && couldBeParent(record))
    .reverse()
    .sort((x, y) => rank(x) - rank(y));
}

function resolveFrom(
  store: Store,
  candidate: SnapshotRecord,
  description: DumpDescription,
  pages: NumberedPages,
  rows: readonly number[],
): boolean {
  const places = placesOf(store.manifest(candidate));
  const { runs, spaces } = description;
  for (const run of rows) {
    for (let done = 0; done < runs.count[run]; done += STEP) {
      const count = Math.min(STEP, runs.count[run] - done);
      const { state, page } = places.columns(spaces[runs.space[run]], runs.page[run] + done, count);
      for (let i = 0; i < count; i++) {
        const name = state[i] === NO_ROW || !isRecorded(state[i]) ? undefined : PAGE_STATES[state[i]];
        if (name === undefined || name === "parent-missing") {
          for (const touched of rows) pages.page.fill(NO_PAGE, pages.first[touched], pages.first[touched + 1]);
          return false;
        }
        pages.page[pages.first[run] + done + i] = name === "data" || name === "parent" ? page[i] : ZERO_PAGE;
      }
    }
  }
  return true;
}
