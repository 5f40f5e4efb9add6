/** The status line: on the left what the hand points at, on the right the state of the screen. */
import type { ReactNode } from "react";
import styles from "./shell.module.css";

export function StatusBar({ left, right }: { left: ReactNode; right: ReactNode }) {
  return (
    <footer className={styles.status} data-region="status">
      <div>{left}</div>
      <div>{right}</div>
    </footer>
  );
}
