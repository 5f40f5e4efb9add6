/** What a panel says while it has nothing to show: loading, nothing there, or what failed and what to do. */
import type { ReactNode } from "react";
import { formatSentence } from "../format/index.ts";
import { Button } from "./button.tsx";
import styles from "./state-line.module.css";

export function Loading({ what }: { what: string }) {
  return (
    <p className={styles.line} role="status">
      {what}
    </p>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className={styles.line}>{children}</p>;
}

export interface FailureProps {
  readonly title: string;
  readonly detail: string;
  readonly advice: string;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

export function Failure({ title, detail, advice, onRetry, children }: FailureProps) {
  return (
    <div className={styles.line} role="alert">
      <strong className={styles.bad}>{title}</strong>
      <p>
        {detail && formatSentence(detail)} {advice}
      </p>
      <div className={styles.acts}>
        {onRetry && <Button onPress={onRetry}>Retry</Button>}
        {children}
      </div>
    </div>
  );
}
