/**
 * The joint strip that a person has chosen, laid from what the server says it shows; until that is known, and when it
 * cannot be known, the one before stays. Both sides change at once, so that they stay under one camera.
 */
import { useEffect, useMemo, useRef } from "react";
import type { ApiJointStrip, PageCounts } from "../../../shared/api/index.ts";
import { MAIN_COMPARISON_CHANNELS } from "../../../shared/channel/index.ts";
import { layStrip, type Strip, type StripChoice } from "../../../shared/strip/index.ts";
import { comparisonTiles, useJointStrip } from "../../api/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import type { Picture, PictureMapping, Viewer } from "../../viewer/contract.ts";
import { shownMappings, useLastLaid } from "../picture/laid-strip.ts";
import { allPagesText, foldedText, recordedOrLeft } from "../picture/strip-pages.ts";
import type { StripLaying } from "../picture/strip-switch.tsx";

export interface LaidJoint {
  readonly choice: StripChoice;
  readonly strip: Strip;
  /** All joint mappings in their order; those that the strip does not show have no block. */
  readonly mappings: readonly PictureMapping[];
  /** Names what the server has laid; `null` for the strip of all pages. */
  readonly content: string | null;
  /** Recorded or residual pages of each side; `null` for all. */
  readonly pages: ApiJointStrip["pages"] | null;
}

export interface ChosenJoint extends StripLaying {
  readonly laid: LaidJoint;
}

/** Snapshots by id. */
export interface SideIds {
  readonly a: string;
  readonly b: string;
}

export interface JointSides extends SideIds {
  /** Names how the pages of both sides are explained. */
  readonly explained: string;
}

export function layAll(mappings: readonly PictureMapping[]): LaidJoint {
  return { choice: "all", strip: layStrip(mappings), mappings, content: null, pages: null };
}

/** @param all the strip of all pages. */
export function useChosenJoint({ a, b, explained }: JointSides, all: LaidJoint, choice: StripChoice): ChosenJoint {
  const query = useJointStrip(a, b, choice, explained);
  const chosen = useMemo(
    () => (choice === "all" ? all : query.data?.strip === choice ? lay(all, query.data) : null),
    [all, choice, query.data],
  );
  return useLastLaid(chosen, all, query);
}

function lay(all: LaidJoint, { strip: choice, content, shown, pages }: ApiJointStrip): LaidJoint {
  const mappings = shownMappings(all.mappings, shown);
  return { choice, strip: layStrip(mappings), mappings, content, pages };
}

/** What the viewer of a side shows of a strip. */
export function pictureOfSide({ a, b }: SideIds, laid: LaidJoint, side: "a" | "b") {
  const { strip, mappings, choice, content } = laid;
  return {
    strip,
    mappings,
    source: comparisonTiles(a, b, side, content === null ? undefined : { choice, content }),
    channels: MAIN_COMPARISON_CHANNELS,
    pageChannel: "verdict",
  } as const satisfies Picture;
}

/**
 * Shows another strip on both sides, with the same place in the middle where it still takes room.
 * @param since what tiles are of beside it: with another one none is that of before
 */
export function useJointPicture(
  pair: Readonly<Record<"a" | "b", Viewer>>,
  sides: JointSides,
  laid: LaidJoint,
  made: LaidJoint,
  since: string,
): void {
  const shown = useRef({ laid: made, since });
  useEffect(() => {
    if (shown.current.laid === laid && shown.current.since === since) return;
    shown.current = { laid, since };
    const { fitted, zoom, center } = pair.a;
    for (const side of ["a", "b"] as const)
      pair[side].setPicture(pictureOfSide(sides, laid, side), [[0, laid.strip.end]]);
    // Each side has put its own middle there; the second one while the first was already elsewhere.
    if (!fitted && center) pair.a.setZoom(zoom, center);
  }, [pair, sides, laid, since]);
}

/** A side of a comparison by the name that stands over it, with what its snapshot holds. */
export interface CountedSide {
  readonly name: string;
  readonly pages: PageCounts;
}

/** What is on the strip, in a sentence. @param differing pages that differ */
export function jointStripNote(
  { choice, pages, strip }: Pick<LaidJoint, "choice" | "pages" | "strip">,
  all: Strip,
  [a, b]: readonly [CountedSide, CountedSide],
  differing: number,
): string {
  const ofBoth = (inA: number, inB: number, what: string) =>
    `${formatPlural(inA, "page")} ${what} in ${a.name}, ${formatCount(inB)} in ${b.name}`;
  if (choice === "all" || pages === null)
    return allPagesText(ofBoth(recordedOrLeft(a.pages), recordedOrLeft(b.pages), "recorded or left to files"), all);
  if (choice === "recorded") return foldedText(ofBoth(pages.a, pages.b, "recorded"), strip, all);
  const what = `${formatPlural(differing, "page")} that ${differing === 1 ? "differs" : "differ"}`;
  return foldedText(
    `${what}, ${formatCount(pages.a)} residual in ${a.name}, ${formatCount(pages.b)} in ${b.name}`,
    strip,
    all,
  );
}
