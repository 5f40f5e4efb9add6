/**
 * The strips of a comparison by choice. Both sides are laid on one: a block takes room when a page of the chosen kind
 * stands in it on either side. Residual is what differs, or is left by what explains either side now.
 */
import { bisect } from "../../shared/memory/index.ts";
import { BLOCK_PAGES, layStrip, type StripChoice } from "../../shared/strip/index.ts";
import { unionOf } from "../compare/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { LeastRecent, type SnapshotRecord, type Store } from "../store/index.ts";
import { type Blocks, blocksOf, chosenRows, contentOf } from "./chosen-strip.ts";
import { type ComparedSnapshots, comparisonSide, type SnapshotStrip } from "./strip-source.ts";

export interface JointStrip {
  /** 16 hexadecimal digits: equal names, equal strips. */
  readonly content: string;
  /** Blocks that are shown, of each joint mapping in order. */
  readonly shown: readonly Blocks[];
  /** Pages of the chosen kind on each side; of `all` those recorded or left to a file. */
  readonly pages: Readonly<Record<"a" | "b", number>>;
  readonly sides: Readonly<Record<"a" | "b", SnapshotStrip>>;
}

export interface JointStrips {
  choose(compared: ComparedSnapshots, choice: StripChoice): JointStrip;
}

const MOST_KEPT = 4;

export function createJointStrips(store: Store, known: KnownSets): JointStrips {
  const kept = new LeastRecent<JointStrip>(MOST_KEPT);
  const explained = (record: SnapshotRecord) => `${record.provenanceBlob} ${known.generation(record)}`;
  return {
    choose(compared, choice) {
      const { a, b } = compared;
      const of = choice === "residual" ? `${explained(a)} ${explained(b)}` : "";
      return kept.get(`${a.id} ${b.id} ${choice} ${of}`, () => {
        const { joint } = compared.comparison;
        const { shown, pages } =
          choice === "all"
            ? {
                shown: joint.map((entry): Blocks => entry.shown.map(({ start, end }) => [start, end])),
                pages: { a: laidPages(a), b: laidPages(b) },
              }
            : chooseBlocks(store, known, compared, choice);
        const strip = layStrip(
          joint.map((entry, i) => ({ ...entry, shown: shown[i].map(([start, end]) => ({ start, end })) })),
        );
        const sides = {
          a: comparisonSide(store, compared, "a", strip),
          b: comparisonSide(store, compared, "b", strip),
        };
        return { content: contentOf(shown), shown, pages, sides };
      });
    },
  };
}

function laidPages({ pages: { present, zero, inParent, absent } }: SnapshotRecord): number {
  return present + zero + inParent + absent.file;
}

function chooseBlocks(
  store: Store,
  known: KnownSets,
  { a, b, comparison }: ComparedSnapshots,
  choice: Exclude<StripChoice, "all">,
): Pick<JointStrip, "shown" | "pages"> {
  const { joint, nameInA } = comparison;
  const blocks = joint.map((): (readonly [number, number])[] => []);
  const addSide = (record: SnapshotRecord, nameOf: (space: (typeof joint)[number]["space"]) => string): number => {
    const bySpace = Map.groupBy(joint.keys(), (index) => nameOf(joint[index].space));
    const isChosen = chosenRows(store, known, record, choice);
    let pages = 0;
    for (const entry of store.manifest(record).laid) {
      const { space, spaceStart } = entry.mapping;
      const own = bySpace.get(space) ?? [];
      const index = own[bisect(own.length, (i) => joint[own[i]].start <= spaceStart) - 1];
      const found = blocksOf(entry, joint[index].start, isChosen);
      for (const block of found.blocks) blocks[index].push(block);
      pages += found.pages;
    }
    return pages;
  };
  const pages = { a: addSide(a, nameInA), b: addSide(b, (space) => space) };
  if (choice === "residual")
    for (const { mapping, start, pages: size } of comparison.differences) {
      const first = start - joint[mapping].start;
      blocks[mapping].push([Math.floor(first / BLOCK_PAGES), Math.ceil((first + size) / BLOCK_PAGES)]);
    }
  return { shown: blocks.map(unionOf), pages };
}
