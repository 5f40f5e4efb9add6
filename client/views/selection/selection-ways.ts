/** Selecting by name: the mapping or the process of the cursor, or everything; and what of a selection is residual. */
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import { type Region, wholeSpace } from "../../../shared/find/index.ts";
import { PROVENANCES, type Provenance } from "../../../shared/provenance/index.ts";
import { type Space, spaceOfProcess } from "../../../shared/snapshot/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import { type Choosable, isResidualOnly, RESIDUAL } from "../explain/parts.ts";

type Maps = SnapshotDetail["maps"];

export interface SelectionWays {
  mapping(): void;
  process(): void;
  everything(): void;
  /** The same as buttons. */
  readonly ways: readonly {
    readonly title: string;
    readonly run: () => void;
    readonly unavailable?: string | undefined;
  }[];
}

/** @param mapping index in `detail.laid` of the cursor's; −1 without one. */
export function selectionWays(options: {
  readonly viewer: Viewer;
  readonly detail: SnapshotDetail;
  readonly mapping: number;
  readonly onSelected: () => void;
}): SelectionWays {
  const { viewer, detail, onSelected } = options;
  const current = detail.laid[options.mapping];
  const select = (regions: readonly Region[]) => {
    viewer.setRegions(regions);
    onSelected();
  };
  const mapping = () => current && select([regionOfMapping(current)]);
  const process = () => current && select(regionsOfProcess(detail, current));
  const everything = () => select([...new Set(detail.laid.map(({ space }) => space as Space))].map(wholeSpace));
  const unavailable = current ? undefined : "the cursor is in no mapping";
  return {
    mapping,
    process,
    everything,
    ways: [
      { title: current ? `Select ${current.name}` : "Select the mapping", run: mapping, unavailable },
      { title: "Select the process", run: process, unavailable },
      { title: "Select everything", run: everything },
    ],
  };
}

function regionOfMapping({ space, start, pages }: Maps[number]): Region {
  return { space: space as Space, start: BigInt(start) * 4096n, end: BigInt(start + pages) * 4096n };
}

/** The private memory of a process and what it maps of shared segments; of what is no process the whole space. */
function regionsOfProcess({ laid, maps }: SnapshotDetail, { space, pid }: Maps[number]): Region[] {
  const own = spaceOfProcess(pid);
  if (!laid.some((mapping) => mapping.space === own)) return [wholeSpace(space as Space)];
  const segments = maps.filter((mapping) => mapping.pid === pid && mapping.space !== own).map(regionOfMapping);
  return [wholeSpace(own), ...apart(segments)];
}

/** Ascending in each space; what touches or overlaps is one. */
function apart(regions: readonly Region[]): Region[] {
  const sorted = regions.toSorted((x, y) =>
    x.space === y.space ? (x.start < y.start ? -1 : 1) : x.space < y.space ? -1 : 1,
  );
  const joined: Region[] = [];
  for (const region of sorted) {
    const last = joined.at(-1);
    if (last?.space !== region.space || region.start > last.end) joined.push(region);
    else if (region.end > last.end) joined[joined.length - 1] = { ...last, end: region.end };
  }
  return joined;
}

/** Provenances that count as residual, as the explanation bar has them chosen. */
export function residualOf(parts: ReadonlySet<Choosable> | null): Provenance[] {
  const chosen = isResidualOnly(parts) && parts ? parts : RESIDUAL;
  return PROVENANCES.filter((provenance) => chosen.has(provenance));
}
