/** The viewers of both sides, made of what the address asks for, under one camera; and released. */
import { useEffect, useRef, useState } from "react";
import { LEFT_TO_ANY_FILE } from "../../../shared/tile/index.ts";
import type { Look, Viewer } from "../../viewer/contract.ts";
import { createCamera, createViewer } from "../../viewer/index.ts";
import { lookOfUrl } from "../picture/look-of-url.ts";
import { applyUrl, type PlaceOf } from "../picture/use-picture-url.ts";
import { parsePictureUrl, type UrlDefaults } from "../url/picture-url.ts";
import { pairCursors } from "./pair.ts";
import { type LaidJoint, pictureOfSide, type SideIds } from "./use-joint-strip.ts";

export interface ViewerPair {
  readonly a: Viewer;
  readonly b: Viewer;
  /** The strip that they were made with. */
  readonly laid: LaidJoint;
}

export interface ViewerPairOptions {
  /** Nothing is made before. */
  readonly isLaid: boolean;
  readonly defaults: UrlDefaults;
  /** Taken once: places of an address never change. */
  readonly placeOf: PlaceOf;
}

/** @param laid what they show at first; another one is given to them later */
export function useViewerPair({ a, b }: SideIds, laid: LaidJoint, options: ViewerPairOptions): ViewerPair | null {
  const { isLaid, defaults } = options;
  const placeOf = useRef(options.placeOf);
  const [pair, setPair] = useState<ViewerPair | null>(null);
  const first = useRef(laid);
  if (pair === null) first.current = laid;
  useEffect(() => {
    if (!isLaid) return;
    const { url } = parsePictureUrl(window.location.search, defaults);
    const camera = createCamera();
    const look: Look = { ...lookOfUrl(url), litProvenance: null, litLeft: LEFT_TO_ANY_FILE, litWays: null };
    const laid = first.current;
    const make = (side: "a" | "b") => createViewer({ ...pictureOfSide({ a, b }, laid, side), camera, look });
    const made = { a: make("a"), b: make("b"), laid };
    const unpair = pairCursors(made.a, made.b);
    applyUrl(made.a, url, placeOf.current);
    made.b.setCursor(url.at && placeOf.current(url.at));
    made.b.setRegions(url.regions);
    setPair(made);
    return () => {
      unpair();
      made.a.dispose();
      made.b.dispose();
    };
  }, [a, b, isLaid, defaults]);
  return pair;
}
