/** A line that unfolds. Its content is made when it is first opened: there may be thousands. */
import { type ReactNode, useState } from "react";
import styles from "./fold.module.css";

export interface FoldProps {
  readonly title: ReactNode;
  /** Spacing and colours of the place it stands in. */
  readonly className: string;
  readonly children: ReactNode;
}

export function Fold({ title, className, children }: FoldProps) {
  const [opened, setOpened] = useState(false);
  return (
    <details
      className={`${styles.fold} ${className}`}
      onToggle={(event) => event.currentTarget.open && setOpened(true)}
    >
      <summary>{title}</summary>
      {opened && children}
    </details>
  );
}
