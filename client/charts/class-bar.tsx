/** Shares of the byte classes in one bar, 00 last; a part that exists is at least a pixel wide. */
import { categoryColors, cssColor } from "../../shared/palette/index.ts";
import { BYTE_CLASSES } from "../../shared/summary/index.ts";
import { formatCount } from "../format/index.ts";
import type { Theme } from "../viewer/contract.ts";
import styles from "./charts.module.css";

export interface ClassBarProps {
  /** Bytes per class, in the order of BYTE_CLASSES. */
  readonly counts: readonly number[];
  readonly theme: Theme;
}

const ORDER = [1, 2, 3, 4, 5, 0] as const;

export function ClassBar({ counts, theme }: ClassBarProps) {
  const colors = categoryColors("class", theme);
  return (
    <div
      className={styles.classBar}
      role="img"
      aria-label={ORDER.map((code) => `${BYTE_CLASSES[code]} ${formatCount(counts[code] ?? 0)}`).join(", ")}
    >
      {ORDER.map((code) =>
        counts[code] > 0 ? (
          <i key={code} style={{ flexGrow: counts[code], background: cssColor(colors[code]) }} />
        ) : null,
      )}
    </div>
  );
}
