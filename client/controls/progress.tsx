/** How much is done. There is none without an amount. */
import styles from "./progress.module.css";

export function Progress(props: { label: string; part: number; whole: number; stopped?: boolean }) {
  const share = props.whole > 0 ? Math.min(1, props.part / props.whole) : 0;
  return (
    <div
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share * 100)}
      className={styles.bar}
      data-state={props.stopped ? "stopped" : "going"}
    >
      <div className={styles.done} style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
