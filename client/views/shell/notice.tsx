/** One line of something a person must know, until dismissed. */
import type { ReactNode } from "react";
import { Button } from "../../controls/index.ts";
import styles from "./shell.module.css";

export function Notice({ children, onDismiss }: { children: ReactNode; onDismiss?: () => void }) {
  return (
    <div className={styles.notice} role="status">
      <span>{children}</span>
      {onDismiss && (
        <Button look="plain-link" onPress={onDismiss}>
          Dismiss
        </Button>
      )}
    </div>
  );
}
