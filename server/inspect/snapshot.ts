/** A snapshot in the words of the API: its summary, its facts, its mappings with counts. */

import type { ApiMapping, SnapshotDetail, SnapshotSummary } from "../../shared/api/index.ts";
import { addressOfPage, formatAddress } from "../../shared/memory/index.ts";
import { emptyProvenance } from "../../shared/provenance/index.ts";
import { type Mapping, mappingName } from "../../shared/snapshot/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import type { ChunkPlace, LaidManifest, LaidPages, SnapshotRecord, Store } from "../store/index.ts";

export function snapshotSummary(known: KnownSets, record: SnapshotRecord): SnapshotSummary {
  return {
    snapshot: record.id,
    name: record.name,
    container: record.container,
    createdAt: record.createdAt,
    checkpointedAt: record.checkpointedAt,
    checkpointedFrom: record.checkpointedFrom,
    containerCreatedAt: record.containerCreatedAt,
    format: record.format,
    processes: record.processes,
    mappings: record.mappings,
    pages: record.pages,
    distinctPages: record.distinctPages,
    provenance: known.provenance(record),
    ofDeletedFiles: known.ofDeletedFiles(record),
    isStripped: known.isStripped(record),
    parent: record.parent,
    pagesParent: record.pagesParent,
    sha256: record.sha256,
    unpackedSha256: record.unpackedSha256,
    bytes: record.bytes,
    file: record.file,
  };
}

/** All of a snapshot's detail that is known without looking at its pages. */
export type SnapshotContents = Omit<SnapshotDetail, "classes" | "entropy">;

export function snapshotContents(store: Store, known: KnownSets, record: SnapshotRecord): SnapshotContents {
  const manifest = store.manifest(record);
  return {
    ...snapshotSummary(known, record),
    ...laidContents(manifest, known.laidProvenance(record)),
    image: imageOf(known, record, manifest.facts.imageId),
  };
}

/** @param provenance of each laid mapping; left out while it is not known: then all are 0. */
export function laidContents<Chunk extends ChunkPlace>(
  { facts, laid, segmentMaps, hasMappings }: LaidPages<Chunk>,
  provenance?: readonly ApiMapping["provenance"][],
): Pick<SnapshotDetail, "facts" | "imageName" | "laid" | "maps"> {
  const mappings = laid.map((entry, i) => apiMapping(entry.mapping, entry, provenance?.[i] ?? emptyProvenance()));
  const shared = segmentMaps.map(({ mapping, counts }) =>
    apiMapping(mapping, { counts, shown: [] }, emptyProvenance()),
  );
  const own = mappings.filter((mapping) => !mapping.space.startsWith("s"));
  return {
    facts: { ...facts, processes: [...facts.processes], notes: [...facts.notes], more: { ...facts.more } },
    imageName: facts.imageName,
    laid: mappings,
    maps: hasMappings ? [...own, ...shared].sort(byProcessAndAddress) : own,
  };
}

function imageOf(known: KnownSets, record: SnapshotRecord, id: string | null): SnapshotDetail["image"] {
  if (id === null) return null;
  const digest = known.imageDigestOf(record);
  return { id, knownSet: known.sets().find((set) => set.record.digest === digest)?.record.name ?? null };
}

/** A shared mapping's `start` is its place in the segment: in its process it stands where it is mapped. */
function byProcessAndAddress(x: ApiMapping, y: ApiMapping): number {
  if (x.pid !== y.pid) return x.pid - y.pid;
  return BigInt(x.address) < BigInt(y.address) ? -1 : 1;
}

function apiMapping(
  mapping: Mapping,
  entry: Pick<LaidManifest, "counts" | "shown">,
  provenance: ApiMapping["provenance"],
): ApiMapping {
  return {
    space: mapping.space,
    pid: mapping.pid,
    start: mapping.spaceStart,
    pages: mapping.range.end - mapping.range.start,
    permissions: mapping.permissions,
    shared: mapping.shared,
    kind: mapping.kind,
    name: mappingName(mapping),
    path: mapping.path,
    offset: mapping.offset,
    deleted: mapping.deleted,
    counts: entry.counts,
    provenance,
    shown: entry.shown.map(([from, to]): [number, number] => [from, to]),
    address: formatAddress(addressOfPage(mapping.range.start)),
  };
}
