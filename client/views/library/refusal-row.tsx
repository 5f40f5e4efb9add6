/** A dump that was not taken, in its place in the library and never as a toast: what, where, the state, what next. */
import { Fragment } from "react";
import type { Problem, Receipt } from "../../../shared/api/index.ts";
import { Button } from "../../controls/index.ts";
import { formatBytes, formatHash, formatTime, groupNumbers } from "../../format/index.ts";
import styles from "./library.module.css";
import { isCalm, type NextStep, nextSteps, refusalTitle, stateSentence } from "./refusal.ts";

export interface Refused extends Pick<Receipt, "file" | "at" | "bytes" | "sha256" | "upload"> {
  readonly problem: Problem;
}

const TITLES: Readonly<Record<NextStep, string>> = {
  "send-rest": "Send the rest",
  "upload-whole": "Upload it whole",
  "upload-again": "Upload again…",
  "keep-cut": "Keep what is there",
  "keep-raw": "Keep as raw bytes",
  retry: "Retry",
  continue: "Continue",
  "open-existing": "Open it",
  "add-again": "Add again",
  "copy-details": "Copy details",
  dismiss: "Dismiss",
};

export function RefusalRow({ refused, onStep }: { refused: Refused; onStep: (step: NextStep) => void }) {
  const { problem } = refused;
  const calm = isCalm(problem.code);
  const steps = nextSteps(problem.code, refused.upload !== null);
  const { container, name, snapshot } = problem.facts;
  const existing = name === undefined ? snapshot : `${container ?? ""} ${name}`;
  return (
    <section className={styles.refusal} data-calm={calm} aria-label={`${refused.file} was not taken`}>
      <div className={styles.refusalText}>
        <h3>
          {calm ? `${refused.file}: ` : `${refused.file} was refused: `}
          {refusalTitle(problem)}
        </h3>
        <p>
          <Detail problem={problem} /> {stateSentence(problem.code)}
        </p>
        {/* Where a button says what to do, the advice would say it twice. */}
        {!steps.some((step) => step !== "copy-details" && step !== "dismiss") && problem.advice !== "" && (
          <p>{endSentence(problem.advice)}</p>
        )}
        <div className={styles.buttons}>
          {steps.map((step) => (
            <Button key={step} look={step === "dismiss" ? "quiet" : "raised"} onPress={() => onStep(step)}>
              {step === "open-existing" && existing !== undefined ? `Open ${existing}` : TITLES[step]}
            </Button>
          ))}
        </div>
      </div>
      <dl className={styles.facts}>
        <dt>Received</dt>
        <dd>{formatTime(refused.at)}</dd>
        <dt>Size</dt>
        <dd>{formatBytes(refused.bytes)}</dd>
        <dt>SHA-256</dt>
        <dd>{refused.sha256 === null ? "not counted" : <code>{formatHash(refused.sha256, 16)}</code>}</dd>
        <dt>Problem</dt>
        <dd>
          <code>
            {problem.code}
            {problem.status > 0 && ` (${problem.status})`}
          </code>
        </dd>
      </dl>
    </section>
  );
}

/** Names of files within the dump are set apart as what they are. */
function Detail({ problem }: { problem: Problem }) {
  const text = endSentence(problem.detail);
  const { member } = problem.facts;
  if (typeof member !== "string" || member === "") return groupNumbers(text);
  const parts = text.split(member);
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence, in their order
    <Fragment key={index}>
      {groupNumbers(part)}
      {index < parts.length - 1 && <code>{member}</code>}
    </Fragment>
  ));
}

function endSentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
