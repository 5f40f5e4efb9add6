/** Whether all of the picture is drawn, and what to do when some of it could not be had. */
import { formatPlural } from "../../format/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import styles from "./picture.module.css";
import { useGraphics, useTileStatus } from "./use-viewer.ts";

const WITHOUT_GPU =
  "This browser offers no WebGL2, or has taken it away. The picture is the same, and moves less smoothly.";

export function TileStatusText({ viewer, onRetry }: { viewer: Viewer; onRetry?: () => void }) {
  const status = useTileStatus(viewer);
  const graphics = useGraphics(viewer);
  if (graphics === "lost") return <span className={styles.bad}>Graphics lost, nothing drawn</span>;
  if (status.failed > 0) {
    return (
      <span className={styles.bad}>
        {formatPlural(status.failed, "tile")} failed.{" "}
        <button type="button" className={styles.retry} onClick={onRetry ?? viewer.retry}>
          Retry
        </button>
      </span>
    );
  }
  if (status.open > 0) return <span>{formatPlural(status.open, "tile")} open</span>;
  if (graphics === "canvas2d") return <span title={WITHOUT_GPU}>All tiles drawn, without the GPU</span>;
  return <span>All tiles drawn</span>;
}
