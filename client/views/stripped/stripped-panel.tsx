/**
 * What looks tampered with, and the system taken away: in which ways pages belong to it, whose they are, and what is left. It is found out when the
 * panel is opened; nothing of the snapshot is deleted.
 */
import type { Library, SnapshotDetail } from "../../../shared/api/index.ts";
import { sumOfStripCounts } from "../../../shared/provenance/index.ts";
import { asApiError, useLibrary, useStripping } from "../../api/index.ts";
import { Failure, Loading } from "../../controls/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { AddImage } from "./add-image.tsx";
import { DeletedFiles } from "./deleted-files.tsx";
import { Findings } from "./findings.tsx";
import { OtherSnapshots } from "./other-snapshots.tsx";
import { scopeTitle } from "./scope-title.ts";
import { SystemLists, type SystemListsProps } from "./system-lists.tsx";
import { chooseMappings, chooseWay, rowsWithin, type WayFilter, withoutMappings } from "./way-filter.ts";
import { WayList } from "./way-list.tsx";

export interface StrippedPanelProps extends Pick<SystemListsProps, "current" | "onOpen" | "onHover"> {
  readonly detail: Pick<SnapshotDetail, "snapshot" | "imageName" | "laid">;
  readonly filter: WayFilter | null;
  readonly onFilter: (filter: WayFilter | null) => void;
  readonly onGo: (place: Place) => void;
}

export function StrippedPanel(props: StrippedPanelProps) {
  const { data: library } = useLibrary();
  const taken = library?.knownSets.map(({ name }) => name) ?? [];
  return (
    <>
      <Findings snapshot={props.detail.snapshot} knownSets={taken} onGo={props.onGo} />
      <Stripped {...props} library={library} taken={taken} />
    </>
  );
}

interface StrippedProps extends Omit<StrippedPanelProps, "onGo"> {
  readonly library: Library | undefined;
  /** Names of known sets. */
  readonly taken: readonly string[];
}

function Stripped({ detail, filter, onFilter, library, taken, ...places }: StrippedProps) {
  const { data, error, refetch } = useStripping(detail.snapshot, taken);
  if (error) {
    return (
      <Failure
        title="The snapshot could not be stripped"
        detail={error.message}
        advice={asApiError(error).advice}
        onRetry={() => void refetch()}
      />
    );
  }
  if (!data) {
    return (
      <Loading what="Pages of mapped files are compared with their files as the loader would write them, and all pages with those of other containers up to the addresses in them. It is kept when it is done." />
    );
  }
  const within = filter?.within ?? null;
  const rows = rowsWithin(data.byMapping, within);
  const counts = sumOfStripCounts(rows);
  const isUnknown = data.byFile.length > 0 && data.byFile.every(({ set }) => set === null);
  return (
    <>
      {isUnknown && <AddImage imageName={detail.imageName} taken={taken} />}
      <WayList
        counts={counts}
        filter={filter}
        scope={scopeTitle(data, within)}
        onChoose={(way, add) => onFilter(chooseWay(filter, way, add))}
        onAllMappings={() => onFilter(withoutMappings(filter))}
      />
      <DeletedFiles
        ofDeletedFiles={counts.ofDeletedFiles}
        fromGhost={rows.reduce((sum, { fromGhost }) => sum + fromGhost, 0)}
      />
      <OtherSnapshots stripping={data} library={library} isOfMore={within !== null} />
      <SystemLists
        stripping={data}
        laid={detail.laid}
        within={within}
        onWithin={(mappings) => onFilter(chooseMappings(filter, mappings))}
        {...places}
      />
    </>
  );
}
