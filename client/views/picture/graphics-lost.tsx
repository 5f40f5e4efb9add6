/** Says that the browser took the graphics away, until the picture is drawn again. */
import { useSyncExternalStore } from "react";
import type { Viewer } from "../../viewer/contract.ts";
import picture from "./picture.module.css";

export function GraphicsLost({ viewer }: { viewer: Viewer }) {
  const graphics = useSyncExternalStore(viewer.subscribe, () => viewer.graphics);
  return graphics === "lost" ? <p className={picture.over}>The graphics were reset; drawing again.</p> : null;
}
