/**
 * How much of a snapshot is the system's and how much is left: whole, by process, by mapping, by file and by package.
 * The ways to belong to the system overlap, and each is counted whatever else explains a page; `provenance` alone gives
 * every recorded page one name.
 */
import { addressOfPage, formatAddress } from "../../shared/memory/index.ts";
import {
  byWaysOf,
  type StripCounts as CountsOfWays,
  stripCounts,
  sumOfStripCounts,
  wayBit,
} from "../../shared/provenance/index.ts";
import { mappingName } from "../../shared/snapshot/index.ts";
import { type Filling, type FillingCounts, sumOfFillingCounts } from "../filling/index.ts";
import type { KnownPackage, KnownSets } from "../known-sets/index.ts";
import type { LaidManifest, SnapshotRecord, Store, StrippingRecord } from "../store/index.ts";
import { setsByPath } from "./file-pages.ts";
import { pageWays } from "./ways.ts";

const SHARED = wayBit("shared");

/** Pages; those of the filling are among the ones left to files. */
export type StripCounts = CountsOfWays & FillingCounts;

function sumOf(parts: readonly StripCounts[]): StripCounts {
  return { ...sumOfStripCounts(parts), ...sumOfFillingCounts(parts) };
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

/** @param stripping of the snapshot, as `stripSnapshot` gives it. @param filling of the snapshot */
export function stripReport(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  stripping: StrippingRecord,
  filling: Filling,
): StripReport {
  const manifest = store.manifest(snapshot);
  const others = known.othersOf(snapshot);
  const ways = pageWays(store, known, snapshot, stripping);
  const sharedWith = ways.containers.map(() => 0);
  const provenances = known.laidProvenance(snapshot);

  const countsOf = ({ counts, chunks }: LaidManifest, laid: number): StripCounts => {
    const pages = new Map<number, number>();
    for (const chunk of chunks) {
      const { page } = manifest.columns(chunk);
      ways.ofChunk(chunk).forEach((bits, row) => {
        if (bits === 0) return;
        pages.set(bits, (pages.get(bits) ?? 0) + 1);
        if ((bits & SHARED) === 0) return;
        ways.containers.forEach((other, i) => {
          if (other.has(page[row])) sharedWith[i]++;
        });
      });
    }
    const recorded = counts.present + counts.zero + counts.inParent;
    const { ofDeletedFiles } = filling.laidCounts[laid];
    const own = { recorded, leftToFile: counts.absent.file, ofDeletedFiles, provenance: provenances[laid] };
    return { ...stripCounts({ ...own, byWays: byWaysOf(pages) }), ...filling.laidCounts[laid] };
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
      ...countsOf(laid, i),
    };
  });
  const byFile = filesOf(known, snapshot, manifest.laid, byMapping);
  const alikePages = others.map(() => 0);
  for (let i = 1; i < stripping.alike.length; i += 3) alikePages[stripping.alike[i]]++;
  return {
    ...sumOf(byMapping),
    sharedWith: ways.containers
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
