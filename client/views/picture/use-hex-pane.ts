/** The bytes pane of a picture: made once, fed by the server, with what the viewer knows of places without bytes. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { addressOfPage, PAGE_SIZE, type PageAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { cellStateCode } from "../../../shared/tile/index.ts";
import { fetchArrivingBytes, fetchBytes, whenAnsweredAgain } from "../../api/index.ts";
import { type BytesSource, createHexPane, type HexMapping, type HexPane, type HexSide } from "../../hex/index.ts";
import { themeInUse } from "../../styles/theme.ts";
import type { Viewer } from "../../viewer/contract.ts";

const IMAGE = cellStateCode("image");
const FILLED = cellStateCode("filled");

/** Bytes of a snapshot with its filled pages. @param filledAt what fills a page that is left to its file, while that is asked for */
export function filledBytesSource(
  snapshot: string,
  states: Pick<Viewer, "pageState" | "subscribe">,
  filledAt: () => ((space: Space, page: PageAddress) => string | undefined) | undefined,
): BytesSource {
  return {
    read: (space, page, pages, signal) =>
      fetchBytes(snapshot, space, addressOfPage(page), pages * PAGE_SIZE, signal, filledAt() !== undefined),
    stateOf(space, page) {
      const state = states.pageState(space, page);
      // The picture's tiles may be those of before the switch, and in provenance a ghost file's page is none of them.
      if (state !== IMAGE && state !== FILLED) return state;
      return filledAt()?.(space, page) === undefined ? IMAGE : FILLED;
    },
    get filledFrom() {
      return filledAt();
    },
    subscribe: states.subscribe,
  };
}

/** @param spaceOf what the snapshot itself calls a space of the picture; the same unless it is side A of two cores. */
export function bytesSource(
  snapshot: string,
  states: Pick<Viewer, "pageState" | "subscribe">,
  spaceOf: (space: Space) => Space = (space) => space,
): BytesSource {
  return {
    read: (space, page, pages, signal) =>
      fetchBytes(snapshot, spaceOf(space), addressOfPage(page), pages * PAGE_SIZE, signal),
    stateOf: states.pageState,
    subscribe: states.subscribe,
  };
}

/** Bytes of a dump that is still arriving. */
export function arrivingBytesSource(arriving: string, viewer: Viewer): BytesSource {
  return {
    read: (space, page, pages, signal) =>
      fetchArrivingBytes(arriving, space, addressOfPage(page), pages * PAGE_SIZE, signal),
    stateOf: viewer.pageState,
    subscribe: viewer.subscribe,
  };
}

/**
 * Moves the cursor of `viewer` and its selection, and follows the latter.
 * @param make called once: sides and mappings of a picture never change.
 */
export function useHexPane(
  make: () => { readonly sides: readonly HexSide[]; readonly mappings: readonly HexMapping[] },
  viewer: Viewer,
): HexPane | null {
  const [pane, setPane] = useState<HexPane | null>(null);
  const current = useRef({ make, viewer });
  useLayoutEffect(() => {
    current.current = { make, viewer };
  });
  useEffect(() => {
    const made = createHexPane({
      ...current.current.make(),
      theme: themeInUse(),
      onMove: (place) => current.current.viewer.setCursor(place, { show: true }),
      onSelect: (regions) => current.current.viewer.setRegions(regions),
    });
    setPane(made);
    return () => made.dispose();
  }, []);
  useEffect(() => (pane ? whenAnsweredAgain(() => pane.retry()) : undefined), [pane]);
  // Not through React: keys may be faster than it, and what it would bring a frame late would end what they extend.
  useEffect(() => {
    if (!pane) return;
    const follow = () => pane.setSelected(viewer.regions);
    follow();
    return viewer.subscribe(follow);
  }, [pane, viewer]);
  return pane;
}
