/**
 * How much of a snapshot is the system's and how much is left: whole, by process, by mapping, by file and by package.
 * The ways to belong to the system overlap, and each is counted whatever else explains a page; `provenance` alone gives
 * every recorded page one name.
 */
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { addressOfPage, formatAddress } from "../../shared/memory/index.ts";
import { emptyProvenance, PROVENANCES, type ProvenanceCounts } from "../../shared/provenance/index.ts";
import { isRecorded, mappingName, stateCode } from "../../shared/snapshot/index.ts";
import { pageSet } from "../explain/index.ts";
import { alikeRowsOf, type KnownPackage, type KnownSets } from "../known-sets/index.ts";
import type { LaidManifest, SnapshotRecord, Store, StrippingRecord } from "../store/index.ts";
import { setsByPath } from "./file-pages.ts";

const PARENT_MISSING = stateCode("parent-missing");
/** Names of other containers that hold a page are looked for in so many snapshots of each, the latest. */
const SNAPSHOTS_OF_A_CONTAINER = 16;

/** Pages. */
export interface StripCounts {
  readonly recorded: number;
  readonly zero: number;
  /** Absent: the dumper's own statement that the file has them. */
  readonly leftToFile: number;
  /** Recorded, not zero, with the content of a page of a known set. */
  readonly same: number;
  readonly relocated: number;
  readonly alike: number;
  /** In a snapshot of another container. */
  readonly shared: number;
  /** Zero, same, relocated or alike, each page once. */
  readonly explained: number;
  readonly provenance: ProvenanceCounts;
}

export interface MappingStrip extends StripCounts {
  readonly space: string;
  readonly pid: number;
  readonly address: string;
  readonly name: string;
  readonly path: string | null;
  readonly permissions: string;
}

/** By the file that a mapping maps. */
export interface FileStrip extends StripCounts {
  readonly path: string;
  readonly deleted: boolean;
  /** `null` when no known set has the file. */
  readonly set: string | null;
  readonly package: KnownPackage | null;
  readonly buildId: string | null;
}

export interface PackageStrip extends StripCounts {
  readonly package: KnownPackage;
  readonly files: number;
}

