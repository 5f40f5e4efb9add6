/**
 * The status line: on the left what the hand points at, on the right the state of the screen. Between them a notice, which
 * takes no room from the picture: a bar of its own would, and the picture would be fitted at another step.
 */
import type { ReactNode } from "react";
import styles from "./shell.module.css";

export interface StatusBarProps {
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly notice?: ReactNode;
}

export function StatusBar({ left, right, notice }: StatusBarProps) {
  return (
    <footer className={styles.status} data-region="status">
      <div>{left}</div>
      {notice}
      <div>{right}</div>
    </footer>
  );
}
