/**
 * The explanation bar: how much of the snapshot is explained and what is left; its parts are buttons. A click shows
 * only a part, Shift-click adds. What is lit is counted in the lead.
 */
import type { ReactNode } from "react";
import type { SnapshotSummary } from "../../../shared/api/index.ts";
import { Button, KeyCap, Swatch, Switch, useArrowKeys } from "../../controls/index.ts";
import { formatCount, formatPercent, formatPlural, formatSentence } from "../../format/index.ts";
import styles from "./explanation-bar.module.css";
import {
  atMost,
  type Choosable,
  fillOfPart,
  isCalm,
  isChosen,
  isResidualOnly,
  joinedIn,
  leftOf,
  type PartCounts,
  partsInWords,
  partsOf,
  segmentsOf,
  titleOfPart,
  totalOf,
} from "./parts.ts";

export interface ExplanationBarProps {
  readonly snapshot: Pick<SnapshotSummary, "pages" | "provenance" | "ofDeletedFiles" | "isStripped">;
  readonly chosen: ReadonlySet<Choosable> | null;
  readonly narrow: boolean;
  readonly wide: boolean;
  readonly onChoose: (part: Choosable, add: boolean) => void;
  /** In the place of what is left, while another filter is on. */
  readonly lead?: ReactNode;
  readonly onResidualOnly: (on: boolean) => void;
  /** Lines below it. */
  readonly children?: ReactNode;
}

export interface LossesLineProps {
  readonly snapshot: Pick<SnapshotSummary, "pages" | "pagesParent">;
  /** What the dump's reader says an analyst must know. */
  readonly notes: readonly string[];
  readonly onUploadParent: () => void;
  readonly onAllNotes: () => void;
}

/** The second line: pages that are in no part of the bar, because the dump is cut or its parent is not here. */
export function LossesLine({ snapshot, notes, onUploadParent, onAllNotes }: LossesLineProps) {
  const { absent, inParent } = snapshot.pages;
  if (absent.missing === 0 && notes.length === 0) return null;
  const waits = absent.missing > 0 && inParent > 0 && snapshot.pagesParent === null;
  return (
    <div className={styles.losses}>
      {absent.missing > 0 && <strong>{formatPlural(absent.missing, "page")} missing</strong>}
      <p title={notes.map(formatSentence).join("\n")}>
        {notes.length > 0 ? formatSentence(notes[0]) : "They are in no part of the bar."}
      </p>
      {notes.length > 1 && (
        <Button look="plain-link" onPress={onAllNotes}>
          {formatPlural(notes.length - 1, "more note")}
        </Button>
      )}
      {waits && (
        <Button look="link" onPress={onUploadParent}>
          Upload the parent…
        </Button>
      )}
    </div>
  );
}

export function ExplanationBar(props: ExplanationBarProps) {
  const { snapshot, chosen, narrow, wide } = props;
  const parts = partsOf(snapshot);
  const total = totalOf(parts);
  const left = leftOf(parts, chosen);
  const residual = chosen === null || isResidualOnly(chosen);
  const keys = useArrowKeys<HTMLDivElement>();
  return (
    <section aria-label="Explanation" data-region="explanation">
      <div className={styles.bar}>
        <div className={styles.lead}>
          <strong>
            {props.lead ?? (
              <>
                {residual && atMost(snapshot)}
                {formatPlural(left, "page")} {residual ? "left" : "shown"}
                {narrow ? <Quiet> of {formatCount(total)}</Quiet> : ` of ${formatCount(total)}`}
              </>
            )}
          </strong>
          {!narrow && <span>{formatPercent(total - leftOf(parts, residual ? chosen : null), total)} explained</span>}
        </div>
        <div className={styles.middle}>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a row of segments */}
          <div className={styles.track} role="group" aria-label="Parts of all pages" {...(narrow ? keys : {})}>
            {segmentsOf(chosen).map((part) =>
              parts[part] === 0 ? null : (
                <button
                  key={part}
                  type="button"
                  tabIndex={narrow ? undefined : -1}
                  className={styles.part}
                  style={{ flexGrow: parts[part], background: fillOfPart(part) }}
                  data-lit={chosen === null || chosen.has(part)}
                  data-calm={part === "zero"}
                  aria-label={`${titleOfPart(part)}, ${formatPlural(parts[part], "page")}`}
                  aria-pressed={chosen?.has(part) === true}
                  title={hintOf(part, parts)}
                  onClick={(event) => props.onChoose(part, event.shiftKey)}
                />
              ),
            )}
          </div>
          {!narrow && (
            <div className={styles.words} role="toolbar" aria-label="Parts" {...keys}>
              {partsInWords(parts).map((part) => (
                <button
                  key={part}
                  type="button"
                  className={styles.word}
                  data-lit={chosen === null || isChosen(chosen, part)}
                  data-none={parts[part] === 0}
                  aria-pressed={chosen?.has(part) === true}
                  title={`${hintOf(part, parts)}\nClick shows only these, Shift-click adds`}
                  onClick={(event) => props.onChoose(part, event.shiftKey)}
                >
                  <Swatch fill={fillOfPart(part)} hair={isCalm(part)} />
                  {titleOfPart(part)} <b>{formatCount(parts[part])}</b>
                  {wide && ` ${formatPercent(parts[part], total)}`}
                </button>
              ))}
            </div>
          )}
        </div>
        <div className={styles.switch}>
          <Switch on={isResidualOnly(chosen)} onChange={props.onResidualOnly} title="Dims everything that is explained">
            Residual only
          </Switch>
          <KeyCap>R</KeyCap>
        </div>
      </div>
      {props.children}
    </section>
  );
}

/** Name and number, and of what they are the sum. */
function hintOf(part: Choosable, parts: PartCounts): string {
  const joined = joinedIn(part, parts).map((share) => `${titleOfPart(share)} ${formatCount(parts[share])}`);
  const number = `${titleOfPart(part)}: ${formatPlural(parts[part], "page")}, ${formatPercent(parts[part], totalOf(parts))}`;
  return joined.length > 0 ? `${number}: ${joined.join(", ")}` : number;
}

function Quiet({ children }: { children: ReactNode }) {
  return <small style={{ font: "inherit", fontWeight: 400, color: "var(--t2)" }}>{children}</small>;
}