export interface StripReport extends StripCounts {
  readonly sharedWith: readonly { readonly container: string; readonly pages: number }[];
  /** Of `alike`, by the snapshot to which they are. */
  readonly alikeTo: readonly {
    readonly snapshot: string;
    readonly baselineOf: string | null;
    readonly pages: number;
  }[];
  readonly byProcess: readonly (StripCounts & { readonly pid: number; readonly comm: string | null })[];
  readonly byMapping: readonly MappingStrip[];
  readonly byFile: readonly FileStrip[];
  readonly byPackage: readonly PackageStrip[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NAMES = ["recorded", "zero", "leftToFile", "same", "relocated", "alike", "shared", "explained"] as const;

function sumOf(all: readonly StripCounts[]): StripCounts {
  const sum: Mutable<Omit<StripCounts, "provenance">> & { provenance: Record<string, number> } = {
    recorded: 0,
    zero: 0,
    leftToFile: 0,
    same: 0,
    relocated: 0,
    alike: 0,
    shared: 0,
    explained: 0,
    provenance: emptyProvenance(),
  };
  for (const one of all) {
    for (const name of NAMES) sum[name] += one[name];
    for (const provenance of PROVENANCES) sum.provenance[provenance] += one.provenance[provenance];
  }
  return sum as StripCounts;
}

/** @param stripping of the snapshot, as `stripSnapshot` gives it */
export function stripReport(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  stripping: StrippingRecord,
): StripReport {
  const manifest = store.manifest(snapshot);
  const { set } = known.pagesOf(snapshot);
  const others = known.othersOf(snapshot);
  const relocated = pageSet(stripping.relocated);
  const alike = pageSet(alikeRowsOf(stripping));
  const containers = pagesOfOthers(store, snapshot);
  const sharedWith = containers.map(() => 0);
  const provenances = known.laidProvenance(snapshot);

  const countsOf = ({ counts, chunks }: LaidManifest, provenance: ProvenanceCounts): StripCounts => {
    const all = { recorded: 0, zero: 0, same: 0, relocated: 0, alike: 0, shared: 0, explained: 0 };
    for (const chunk of chunks) {
      const { state, page } = manifest.columns(chunk);
      for (let row = 0; row < page.length; row++) {
        if (!isRecorded(state[row])) continue;
        all.recorded++;
        if (state[row] === PARENT_MISSING) continue;
        const isZero = page[row] >= ZERO_PAGE;
        const isSame = !isZero && set.has(page[row]);
        const isRelocated = relocated.has(chunk.row + row);
        const isAlike = alike.has(chunk.row + row);
        if (isZero) all.zero++;
        if (isSame) all.same++;
        if (isRelocated) all.relocated++;
        if (isAlike) all.alike++;
        if (isZero || isSame || isRelocated || isAlike) all.explained++;
        if (isZero) continue;
        let isShared = false;
        containers.forEach(({ pages }, i) => {
          if (!pages.has(page[row])) return;
          sharedWith[i]++;
          isShared = true;
        });
        if (isShared) all.shared++;
      }
    }
    return { ...all, leftToFile: counts.absent.file, provenance };
  };

  const byMapping = manifest.laid.map((laid, i): MappingStrip => {
    const { mapping } = laid;
    return {
      space: mapping.space,
      pid: mapping.pid,
      address: formatAddress(addressOfPage(mapping.range.start)),
      name: mappingName(mapping),
      path: mapping.kind === "file" ? mapping.path : null,
      permissions: mapping.permissions,
      ...countsOf(laid, provenances[i]),
    };
  });
  const byFile = filesOf(known, snapshot, manifest.laid, byMapping);
  const alikePages = others.map(() => 0);
  for (let i = 1; i < stripping.alike.length; i += 3) alikePages[stripping.alike[i]]++;
  return {
    ...sumOf(byMapping),
    sharedWith: containers
      .map(({ container }, i) => ({ container, pages: sharedWith[i] }))
      .filter(({ pages }) => pages > 0),
    alikeTo: others
      .map(({ snapshot: other, baselineOf }, i) => ({
        snapshot: `${other.container}/${other.name}`,
        baselineOf,
        pages: alikePages[i],
      }))
      .filter(({ pages }) => pages > 0),
    byProcess: manifest.facts.processes.map(({ pid, comm }) => ({
      pid,
      comm,
      ...sumOf(byMapping.filter(({ space }) => space === `p${pid}`)),
    })),
    byMapping,
    byFile,
    byPackage: packagesOf(byFile),
  };
}

/** Of each other container the pages of its latest snapshots. */
function pagesOfOthers(store: Store, snapshot: SnapshotRecord) {
  const byContainer = Map.groupBy(
    store.catalog.snapshots().filter(({ container }) => container !== snapshot.container),
    ({ container }) => container,
  );
  return Array.from(byContainer, ([container, snapshots]) => {
    const sets = snapshots
      .slice(-SNAPSHOTS_OF_A_CONTAINER)
      .map((other) => pageSet(store.manifest(other).distinctPages()));
    return { container, pages: { has: (page: number) => sets.some((one) => one.has(page)) } };
  });
}

function filesOf(
  known: KnownSets,
  snapshot: SnapshotRecord,
  laid: readonly LaidManifest[],
  byMapping: readonly MappingStrip[],
): readonly FileStrip[] {
  const setOf = setsByPath(known, snapshot);
  const byPath = Map.groupBy(byMapping, ({ path }) => path);
  const deleted = new Set(laid.flatMap(({ mapping }) => (mapping.deleted ? [mapping.path] : [])));
  return Array.from(byPath, ([path, mappings]): FileStrip[] => {
    if (path === null) return [];
    const set = deleted.has(path) ? undefined : setOf(path);
    const about = set?.about(path);
    return [
      {
        path,
        deleted: deleted.has(path),
        set: set?.record.name ?? null,
        package: about?.package ?? null,
        buildId: about?.buildId ?? null,
        ...sumOf(mappings),
      },
    ];
  })
    .flat()
    .sort((x, y) => systemOf(y) - systemOf(x) || (x.path < y.path ? -1 : 1));
}

function packagesOf(byFile: readonly FileStrip[]): readonly PackageStrip[] {
  const named = byFile.flatMap((file) => (file.package ? [{ ...file, package: file.package }] : []));
  const byPackage = Map.groupBy(named, ({ package: { kind, name, version } }) => `${kind} ${name} ${version}`);
  return Array.from(byPackage.values(), (files) => ({
    package: files[0].package,
    files: files.length,
    ...sumOf(files),
  })).sort((x, y) => systemOf(y) - systemOf(x) || (x.package.name < y.package.name ? -1 : 1));
}

function systemOf({ leftToFile, same, relocated }: StripCounts): number {
  return leftToFile + same + relocated;
}
