/** What stands at each page of a picture, as long as its screen is there. */
import { useEffect, useState } from "react";
import type { Strip } from "../../../shared/strip/index.ts";
import type { TileSource, Viewer } from "../../viewer/contract.ts";
import { createPageStates, type PageStates } from "./page-states.ts";

/** @param all the strip of all pages, and `source` its tiles: those that the picture has when it opens */
export function usePageStates(viewer: Viewer, all: Strip, source: TileSource): PageStates {
  const [states] = useState(() => createPageStates(viewer, all, source));
  useEffect(() => () => states.dispose(), [states]);
  return states;
}
