/** The picture with its filled pages, or without: tiles are asked for anew where something fills, and stay elsewhere. */
import { useEffect, useRef } from "react";
import type { FillingAnswer } from "../../../shared/api/index.ts";
import type { Strip } from "../../../shared/strip/index.ts";
import type { SnapshotTiles } from "../../api/index.ts";
import type { PictureMapping, Viewer } from "../../viewer/contract.ts";

export interface FilledPictureOptions {
  readonly viewer: Viewer;
  readonly strip: Strip;
  readonly mappings: readonly PictureMapping[];
  readonly source: SnapshotTiles;
  /** `null` while nothing is to be filled. */
  readonly filling: FillingAnswer | null;
  /** Another one when what explains the pages has changed: then no tile is that of before. */
  readonly explained: object;
}

export function useFilledPicture(options: FilledPictureOptions): void {
  const { viewer, strip, mappings, source, filling, explained } = options;
  const shown = useRef<Pick<FilledPictureOptions, "strip" | "filling" | "explained">>({
    strip,
    filling: null,
    explained,
  });
  useEffect(() => {
    const before = shown.current;
    const isSame = before.strip === strip && before.explained === explained;
    if (isSame && before.filling === filling) return;
    shown.current = { strip, filling, explained };
    const changed: readonly (readonly [number, number])[] = isSame
      ? [before.filling, filling].flatMap((one) => positionsOf(strip, one))
      : [[0, strip.end]];
    viewer.setPicture({ strip, mappings, source: filling === null ? source : source.filled }, changed);
  }, [viewer, strip, mappings, source, filling, explained]);
}

/** Positions of the mappings that are filled, [from, to). */
function positionsOf(strip: Strip, filling: FillingAnswer | null): (readonly [number, number])[] {
  const places = new Set(filling?.fillers.map(({ space, start }) => `${space} ${start}`));
  return strip.mappings
    .filter(({ space, start }) => places.has(`${space} ${start}`))
    .map(({ position, size }) => [position, position + size]);
}
