/** A verdict wherever it stands outside the picture: its colour with its sign, never the colour alone. */
import { VERDICT_SIGNS, type Verdict } from "../../../shared/provenance/index.ts";
import { Swatch } from "../../controls/index.ts";
import styles from "./comparison.module.css";

export function fillOfVerdict(verdict: Verdict): string {
  return `var(--verdict-${verdict})`;
}

export function isCalmVerdict(verdict: Verdict): boolean {
  return verdict === "zero" || verdict === "unchanged";
}

export function VerdictWord({ verdict }: { verdict: Verdict }) {
  return (
    <span className={styles.verdict}>
      <Swatch fill={fillOfVerdict(verdict)} hair={isCalmVerdict(verdict)} />
      {VERDICT_SIGNS[verdict]} {verdict}
    </span>
  );
}
