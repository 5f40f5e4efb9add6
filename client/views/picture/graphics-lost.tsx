/** Says that the browser took the graphics away, until the picture is drawn again: with them, or without. */
import type { Viewer } from "../../viewer/contract.ts";
import picture from "./picture.module.css";
import { useGraphics } from "./use-viewer.ts";

export function GraphicsLost({ viewer }: { viewer: Viewer }) {
  if (useGraphics(viewer) !== "lost") return null;
  return (
    <p className={picture.over} role="status">
      The browser took the graphics away. The picture is drawn again in a moment.
    </p>
  );
}
