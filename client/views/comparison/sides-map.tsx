/**
 * The memory map of both sides: the joint mappings as rectangles at the same places, each side filled with its own cells,
 * so that what differs stands beside itself. Hovering on one side frames the mapping on both.
 */
import { useMemo, useState } from "react";
import type { Comparison, JointMapping, SnapshotDetail } from "../../../shared/api/index.ts";
import { comparedPages, VERDICT_SIGNS } from "../../../shared/provenance/index.ts";
import type { Strip } from "../../../shared/strip/index.ts";
import { MemoryMap } from "../../charts/index.ts";
import { Button, type Choice } from "../../controls/index.ts";
import { formatCount, formatPlural, formatSize } from "../../format/index.ts";
import type { Theme, Viewer } from "../../viewer/contract.ts";
import frame from "../picture/map-frame.module.css";
import { MapFrame, mapNote, useMapGroups } from "../picture/map-frame.tsx";
import { mapGroups } from "../picture/map-groups.ts";
import { ownerOf } from "../sidebar/owner.ts";
import type { MapSize } from "../url/picture-url.ts";
import styles from "./comparison.module.css";
import { changedMappings, VERDICT_ORDER } from "./differences.ts";

export interface SidesMapProps {
  readonly comparison: Comparison;
  readonly sides: readonly { readonly key: "a" | "b"; readonly detail: SnapshotDetail; readonly viewer: Viewer }[];
  /** The side that is seen while blinking, else `null`. */
  readonly blinking: "a" | "b" | null;
  readonly strip: Strip;
  readonly size: MapSize;
  readonly theme: Theme;
  readonly current: number;
  readonly onSize: (size: MapSize) => void;
  readonly onOpen: (mapping: number) => void;
}

const SIZES: readonly Choice<MapSize>[] = [
  { value: "differing", title: "Differing pages" },
  { value: "recorded", title: "Compared pages" },
  { value: "virtual", title: "Virtual size" },
];

export function SidesMap(props: SidesMapProps) {
  const { comparison, sides, strip, size } = props;
  const { joint } = comparison;
  const [under, setUnder] = useState<number | null>(null);
  const [unseen, setUnseen] = useState(0);
  const sizes = useMemo(() => {
    if (size === "virtual") return joint.map(({ pages }) => pages);
    if (size === "recorded") return joint.map(({ verdicts }) => comparedPages(verdicts));
    const differing = joint.map(() => 0);
    for (const { mapping, pages } of comparison.differences) differing[mapping] += pages;
    return differing;
  }, [comparison, joint, size]);
  const names = useMemo(
    () =>
      new Map(sides.flatMap(({ detail }) => detail.facts.processes.map(({ pid, comm }) => [`p${pid}`, comm] as const))),
    [sides],
  );
  const groups = useMapGroups(
    useMemo(
      () =>
        mapGroups(
          joint.map(({ space }) => space),
          names,
          (index) => sizes[index],
        ),
      [joint, names, sizes],
    ),
  );
  const mappingAt = useMemo(() => {
    const written = (pages: number) => (size === "virtual" ? formatSize(pages * 4096) : formatPlural(pages, "page"));
    return {
      written,
      mapping: (index: number) => {
        const { name, permissions } = namedOf(joint[index]);
        return { name, permissions, size: written(sizes[index]) };
      },
    };
  }, [joint, size, sizes]);
  const { total } = groups;
  const unit = size === "differing" ? "differing" : "compared";
  return (
    <MapFrame
      sizes={SIZES}
      size={size}
      onSize={props.onSize}
      groups={groups}
      note={
        under === null
          ? mapNote(size === "virtual" ? formatSize(total * 4096) : formatPlural(total, `${unit} page`), groups, unseen)
          : hoveredText(comparison, under)
      }
    >
      {total === 0 ? (
        <p className={frame.empty}>
          No mapping holds a {unit} page.{" "}
          <Button look="link" onPress={() => props.onSize(size === "differing" ? "recorded" : "virtual")}>
            {size === "differing" ? "Show compared pages" : "Show virtual sizes"}
          </Button>
        </p>
      ) : (
        <div className={styles.maps} data-blink={props.blinking !== null}>
          {sides.map(({ key, viewer }) => (
            <div key={key} className={styles.mapOfSide} hidden={props.blinking !== null && props.blinking !== key}>
              <MemoryMap
                viewer={viewer}
                title={`Side ${key.toUpperCase()}: memory map`}
                strip={strip}
                groups={groups.shown}
                mapping={mappingAt.mapping}
                groupSize={mappingAt.written}
                theme={props.theme}
                current={props.current}
                pointed={under}
                onOpen={props.onOpen}
                onHover={setUnder}
                onUnseen={setUnseen}
                onGroup={groups.toggle}
              />
            </div>
          ))}
        </div>
      )}
    </MapFrame>
  );
}

/** A joint mapping is named as in B, where B has it. */
function namedOf({ a, b }: JointMapping): { readonly name: string; readonly permissions: string } {
  return b ?? a ?? { name: "", permissions: "---" };
}

function hoveredText(comparison: Comparison, index: number): string {
  const mapping = comparison.joint[index];
  const { name, permissions } = namedOf(mapping);
  const differing = changedMappings(comparison, (difference) => difference.mapping === index).at(0);
  const where = mapping.a && mapping.b ? "" : mapping.a ? " only in A," : " only in B,";
  const counts = differing
    ? VERDICT_ORDER.filter((verdict) => differing.counts[verdict] > 0)
        .map((verdict) => `${VERDICT_SIGNS[verdict]} ${formatCount(differing.counts[verdict])} ${verdict}`)
        .join(", ")
    : "no difference";
  return `${name} ${permissions}, ${ownerOf(mapping.space)}:${where} ${counts} of ${formatPlural(comparedPages(mapping.verdicts), "compared page")}`;
}
