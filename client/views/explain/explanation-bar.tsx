/**
 * The explanation bar: how much of the snapshot is explained and what is left; its parts are buttons. A click shows
 * only a part, Shift-click adds. What is lit is counted in the lead.
 */
import type { ReactNode } from "react";
import type { SnapshotSummary } from "../../../shared/api/index.ts";
import { KeyCap, Swatch, Switch } from "../../controls/index.ts";
import { formatCount, formatPercent, formatPlural } from "../../format/index.ts";
import styles from "./explanation-bar.module.css";
import { fillOfPart, isCalm, isResidualOnly, leftOf, PARTS, type Part, partsOf, totalOf } from "./parts.ts";

export interface ExplanationBarProps {
  readonly snapshot: Pick<SnapshotSummary, "pages" | "provenance">;
  readonly chosen: ReadonlySet<Part> | null;
  readonly narrow: boolean;
  readonly wide: boolean;
  readonly onChoose: (part: Part, add: boolean) => void;
  readonly onResidualOnly: (on: boolean) => void;
}

export function ExplanationBar(props: ExplanationBarProps) {
  const { snapshot, chosen, narrow, wide } = props;
  const parts = partsOf(snapshot.pages, snapshot.provenance);
  const total = totalOf(parts);
  const left = leftOf(parts, chosen);
  const residual = chosen === null || isResidualOnly(chosen);
  const { missing } = snapshot.pages.absent;
  return (
    <section className={styles.bar} aria-label="Explanation" data-region="explanation">
      <div className={styles.lead}>
        <strong>
          {formatPlural(left, "page")} {residual ? "left" : "shown"}
          {narrow ? <Quiet> of {formatCount(total)}</Quiet> : ` of ${formatCount(total)}`}
        </strong>
        {!narrow && <span>{formatPercent(total - leftOf(parts, residual ? chosen : null), total)} explained</span>}
      </div>
      <div className={styles.middle}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a row of segments */}
        <div className={styles.track} role="group" aria-label="Parts of all pages">
          {PARTS.map((part) =>
            parts[part] === 0 ? null : (
              <button
                key={part}
                type="button"
                tabIndex={narrow ? 0 : -1}
                className={styles.part}
                style={{ flexGrow: parts[part], background: fillOfPart(part) }}
                data-lit={chosen === null || chosen.has(part)}
                data-calm={part === "zero"}
                aria-label={`${part}, ${formatPlural(parts[part], "page")}`}
                aria-pressed={chosen?.has(part) === true}
                title={`${part}: ${formatPlural(parts[part], "page")}, ${formatPercent(parts[part], total)}`}
                onClick={(event) => props.onChoose(part, event.shiftKey)}
              />
            ),
          )}
        </div>
        {!narrow && (
          <div className={styles.words}>
            {PARTS.map((part) => (
              <button
                key={part}
                type="button"
                className={styles.word}
                data-lit={chosen === null || chosen.has(part)}
                data-none={parts[part] === 0}
                aria-pressed={chosen?.has(part) === true}
                title="Click shows only these, Shift-click adds"
                onClick={(event) => props.onChoose(part, event.shiftKey)}
              >
                <Swatch fill={fillOfPart(part)} hair={isCalm(part)} />
                {part} <b>{formatCount(parts[part])}</b>
                {wide && ` ${formatPercent(parts[part], total)}`}
              </button>
            ))}
            {missing > 0 && (
              <span className={styles.missing} title="In no part: the dump is cut, or its parent is not here">
                {formatPlural(missing, "page")} missing
              </span>
            )}
          </div>
        )}
      </div>
      <div className={styles.switch}>
        <Switch on={isResidualOnly(chosen)} onChange={props.onResidualOnly} title="Dims everything that is explained">
          Residual only
        </Switch>
        <KeyCap>R</KeyCap>
      </div>
    </section>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return <small style={{ font: "inherit", fontWeight: 400, color: "var(--t2)" }}>{children}</small>;
}
