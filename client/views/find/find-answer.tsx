/** What a search has come to, with what can be done then: go on, take it away, show what is masked or not ringed. */

import type { ReactNode } from "react";
import { MOST_HITS } from "../../../shared/api/index.ts";
import { isPatternCode } from "../../../shared/errors/index.ts";
import type { ApiError } from "../../api/index.ts";
import { Button, Failure, Progress } from "../../controls/index.ts";
import { formatCount } from "../../format/index.ts";
import { AskedLine } from "./asked-line.tsx";
import styles from "./find.module.css";
import type { Wanted } from "./follow-search.ts";

export interface FindAnswerProps {
  readonly wanted: Wanted;
  /** Sentences. */
  readonly children: ReactNode;
  readonly isSearching: boolean;
  readonly hasHits: boolean;
  /** Places that were searched, of how many; `null` when nothing is being searched. */
  readonly progress: { readonly part: number; readonly whole: number } | null;
  readonly revealed: boolean;
  readonly onReveal: (revealed: boolean) => void;
  readonly isCrowded: boolean;
  /** Shows the channel of hits; `undefined` while it is shown. */
  readonly onShowHits: (() => void) | undefined;
  /** Left out when there is no more. */
  readonly onGoOn: (() => void) | undefined;
  readonly onClear: () => void;
}

export function FindAnswer(props: FindAnswerProps) {
  const { isSearching, progress, revealed, onReveal, onShowHits, onGoOn } = props;
  return (
    <div className={styles.answer}>
      <AskedLine wanted={props.wanted} />
      <div role="status">{props.children}</div>
      <span className={styles.acts}>
        {onGoOn && (
          <Button
            look="link"
            onPress={onGoOn}
            title={`Find what comes next, at most ${formatCount(MOST_HITS)} at once`}
          >
            Go on
          </Button>
        )}
        {!isSearching && (
          <Button look="link" onPress={props.onClear} title="Take the search and its marks away">
            Clear
          </Button>
        )}
      </span>
      {props.hasHits && (
        <span>
          {revealed ? "secrets are shown" : "secrets are masked"}{" "}
          <Button look="link" onPress={() => onReveal(!revealed)}>
            {revealed ? "Mask" : "Reveal"}
          </Button>
        </span>
      )}
      {props.isCrowded && (
        <span>
          Only those in view in this list are ringed.{" "}
          {onShowHits && (
            <Button look="link" onPress={onShowHits}>
              Show all as a channel
            </Button>
          )}
        </span>
      )}
      {progress && <Progress label="Searched" part={progress.part} whole={progress.whole} />}
    </div>
  );
}

export function FindFailure({ error }: { error: ApiError }) {
  return (
    <Failure
      title={isPatternCode(error.problem.code) ? "This cannot be searched for" : "The search failed"}
      detail={error.message}
      advice={error.advice}
    />
  );
}
