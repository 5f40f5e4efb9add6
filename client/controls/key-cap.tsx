/** A key as it is printed. */
import styles from "./key-cap.module.css";

export function KeyCap({ children }: { children: string }) {
  return <kbd className={styles.cap}>{children}</kbd>;
}
