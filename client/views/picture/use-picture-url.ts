/**
 * Keeps the address of the page in step with the screen: replaced while moving (at most 4 times a second), pushed for
 * jumps, and read again when a person goes back or forward.
 */
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { Place, Viewer } from "../../viewer/contract.ts";
import { isSamePlace } from "../place/places.ts";
import { keepPart } from "../url/long-parts.ts";
import {
  formatPictureUrl,
  longPartsOf,
  omittedPartOf,
  type PictureUrl,
  parsePictureUrl,
  type UrlDefaults,
} from "../url/picture-url.ts";

const PAUSE_MS = 250;
/** What is too long for an address is kept when it has rested so long: not each step of a hand that selects. */
const REST_MS = 1500;

/** What the screen keeps beside the viewer. */
export type ScreenState = Pick<
  PictureUrl,
  "lit" | "parts" | "ways" | "filled" | "strip" | "map" | "tab" | "difference" | "blink"
>;

/** Where a place of an address has its bytes: people write addresses of processes, also of shared memory. */
export type PlaceOf = (place: Place) => Place;

export interface PictureUrlSync {
  /** Goes to a place so that going back returns here. */
  jump(act: () => void): void;
  /** Brings the address up to date at once, for another screen that goes on from it. */
  now(): void;
  /** The address of all that is on the screen; what is too long for one is kept by the server. @throws ApiError, RangeError */
  link(): Promise<string>;
  /** Selects what nobody asked for: it stays out of the address until a person moves. */
  imply(place: Place): void;
}

export interface PictureUrlOptions {
  readonly viewer: Viewer;
  readonly defaults: UrlDefaults;
  readonly state: ScreenState;
  /** Takes what the screen keeps out of an address. */
  readonly onState: (state: ScreenState) => void;
  readonly placeOf: PlaceOf;
}

export function usePictureUrl({ viewer, defaults, state, onState, placeOf }: PictureUrlOptions): PictureUrlSync {
  const current = useRef({ state, onState, placeOf });
  useLayoutEffect(() => {
    current.current = { state, onState, placeOf };
  });
  const sync = useMemo(() => {
    let timer: number | undefined;
    let resting: number | undefined;
    let isStopped = false;
    let implied: Place | null = null;
    /** Has the server keep what the address has no room for, so that it is there when the address is opened again. */
    const keepOmitted = () => {
      const part = omittedPartOf(urlOf(viewer, implied, current.current.state));
      if (part === null) return;
      // A link that is copied says why it could not be kept; the address is as it was without it.
      keepPart(part).then(
        () => write("replace"),
        () => {},
      );
    };
    const write = (how: "replace" | "push") => {
      // The address is another screen's.
      if (isStopped) return;
      window.clearTimeout(timer);
      timer = undefined;
      window.clearTimeout(resting);
      resting = window.setTimeout(keepOmitted, REST_MS);
      const url = window.location.pathname + formatPictureUrl(urlOf(viewer, implied, current.current.state), defaults);
      if (url === window.location.pathname + window.location.search) return;
      if (how === "push") window.history.pushState(null, "", url);
      else window.history.replaceState(null, "", url);
    };
    return {
      later: () => {
        timer ??= window.setTimeout(() => write("replace"), PAUSE_MS);
      },
      jump: (act: () => void) => {
        write("replace");
        act();
        write("push");
      },
      now: () => write("replace"),
      link: async () => {
        for (const part of longPartsOf(urlOf(viewer, implied, current.current.state))) await keepPart(part);
        write("replace");
        return window.location.href;
      },
      imply: (place: Place) => {
        implied = place;
        viewer.setCursor(place);
      },
      read: () => {
        window.clearTimeout(timer);
        timer = undefined;
        const { url } = parsePictureUrl(window.location.search, defaults);
        current.current.onState(url);
        applyUrl(viewer, url, current.current.placeOf);
        if (url.at === null && implied) viewer.setCursor(implied);
      },
      stop: () => {
        window.clearTimeout(timer);
        window.clearTimeout(resting);
        timer = undefined;
        isStopped = true;
      },
      start: () => {
        isStopped = false;
      },
    };
  }, [viewer, defaults]);

  useEffect(() => {
    sync.start();
    const unsubscribe = viewer.subscribe(sync.later);
    window.addEventListener("popstate", sync.read);
    return () => {
      unsubscribe();
      sync.stop();
      window.removeEventListener("popstate", sync.read);
    };
  }, [viewer, sync]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: any change of the state is a change of the address
  useEffect(() => sync.later(), [state, sync]);
  return sync;
}

/** Brings the viewer to where an address says it was. */
export function applyUrl(viewer: Viewer, url: PictureUrl, placeOf: PlaceOf): void {
  const [at, center] = [url.at && placeOf(url.at), url.center && placeOf(url.center)];
  viewer.setLook({ layout: url.layout, channel: url.channel, palette: url.palette, rasterWidth: url.rasterWidth });
  viewer.setCursor(at);
  viewer.setRegions(url.regions);
  if (url.zoom) viewer.setZoom(url.zoom, center ?? at ?? undefined);
  else if (center) viewer.setZoom(viewer.zoom, center);
  else viewer.fit();
}

function urlOf(viewer: Viewer, implied: Place | null, state: ScreenState): PictureUrl {
  const { fitted, look, cursor } = viewer;
  const at = cursor === implied ? null : cursor;
  return {
    ...state,
    at,
    regions: viewer.regions,
    center: fitted ? null : centerOf(viewer, at),
    zoom: fitted ? null : viewer.zoom,
    layout: look.layout,
    channel: look.channel,
    palette: look.palette,
    rasterWidth: look.rasterWidth,
  };
}

/** The middle of the view, unless the cursor is the middle. */
function centerOf(viewer: Viewer, cursor: Place | null): Place | null {
  const { center } = viewer;
  if (!center) return null;
  return isSamePlace(center, cursor) ? null : center;
}
