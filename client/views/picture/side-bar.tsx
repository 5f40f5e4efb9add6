/** The sidebar, or the rail that it folds to. */
import type { ReactNode } from "react";
import { Button, KeyCap } from "../../controls/index.ts";
import styles from "./picture.module.css";

export function SideBar(props: { folded: boolean; onToggle: () => void; children: ReactNode }) {
  return (
    <aside className={styles.sidebar} data-folded={props.folded} aria-label="Legend and panels" data-region="sidebar">
      {props.folded ? (
        <div className={styles.rail}>
          <KeyCap>I</KeyCap>
          <Button look="plain-link" onPress={props.onToggle} label="Show the sidebar">
            <span>Legend and panels</span>
          </Button>
        </div>
      ) : (
        props.children
      )}
    </aside>
  );
}
