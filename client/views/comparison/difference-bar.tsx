/** Where one is among the differences, the way to the next, and the counts per verdict as filters. */
import type { Comparison } from "../../../shared/api/index.ts";
import { VERDICT_SIGNS, type Verdict } from "../../../shared/provenance/index.ts";
import { Button, Swatch, useArrowKeys } from "../../controls/index.ts";
import { formatCount, formatPercent, formatPlural } from "../../format/index.ts";
import { runCommand } from "../../keys/index.ts";
import styles from "./comparison.module.css";
import { BAR_ORDER, comparedText, VERDICT_ORDER } from "./differences.ts";
import { fillOfVerdict, isCalmVerdict } from "./verdicts.tsx";

export interface DifferenceBarProps {
  readonly comparison: Comparison;
  /** Index of the difference at the cursor, −1 without one. */
  readonly current: number;
  /** Verdicts that are lit; empty: all. */
  readonly lit: readonly string[];
  /** “Last difference. Starting again at the first.” */
  readonly message: string | null;
  readonly onChoose: (verdict: Verdict, add: boolean) => void;
}

export function DifferenceBar({ comparison, current, lit, message, onChoose }: DifferenceBarProps) {
  const { differences, differing, compared, verdicts } = comparison;
  const none = differences.length === 0;
  const keys = useArrowKeys<HTMLDivElement>();
  const isLit = (verdict: Verdict) => lit.length === 0 || lit.includes(verdict);
  return (
    <section className={styles.bar} aria-label="Differences" data-region="explanation">
      <div className={styles.lead}>
        <strong>
          {none
            ? "No differences"
            : current >= 0
              ? `Difference ${formatCount(current + 1)} of ${formatCount(differences.length)}`
              : formatPlural(differences.length, "difference")}
        </strong>
        <span>
          {message ??
            (none
              ? comparedText(comparison)
              : `${formatCount(differing)} of ${formatPlural(compared, "page")} ${differing === 1 ? "differs" : "differ"}`)}
        </span>
      </div>
      <div className={styles.steps}>
        <Button
          onPress={() => runCommand("previous-difference")}
          unavailable={none ? "There is no difference." : undefined}
          title="Shift F7"
        >
          Previous
        </Button>
        <Button
          onPress={() => runCommand("next-difference")}
          unavailable={none ? "There is no difference." : undefined}
          title="F7"
        >
          Next <small>F7</small>
        </Button>
      </div>
      <div className={styles.middle}>
        <div className={styles.track} aria-hidden="true">
          {BAR_ORDER.map((verdict) =>
            verdicts[verdict] === 0 ? null : (
              <span
                key={verdict}
                style={{ flexGrow: verdicts[verdict], background: fillOfVerdict(verdict) }}
                data-lit={isLit(verdict)}
                data-calm={verdict === "zero"}
                title={`${verdict}: ${formatPlural(verdicts[verdict], "page")}, ${formatPercent(verdicts[verdict], compared)}`}
              />
            ),
          )}
        </div>
        <div className={styles.words} role="toolbar" aria-label="Verdicts" {...keys}>
          {VERDICT_ORDER.map((verdict) => (
            <button
              key={verdict}
              type="button"
              className={styles.word}
              data-lit={isLit(verdict)}
              aria-pressed={lit.includes(verdict)}
              title={
                verdict === "zero"
                  ? `${formatCount(comparison.zeroThatHadContent)} of them had content in ${comparison.a.name}: these are differences`
                  : "Click shows only these, Shift-click adds"
              }
              onClick={(event) => onChoose(verdict, event.shiftKey)}
            >
              <Swatch fill={fillOfVerdict(verdict)} hair={isCalmVerdict(verdict)} />
              <code aria-hidden="true">{VERDICT_SIGNS[verdict]}</code> {verdict} <b>{formatCount(verdicts[verdict])}</b>
            </button>
          ))}
        </div>
      </div>
    </section>
  );
}
