/** What stands around a memory map: what areas mean, whose mappings are on it, and a sentence on it. */
import { type ReactNode, useState } from "react";
import type { TreemapGroup } from "../../charts/index.ts";
import { type Choice, Segmented, Select } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import type { MapSize } from "../url/picture-url.ts";
import styles from "./map-frame.module.css";

export interface MapFrameProps {
  readonly sizes: readonly Choice<MapSize>[];
  readonly size: MapSize;
  readonly onSize: (size: MapSize) => void;
  readonly groups: MapGroups;
  readonly note: string;
  readonly children: ReactNode;
}

export interface MapGroups {
  readonly all: readonly TreemapGroup[];
  /** Those of the chosen process alone, or all. */
  readonly shown: readonly TreemapGroup[];
  choose(name: string): void;
  /** From its head on the map: that process alone, or all again. */
  toggle(shown: number): void;
  /** Of the mappings that are shown: the sum of their sizes, how many have one, how many have none. */
  readonly total: number;
  readonly sized: number;
  readonly without: number;
}

const ALL = "all";

export function useMapGroups(all: readonly TreemapGroup[]): MapGroups {
  const [owner, setOwner] = useState(ALL);
  const chosen = all.find(({ name }) => name === owner);
  const [one, setOne] = useState<readonly TreemapGroup[]>([]);
  // The same list as before where it is the same group: the map is laid anew for another one.
  if (chosen && one[0] !== chosen) setOne([chosen]);
  const shown = chosen ? one : all;
  const members = shown.flatMap((group) => group.members);
  const sized = members.filter((member) => member.size > 0);
  return {
    all,
    shown,
    choose: setOwner,
    toggle: (group) => setOwner(chosen ? ALL : shown[group].name),
    total: sized.reduce((sum, member) => sum + member.size, 0),
    sized: sized.length,
    without: members.length - sized.length,
  };
}

export function MapFrame({ sizes, size, onSize, groups, note, children }: MapFrameProps) {
  const { all, shown } = groups;
  return (
    <section className={styles.map} aria-label="Memory map">
      <div className={styles.head}>
        <span className={styles.control}>
          Area
          <Segmented label="Area" choices={sizes} value={size} onChoose={onSize} />
        </span>
        {all.length > 1 && (
          <span className={styles.control}>
            Of
            <Select
              label="Process"
              choices={[
                { value: ALL, title: `all ${formatCount(all.length)}` },
                ...all.map(({ name }) => ({ value: name, title: name })),
              ]}
              value={shown.length === all.length ? ALL : shown[0].name}
              onChoose={groups.choose}
            />
          </span>
        )}
        <p className={styles.note}>{note}</p>
      </div>
      {children}
    </section>
  );
}

/** How many mappings are on the map, and how many it leaves out. @param sum of their sizes, with its unit */
export function mapNote(sum: string, { sized, without }: MapGroups, unseen: number): string {
  const sentences = [`${sum} in ${formatPlural(sized, "mapping")}; shared segments once.`];
  if (without > 0)
    sentences.push(`${formatPlural(without, "mapping")} without one ${without === 1 ? "is" : "are"} left out.`);
  if (unseen > 0) sentences.push(`${formatCount(unseen)} too small for a pixel.`);
  return sentences.join(" ");
}
