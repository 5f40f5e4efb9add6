/** The memory map of a snapshot as the way in: what areas mean, which processes, and the map itself. */
import { useMemo, useState } from "react";
import type { ApiMapping, SnapshotDetail } from "../../../shared/api/index.ts";
import { MemoryMap } from "../../charts/index.ts";
import { Button, type Choice } from "../../controls/index.ts";
import { formatCount, formatPlural, formatSize } from "../../format/index.ts";
import type { Theme, Viewer } from "../../viewer/contract.ts";
import styles from "../picture/map-frame.module.css";
import { MapFrame, mapNote, useMapGroups } from "../picture/map-frame.tsx";
import { mapGroups } from "../picture/map-groups.ts";
import { ownerOf } from "../sidebar/owner.ts";
import type { MapSize } from "../url/picture-url.ts";
import type { LaidStrip } from "./use-chosen-strip.ts";

export interface MapViewProps {
  readonly viewer: Viewer;
  readonly detail: SnapshotDetail;
  readonly laid: LaidStrip;
  readonly size: MapSize;
  readonly theme: Theme;
  readonly current: number;
  readonly onSize: (size: MapSize) => void;
  readonly onOpen: (mapping: number) => void;
}

function recordedOf({ counts }: ApiMapping): number {
  return counts.present + counts.zero + counts.inParent;
}

export function MapView(props: MapViewProps) {
  const { viewer, detail, laid, size, theme } = props;
  const [under, setUnder] = useState<number | null>(null);
  const [unseen, setUnseen] = useState(0);
  const unit = laid.choice === "residual" ? "residual" : "recorded";
  const sizeOf = useMemo(() => {
    if (size === "virtual") return (mapping: ApiMapping) => mapping.pages;
    return unit === "residual" ? (mapping: ApiMapping) => mapping.provenance.new : recordedOf;
  }, [size, unit]);

  const groups = useMapGroups(
    useMemo(
      () =>
        mapGroups(
          detail.laid.map(({ space }) => space),
          new Map(detail.facts.processes.map(({ pid, comm }) => [`p${pid}`, comm])),
          (index) => sizeOf(detail.laid[index]),
        ),
      [detail, sizeOf],
    ),
  );
  const { total, shown } = groups;
  const mappingAt = useMemo(() => {
    const written = (pages: number) => (size === "virtual" ? formatSize(pages * 4096) : formatPlural(pages, "page"));
    return {
      written,
      mapping: (index: number) => {
        const mapping = detail.laid[index];
        return { name: mapping.name, permissions: mapping.permissions, size: written(sizeOf(mapping)) };
      },
    };
  }, [detail.laid, size, sizeOf]);

  const sizes: readonly Choice<MapSize>[] = [
    { value: "recorded", title: unit === "residual" ? "Residual pages" : "Recorded pages" },
    { value: "virtual", title: "Virtual size" },
  ];
  const hovered = under === null ? null : detail.laid[under];
  const sum = size === "virtual" ? formatSize(total * 4096) : formatPlural(total, `${unit} page`);
  return (
    <MapFrame
      sizes={sizes}
      size={size}
      onSize={props.onSize}
      groups={groups}
      note={
        hovered
          ? `${hovered.name} ${hovered.permissions}, ${ownerOf(hovered.space)}: ${formatPlural(recordedOf(hovered), "recorded page")} of ${formatCount(hovered.pages)}, ${formatCount(hovered.provenance.new)} residual`
          : mapNote(sum, groups, unseen)
      }
    >
      <div className={styles.body}>
        {total === 0 ? (
          <p className={styles.empty}>
            No mapping holds a {unit} page.{" "}
            <Button look="link" onPress={() => props.onSize("virtual")}>
              Show virtual sizes
            </Button>
          </p>
        ) : (
          <MemoryMap
            viewer={viewer}
            strip={laid.strip}
            groups={shown}
            mapping={mappingAt.mapping}
            groupSize={mappingAt.written}
            theme={theme}
            current={props.current}
            onOpen={props.onOpen}
            onHover={setUnder}
            onUnseen={setUnseen}
            onGroup={groups.toggle}
          />
        )}
      </div>
    </MapFrame>
  );
}
