/** The bytes pane of a picture: made once, fed by the server, with what the viewer knows of places without bytes. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { addressOfPage, PAGE_SIZE } from "../../../shared/memory/index.ts";
import { fetchBytes } from "../../api/index.ts";
import { type BytesSource, createHexPane, type HexMapping, type HexPane, type HexSide } from "../../hex/index.ts";
import { themeInUse } from "../../styles/theme.ts";
import type { Place, Viewer } from "../../viewer/contract.ts";

export function bytesSource(snapshot: string, viewer: Viewer): BytesSource {
  return {
    read: (space, page, pages, signal) => fetchBytes(snapshot, space, addressOfPage(page), pages * PAGE_SIZE, signal),
    stateOf: viewer.pageState,
    subscribe: viewer.subscribe,
  };
}

/** @param make called once: sides and mappings of a picture never change. */
export function useHexPane(
  make: () => { readonly sides: readonly HexSide[]; readonly mappings: readonly HexMapping[] },
  onMove: (place: Place) => void,
): HexPane | null {
  const [pane, setPane] = useState<HexPane | null>(null);
  const current = useRef({ make, onMove });
  useLayoutEffect(() => {
    current.current = { make, onMove };
  });
  useEffect(() => {
    const made = createHexPane({
      ...current.current.make(),
      theme: themeInUse(),
      onMove: (place) => current.current.onMove(place),
    });
    setPane(made);
    return () => made.dispose();
  }, []);
  return pane;
}

/**
 * Puts the cursor in view again once it is known which pages have bytes: until then every page is one line, and the
 * pane cannot know how far the cursor is from its top.
 */
export function useCursorInView(pane: HexPane | null, viewer: Viewer, place: Place | null): void {
  useEffect(() => {
    if (!pane || !place || viewer.pageState(place.space, place.page) !== undefined) return;
    const unsubscribe = viewer.subscribe(() => {
      if (viewer.pageState(place.space, place.page) === undefined) return;
      unsubscribe();
      pane.setCursor(null);
      pane.setCursor(place);
    });
    return unsubscribe;
  }, [pane, viewer, place]);
}
