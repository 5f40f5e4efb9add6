/**
 * The snapshots to which pages of a snapshot may be alike: clean dumps that known sets name, and of each other container
 * the latest snapshot that was here before it.
 */
import type { SnapshotRecord, StrippingRecord } from "../store/index.ts";
import type { KnownSet } from "./known-set.ts";

/** Changes when strippings of before are not what would be found now. */
const VERSION = 1;

export interface Other {
  readonly snapshot: SnapshotRecord;
  /** The known set of which it is the baseline. */
  readonly baselineOf: string | null;
}

/** @param snapshots all of the store, in the order in which they came. Baselines come first. */
export function othersOf(
  snapshots: readonly SnapshotRecord[],
  sets: readonly KnownSet[],
  snapshot: SnapshotRecord,
): readonly Other[] {
  const others = new Map<string, Other>();
  for (const { isBaseline, record } of sets) {
    if (!isBaseline) continue;
    // A dump is told by its digest: its container may be called otherwise by now.
    const baseline = snapshots.find(({ sha256 }) => `sha256:${sha256}` === record.digest);
    if (baseline && baseline.id !== snapshot.id)
      others.set(baseline.id, { snapshot: baseline, baselineOf: record.name });
  }
  const latest = new Map<string, SnapshotRecord>();
  for (const other of snapshots) {
    if (other.id === snapshot.id) break;
    if (other.container !== snapshot.container) latest.set(other.container, other);
  }
  for (const other of latest.values())
    if (!others.has(other.id)) others.set(other.id, { snapshot: other, baselineOf: null });
  return [...others.values()];
}

/** Rows of the manifest that are alike to others, ascending. */
export function alikeRowsOf({ alike }: StrippingRecord): Uint32Array {
  return alike.filter((_, i) => i % 3 === 0);
}

/** With what a stripping is made: the sets that tell relocated pages, and the others in their order. */
export function strippingKey(sets: readonly KnownSet[], others: readonly Other[]): string {
  const files = sets.filter(({ hasElf }) => hasElf).map(({ record }) => `${record.name}:${record.run}`);
  return JSON.stringify([VERSION, files, others.map(({ snapshot }) => snapshot.id)]);
}
