/** A snapshot opens with something to read, its first residual page, unless its address or a person has said what. */
import { useEffect, useRef } from "react";
import type { Strip } from "../../../shared/strip/index.ts";
import { whenAnsweredAgain } from "../../api/index.ts";
import type { Place, Viewer } from "../../viewer/contract.ts";
import { firstPosition, type ProvenanceTiles, placeOfPosition } from "./page-provenance.ts";

export interface FirstPlaceOptions {
  readonly tiles: ProvenanceTiles;
  readonly strip: Strip;
  readonly viewer: Viewer;
  /** The address has said what is looked at. */
  readonly isGiven: boolean;
  readonly imply: (place: Place) => void;
}

export function useFirstPlace({ tiles, strip, viewer, isGiven, imply }: FirstPlaceOptions): void {
  const hasPlace = useRef(isGiven);
  useEffect(() => {
    if (hasPlace.current) return;
    let isLate = false;
    const open = async () => {
      const position = await firstPosition(tiles, strip.end);
      if (isLate || hasPlace.current) return;
      hasPlace.current = true;
      const place = position === undefined ? undefined : placeOfPosition(strip, position);
      if (place && !viewer.cursor) imply(place);
    };
    // That tiles cannot be read is told by the picture.
    const tryToOpen = () => void open().catch(() => {});
    tryToOpen();
    const stop = whenAnsweredAgain(tryToOpen);
    return () => {
      isLate = true;
      stop();
    };
  }, [tiles, strip, viewer, imply]);
}
