/** The memory map of a snapshot as the way in: what areas mean, which processes, and the map itself. */
import { useMemo, useState } from "react";
import type { ApiMapping, SnapshotDetail } from "../../../shared/api/index.ts";
import { MemoryMap, type TreemapGroup } from "../../charts/index.ts";
import { Button, type Choice, Segmented, Select } from "../../controls/index.ts";
import { formatCount, formatPlural, formatSize } from "../../format/index.ts";
import type { Theme, Viewer } from "../../viewer/contract.ts";
import { ownerOf } from "../sidebar/owner.ts";
import type { MapSize } from "../url/picture-url.ts";
import styles from "./map-view.module.css";
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

const ALL = "all";

function recordedOf({ counts }: ApiMapping): number {
  return counts.present + counts.zero + counts.inParent;
}

export function MapView(props: MapViewProps) {
  const { viewer, detail, laid, size, theme } = props;
  const [owner, setOwner] = useState(ALL);
  const [under, setUnder] = useState<number | null>(null);
  const [unseen, setUnseen] = useState(0);
  const unit = laid.choice === "residual" ? "residual" : "recorded";
  const sizeOf = useMemo(() => {
    if (size === "virtual") return (mapping: ApiMapping) => mapping.pages;
    return unit === "residual" ? (mapping: ApiMapping) => mapping.provenance.new : recordedOf;
  }, [size, unit]);

  const groups = useMemo(() => groupsOf(detail, sizeOf), [detail, sizeOf]);
  const shown = useMemo(
    () => (groups.some(({ name }) => name === owner) ? groups.filter(({ name }) => name === owner) : groups),
    [groups, owner],
  );
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

  const { total, sized, without } = useMemo(() => {
    const members = shown.flatMap((group) => group.members);
    const sized = members.filter((member) => member.size > 0);
    const total = sized.reduce((sum, member) => sum + member.size, 0);
    return { total, sized: sized.length, without: members.length - sized.length };
  }, [shown]);
  const sizes: readonly Choice<MapSize>[] = [
    { value: "recorded", title: unit === "residual" ? "Residual pages" : "Recorded pages" },
    { value: "virtual", title: "Virtual size" },
  ];
  const hovered = under === null ? null : detail.laid[under];
  return (
    <section className={styles.map} aria-label="Memory map">
      <div className={styles.head}>
        <span className={styles.control}>
          Area
          <Segmented label="Area" choices={sizes} value={size} onChoose={props.onSize} />
        </span>
        {groups.length > 1 && (
          <span className={styles.control}>
            Of
            <Select
              label="Process"
              choices={[
                { value: ALL, title: `all ${formatCount(groups.length)}` },
                ...groups.map(({ name }) => ({ value: name, title: name })),
              ]}
              value={shown.length === groups.length ? ALL : owner}
              onChoose={setOwner}
            />
          </span>
        )}
        <p className={styles.note}>
          {hovered
            ? `${hovered.name} ${hovered.permissions}, ${ownerOf(hovered.space)}: ${formatPlural(recordedOf(hovered), "recorded page")} of ${formatCount(hovered.pages)}, ${formatCount(hovered.provenance.new)} residual`
            : noteOf({ total, sized, without, unseen, size, unit })}
        </p>
      </div>
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
            onGroup={(group) => setOwner(shown.length === 1 ? ALL : shown[group].name)}
          />
        )}
      </div>
    </section>
  );
}

/** Processes by pid with their mappings, then shared segments, each of them once; other spaces by themselves. */
function groupsOf(detail: SnapshotDetail, sizeOf: (mapping: ApiMapping) => number): readonly TreemapGroup[] {
  const names = new Map(detail.facts.processes.map(({ pid, comm }) => [`p${pid}`, comm]));
  const groups = new Map<string, { readonly name: string; readonly members: { mapping: number; size: number }[] }>();
  detail.laid.forEach((mapping, index) => {
    const isSegment = /^s\d/.test(mapping.space);
    const key = isSegment ? "segments" : mapping.space;
    const name = names.get(mapping.space);
    const group = groups.get(key) ?? {
      name: isSegment ? "shared segments" : name ? `${name} ${mapping.space.slice(1)}` : ownerOf(mapping.space),
      members: [],
    };
    groups.set(key, group);
    group.members.push({ mapping: index, size: sizeOf(mapping) });
  });
  return [...groups.values()];
}

interface Noted {
  readonly total: number;
  readonly sized: number;
  readonly without: number;
  readonly unseen: number;
  readonly size: MapSize;
  readonly unit: string;
}

function noteOf({ total, sized, without, unseen, size, unit }: Noted): string {
  const sum = size === "virtual" ? formatSize(total * 4096) : formatPlural(total, `${unit} page`);
  const sentences = [`${sum} in ${formatPlural(sized, "mapping")}; shared segments once.`];
  if (without > 0)
    sentences.push(`${formatPlural(without, "mapping")} without one ${without === 1 ? "is" : "are"} left out.`);
  if (unseen > 0) sentences.push(`${formatCount(unseen)} too small for a pixel.`);
  return sentences.join(" ");
}
