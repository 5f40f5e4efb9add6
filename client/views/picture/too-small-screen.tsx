/** What a window has room for that is too small for a picture: the mappings in text. */
import type { ReactNode } from "react";
import { StatusBar } from "../shell/status-bar.tsx";
import styles from "./picture.module.css";

export function TooSmallScreen({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <div className={styles.screen}>
      {title}
      <div />
      <main className={styles.message}>
        <p>This window is too small for a picture.</p>
        {children}
      </main>
      <StatusBar left={null} right={null} />
    </div>
  );
}
