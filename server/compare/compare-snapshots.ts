/**
 * Classes each recorded page of B against A by the counting rules of the design, from page numbers alone: equal numbers
 * are equal contents, so no page byte is read. Chunks that both sides share are counted without a look-up.
 */
import { NO_PAGE } from "../../shared/manifest/index.ts";
import type { PageAddress, Range } from "../../shared/memory/index.ts";
import {
  emptyVerdicts,
  VERDICTS,
  type Verdict,
  type VerdictCounts,
  verdictCode,
} from "../../shared/provenance/index.ts";
import { isRecorded, PAGE_STATES, type Space } from "../../shared/snapshot/index.ts";
import { type JointSource, joinStrips, type StripSource } from "../../shared/strip/index.ts";
import { type PageSet, pageSet } from "../explain/index.ts";
import {
  type ChunkPlace,
  type LaidPages,
  NO_ROW,
  type PlaceColumns,
  placesOf,
  type SnapshotRecord,
  type Store,
} from "../store/index.ts";
import { matchSpaces, sideOf } from "./match-spaces.ts";
import { unionOf } from "./union-of-ranges.ts";

/** No verdict: nothing recorded in B and no content in A, or an unresolved place of B. */
export const NO_VERDICT = 255;
/** Pages looked at in one step. */
const STEP = 16_384;

/** A run of neighbouring pages with one verdict in one joint mapping; zero pages only where A had content. */
export interface PageDifference {
  readonly verdict: Verdict;
  readonly space: Space;
  readonly start: number;
  readonly pages: number;
  readonly mapping: number;
}

export interface JointEntry extends JointSource {
  readonly verdicts: VerdictCounts;
}

export interface Comparison {
  readonly verdicts: VerdictCounts;
  readonly zeroThatHadContent: number;
  readonly joint: readonly JointEntry[];
  readonly differences: readonly PageDifference[];
  /** Verdict codes of pages [start, start + count) of a space, `NO_VERDICT` where there is none. */
  verdictsOf(space: Space, start: number, count: number): Uint8Array;
  /** The name in A of a space; places are named as in B. */
  nameInA(space: Space): Space;
}

/** What a dump lays on its strip. */
export function stripSources<Chunk extends ChunkPlace>({ laid }: Pick<LaidPages<Chunk>, "laid">): StripSource[] {
  return laid.map(({ mapping, shown }) => ({
    space: mapping.space,
    start: mapping.spaceStart as PageAddress,
    pages: mapping.range.end - mapping.range.start,
    shown: shown.map(([start, end]): Range<number> => ({ start, end })),
  }));
}

export function compareSnapshots(store: Store, a: SnapshotRecord, b: SnapshotRecord): Comparison {
  const manifestA = store.manifest(a);
  const manifestB = store.manifest(b);
  const placesA = placesOf(manifestA);
  const placesB = placesOf(manifestB);
  const inA = pageSet(manifestA.distinctPages());
  const nameInA = matchSpaces(sideOf(a, manifestA), sideOf(b, manifestB));
  const classify = (space: Space, start: number, count: number) =>
    classifyColumns(placesA.columns(nameInA(space), start, count), placesB.columns(space, start, count), inA);
  const nameInB = new Map(manifestB.laid.map(({ mapping }) => [nameInA(mapping.space), mapping.space]));
  const sourcesA = stripSources(manifestA).map((source) => ({
    ...source,
    space: nameInB.get(source.space) ?? source.space,
  }));

  // Of a mapping of terabytes only what one side has rows of is looked at.
  const recordedRanges = ({ space, start, pages }: JointSource) => [
    ...placesA.ranges(nameInA(space), start, start + pages),
    ...placesB.ranges(space, start, start + pages),
  ];

  const verdicts = emptyVerdicts();
  let zeroThatHadContent = 0;
  const differences: PageDifference[] = [];
  const joint = joinStrips(sourcesA, stripSources(manifestB)).map((source, mapping): JointEntry => {
    const counts = emptyVerdicts();
    let open: { verdict: Verdict; start: number; pages: number } | undefined;
    const close = () => {
      if (open) differences.push({ ...open, space: source.space, mapping });
      open = undefined;
    };
    for (const [from, to] of unionOf(recordedRanges(source))) {
      for (let at = from; at < to; at += STEP) {
        const { codes, hadContent, unresolved } = classify(source.space, at, Math.min(STEP, to - at));
        counts.unresolved += unresolved;
        for (let i = 0; i < codes.length; i++) {
          const verdict = codes[i] === NO_VERDICT ? undefined : VERDICTS[codes[i]];
          if (verdict !== undefined) counts[verdict]++;
          const differs =
            verdict !== undefined && verdict !== "unchanged" && (verdict !== "zero" || hadContent[i] === 1);
          if (verdict === "zero" && hadContent[i] === 1) zeroThatHadContent++;
          if (!differs || open?.verdict !== verdict || open.start + open.pages !== at + i) close();
          if (!differs || verdict === undefined) continue;
          if (open) open.pages++;
          else open = { verdict, start: at + i, pages: 1 };
        }
      }
    }
    close();
    for (const verdict of VERDICTS) verdicts[verdict] += counts[verdict];
    verdicts.unresolved += counts.unresolved;
    return { ...source, verdicts: counts };
  });
  return {
    verdicts,
    zeroThatHadContent,
    joint,
    differences,
    verdictsOf: (space, start, count) => classify(space, start, count).codes,
    nameInA,
  };
}

const UNCHANGED = verdictCode("unchanged");
const ZERO = verdictCode("zero");
const MOVED = verdictCode("moved");
const CHANGED = verdictCode("changed");
const ADDED = verdictCode("added");
const REMOVED = verdictCode("removed");

function classifyColumns(a: PlaceColumns, b: PlaceColumns, inA: PageSet) {
  const count = b.state.length;
  const codes = new Uint8Array(count).fill(NO_VERDICT);
  /** 1 where A recorded content that is not all zero. */
  const hadContent = new Uint8Array(count);
  let unresolved = 0;
  for (let i = 0; i < count; i++) {
    const stateA = recordedState(a.state[i]);
    const stateB = recordedState(b.state[i]);
    const contentA = stateA === "data" || stateA === "parent" ? a.page[i] : NO_PAGE;
    if (contentA !== NO_PAGE) hadContent[i] = 1;
    if (stateB === "parent-missing") unresolved++;
    else if (stateB === undefined) {
      if (contentA !== NO_PAGE) codes[i] = REMOVED;
    } else if (stateB === "zero" || stateB === "parent-zero") codes[i] = ZERO;
    else if (contentA === b.page[i]) codes[i] = UNCHANGED;
    else if (inA.has(b.page[i])) codes[i] = MOVED;
    // An unresolved place of A counts as nothing recorded there.
    else codes[i] = stateA === undefined || stateA === "parent-missing" ? ADDED : CHANGED;
  }
  return { codes, hadContent, unresolved };
}

function recordedState(code: number) {
  return code === NO_ROW || !isRecorded(code) ? undefined : PAGE_STATES[code];
}
