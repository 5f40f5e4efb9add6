/** On or off, with its word. */
import type { ReactNode } from "react";
import styles from "./switch.module.css";

export function Switch(props: { children: ReactNode; on: boolean; onChange: (on: boolean) => void; title?: string }) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={props.on}
      title={props.title}
      className={styles.switch}
      onClick={() => props.onChange(!props.on)}
    >
      <span className={styles.track} aria-hidden="true" />
      {props.children}
    </button>
  );
}
