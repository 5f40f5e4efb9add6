/** A known set told in full: its layers, packages, build-ids, and what an analyst must know of it. */
import type { KnownSetDetail } from "../../shared/api/index.ts";
import type { SnapshotRecord } from "../store/index.ts";
import type { KnownSets } from "./known-pages.ts";
import { type KnownPackage, type KnownSet, PACKAGE_KINDS } from "./known-set.ts";

interface Counted {
  files: number;
  pages: number;
}

/** @param snapshots of the store, in which it may be the image of containers */
export function describeKnownSet(
  known: KnownSets,
  set: KnownSet,
  snapshots: readonly SnapshotRecord[],
): KnownSetDetail {
  const { name, source, digest, files, pages, addedAt, withBytes } = set.record;
  const layers = set.layers.map((layer) => ({ digest: layer, files: 0, pages: 0 }));
  const byPackage = new Map<KnownPackage, Counted>();
  const buildIds: { path: string; buildId: string }[] = [];
  for (const file of set.files()) {
    count(
      layers.find((layer) => layer.digest === file.layer),
      file.pages,
    );
    if (file.package) {
      if (!byPackage.has(file.package)) byPackage.set(file.package, { files: 0, pages: 0 });
      count(byPackage.get(file.package), file.pages);
    }
    if (file.buildId !== null) buildIds.push({ path: file.path, buildId: file.buildId });
  }
  const packages = [...byPackage].map(([{ kind, name: packageName, version }, counted]) => ({
    kind,
    name: packageName,
    version,
    ...counted,
  }));
  packages.sort((x, y) => PACKAGE_KINDS.indexOf(x.kind) - PACKAGE_KINDS.indexOf(y.kind) || (x.name < y.name ? -1 : 1));
  return {
    name,
    source,
    digest,
    files,
    pages,
    withBytes: withBytes ?? false,
    addedAt,
    imageOf: imageOf(known, set, snapshots),
    layers,
    packages,
    buildIds: buildIds.sort((x, y) => (x.path < y.path ? -1 : 1)),
    notes: [...set.notes],
  };
}

function count(of: Counted | undefined, pages: number): void {
  if (!of) return;
  of.files++;
  of.pages += pages;
}

/** Containers whose dumps name the set as their image. */
export function imageOf(known: KnownSets, set: KnownSet, snapshots: readonly SnapshotRecord[]): string[] {
  const containers = new Set<string>();
  for (const snapshot of snapshots)
    if (set.record.digest !== null && known.imageDigestOf(snapshot) === set.record.digest)
      containers.add(snapshot.container);
  return [...containers];
}
