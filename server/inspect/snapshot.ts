/** A snapshot in the words of the API: its summary, its mappings with counts, and its histograms. */

import type { ApiMapping, SnapshotDetail, SnapshotSummary } from "../../shared/api/index.ts";
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { addressOfPage, bisect, formatAddress } from "../../shared/memory/index.ts";
import { emptyProvenance } from "../../shared/provenance/index.ts";
import { type Mapping, mappingName, PAGE_STATES } from "../../shared/snapshot/index.ts";
import { SUMMARY_BYTES, summaryAt } from "../../shared/summary/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { type LaidManifest, LeastRecent, type SnapshotRecord, type Store } from "../store/index.ts";

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
    provenance: known.provenance(record).total,
    parent: record.parent,
    pagesParent: record.pagesParent,
    sha256: record.sha256,
    unpackedSha256: record.unpackedSha256,
    bytes: record.bytes,
    file: record.file,
  };
}

export function snapshotDetail(store: Store, known: KnownSets, record: SnapshotRecord): SnapshotDetail {
  const manifest = store.manifest(record);
  const live = known.provenance(record);
  const laid = manifest.laid.map((entry, i) => apiMapping(entry.mapping, entry, live.laid[i]));
  const segmentMaps = manifest.segmentMaps.map(({ mapping, counts }) =>
    apiMapping(mapping, { counts, shown: [] }, emptyProvenance()),
  );
  const own = laid.filter((mapping) => !mapping.space.startsWith("s"));
  const { classes, entropy } = histograms(store, record);
  return {
    ...snapshotSummary(known, record),
    facts: {
      ...manifest.facts,
      processes: [...manifest.facts.processes],
      notes: [...manifest.facts.notes],
      more: { ...manifest.facts.more },
    },
    imageName: manifest.facts.imageName,
    laid,
    maps: manifest.hasMappings ? [...own, ...segmentMaps].sort(byProcessAndAddress) : own,
    classes,
    entropy,
  };
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

/** Summaries read at once: 4,096 × 416 B = 1.6 MiB. */
const STEP = 4096;
const ZERO_STATES = new Set([PAGE_STATES.indexOf("zero"), PAGE_STATES.indexOf("parent-zero")]);

interface Histograms {
  readonly classes: number[];
  readonly entropy: number[];
}

const counted = new LeastRecent<Histograms>(64);

/** Bytes per class and windows per entropy over all recorded pages, each place counted. */
function histograms(store: Store, record: SnapshotRecord): Histograms {
  return counted.get(record.manifest, () => {
    const manifest = store.manifest(record);
    const classes = [0, 0, 0, 0, 0, 0];
    const entropy = new Array<number>(64).fill(0);
    const distinct = manifest.distinctPages();
    const places = new Uint32Array(distinct.length);
    for (const { chunks } of manifest.laid) {
      for (const chunk of chunks) {
        const { state, page } = manifest.columns(chunk);
        for (let row = 0; row < state.length; row++) {
          if (ZERO_STATES.has(state[row])) classes[0] += 4096;
          else if (page[row] < ZERO_PAGE) places[rankOf(distinct, page[row])]++;
        }
      }
    }
    for (let at = 0; at < distinct.length; at += STEP) {
      const summaries = store.pages.summaries(distinct.subarray(at, at + STEP));
      for (let i = 0; i * SUMMARY_BYTES < summaries.length; i++) {
        const summary = summaryAt(summaries, i * SUMMARY_BYTES);
        const times = places[at + i];
        for (let window = 0; window < 16; window++) {
          let nonZero = 0;
          for (let c = 0; c < 5; c++) {
            classes[c + 1] += summary.counts[window * 5 + c] * times;
            nonZero += summary.counts[window * 5 + c];
          }
          classes[0] += (256 - nonZero) * times;
          if (nonZero > 0) entropy[Math.min(63, summary.entropy[window] >> 9)] += times;
        }
      }
    }
    return { classes, entropy };
  });
}

function rankOf(sorted: Uint32Array, value: number): number {
  return bisect(sorted.length, (i) => sorted[i] < value);
}
