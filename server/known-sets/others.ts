/**
 * The snapshots to which pages of a snapshot may be alike: clean dumps that known sets name, and of each other container
 * the latest snapshot that was here before it.
 */
import { bisect } from "../../shared/memory/index.ts";
import type { SnapshotRecord, StrippingRecord } from "../store/index.ts";
import type { KnownSet } from "./known-set.ts";

/** Changes when strippings of before are not what would be found now. */
const VERSION = 2;

export interface Other {
  readonly snapshot: SnapshotRecord;
  /** The known set of which it is the baseline. */
  readonly baselineOf: string | null;
}

/** The others of every snapshot, over one state of the store. */
export interface Others {
  /** Baselines come first; of a container its latest. */
  of(snapshot: SnapshotRecord): readonly Other[];
  /** With what it would be stripped: the sets that tell relocated pages, and its others in their order. */
  keyOf(snapshot: SnapshotRecord): string;
}

/** @param snapshots all of the store, in the order in which they came. */
export function createOthers(snapshots: readonly SnapshotRecord[], sets: readonly KnownSet[]): Others {
  const placeOf = new Map(snapshots.map(({ id }, place) => [id, place]));
  // Of each container the places of its snapshots, ascending: a library of thousands asks for the others of each.
  const containers = new Map<string, number[]>();
  snapshots.forEach(({ container }, place) => {
    const places = containers.get(container);
    if (places) places.push(place);
    else containers.set(container, [place]);
  });
  const baselines = sets.flatMap((set) => {
    const snapshot = baselineIn(snapshots, set);
    return snapshot ? [{ snapshot, baselineOf: set.record.name }] : [];
  });
  const files = sets.filter(({ hasElf }) => hasElf).map(({ record }) => `${record.name}:${record.run}`);
  return {
    keyOf(snapshot) {
      return JSON.stringify([VERSION, files, this.of(snapshot).map((other) => other.snapshot.id)]);
    },
    of(snapshot) {
      const others = new Map<string, Other>();
      for (const other of baselines) if (other.snapshot.id !== snapshot.id) others.set(other.snapshot.id, other);
      const before = placeOf.get(snapshot.id) ?? snapshots.length;
      for (const [container, places] of containers) {
        if (container === snapshot.container) continue;
        const earlier = bisect(places.length, (i) => places[i] < before);
        if (earlier === 0) continue;
        const other = snapshots[places[earlier - 1]];
        if (!others.has(other.id)) others.set(other.id, { snapshot: other, baselineOf: null });
      }
      return [...others.values()];
    },
  };
}

/** The snapshot that a baseline was made of; a dump is told by its digest: its container may be called otherwise by now. */
function baselineIn(snapshots: readonly SnapshotRecord[], set: KnownSet): SnapshotRecord | undefined {
  return set.isBaseline ? snapshots.find(({ sha256 }) => `sha256:${sha256}` === set.record.digest) : undefined;
}

/** Rows of the manifest that are alike to others, ascending. */
export function alikeRowsOf({ alike }: StrippingRecord): Uint32Array {
  return alike.filter((_, i) => i % 3 === 0);
}
