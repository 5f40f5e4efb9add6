/** One line of something a person must know, until dismissed: a bar of its own, or a part of the status line. */
import type { ReactNode } from "react";
import { Button } from "../../controls/index.ts";
import styles from "./shell.module.css";

export function Notice({ children, onDismiss }: { children: ReactNode; onDismiss?: () => void }) {
  return (
    <div className={styles.notice} role="status">
      <span title={typeof children === "string" ? children : undefined}>{children}</span>
      {onDismiss && (
        <Button look="plain-link" onPress={onDismiss}>
          Dismiss
        </Button>
      )}
    </div>
  );
}
