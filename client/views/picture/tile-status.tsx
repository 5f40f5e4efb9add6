/** Whether all of the picture is drawn, and what to do when some of it could not be had. */
import { formatPlural } from "../../format/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import styles from "./picture.module.css";
import { useTileStatus } from "./use-viewer.ts";

export function TileStatusText({ viewer, onRetry }: { viewer: Viewer; onRetry?: () => void }) {
  const status = useTileStatus(viewer);
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
  return <span>All tiles drawn</span>;
}
