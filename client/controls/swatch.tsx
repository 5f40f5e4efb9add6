/** A square of a data colour, given as a CSS value; calm colours get a hair line. */
import styles from "./swatch.module.css";

export function Swatch({ fill, hair = false }: { fill: string; hair?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={hair ? `${styles.swatch} ${styles.hair}` : styles.swatch}
      style={{ background: fill }}
    />
  );
}
