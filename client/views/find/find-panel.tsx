/** Find in a snapshot: what is searched for and where, how far it is, and what was found. */
import { useState } from "react";
import type { FindRequest, SnapshotDetail } from "../../../shared/api/index.ts";
import type { Place, Viewer } from "../../viewer/contract.ts";
import { useRingedHits } from "../picture/use-viewer.ts";
import { sentenceOf } from "./answer-words.ts";
import styles from "./find.module.css";
import { FindAnswer, FindFailure } from "./find-answer.tsx";
import { FindForm } from "./find-form.tsx";
import { HitBytes } from "./hit-bytes.tsx";
import { HitList, HitPlace } from "./hit-list.tsx";
import { NotSearchedList } from "./not-searched-list.tsx";
import type { Find } from "./use-find.ts";

export interface FindPanelProps {
  readonly detail: SnapshotDetail;
  readonly find: Find;
  /** Index of the mapping of the selected place; −1 without one. */
  readonly mapping: number;
  /** What is selected, as it is asked for; the same array as long as it is the same. */
  readonly selected: NonNullable<FindRequest["regions"]>;
  /** Provenances that count as residual. */
  readonly residual: NonNullable<FindRequest["among"]>;
  /** Pages left to files are filled, and searched. */
  readonly filled: boolean;
  /** Counts up when a key asks for the field. */
  readonly asked: number;
  readonly viewer: Viewer;
  readonly onGo: (index: number) => void;
  readonly onPlace: (place: Place) => void;
  /** Shows the channel of hits; `undefined` while it is shown. */
  readonly onShowHits: (() => void) | undefined;
}

export function FindPanel(props: FindPanelProps) {
  const { detail, find, filled, viewer } = props;
  const { answer, hits } = find;
  const isCrowded = useRingedHits(viewer) === "listed";
  const [revealed, setRevealed] = useState(false);
  const several = new Set(detail.laid.map(({ space }) => space)).size > 1;
  const isSearching = answer.state === "searching";
  const asked = answer.state === "idle" ? null : answer.asked;
  const form = asked?.wanted.kind === "pattern" ? asked.wanted.form : "text";
  return (
    <div className={styles.find}>
      <FindForm
        mappings={detail.laid}
        mapping={props.mapping}
        selected={props.selected}
        residual={props.residual}
        filled={filled}
        asked={props.asked}
        before={asked}
        isSearching={isSearching}
        searched={`in all pages that the dump holds${filled ? ", and in filled ones" : ""}`}
        onSearch={find.search}
        onCancel={find.cancel}
        onClear={find.clear}
      />
      {answer.state !== "idle" && (answer.state !== "failed" || answer.progress !== null) && (
        <FindAnswer
          wanted={answer.asked.wanted}
          isSearching={isSearching}
          hasHits={hits.length > 0}
          progress={isSearching ? { part: answer.progress?.rowsDone ?? 0, whole: answer.progress?.rows ?? 0 } : null}
          revealed={revealed}
          onReveal={setRevealed}
          isCrowded={isCrowded}
          onShowHits={props.onShowHits}
          onGoOn={find.goOn}
          onClear={find.clear}
        >
          <p>{sentenceOf(answer)}</p>
        </FindAnswer>
      )}
      {answer.state === "done" && answer.notSearched && (
        <NotSearchedList found={answer.notSearched} several={several} onPlace={props.onPlace} />
      )}
      {answer.state === "failed" && <FindFailure error={answer.error} />}
      {hits.length > 0 && answer.state !== "idle" && (
        <HitList hits={hits} current={find.current} onGo={props.onGo} onListed={viewer.setListedHits}>
          {(hit) => (
            <>
              <HitPlace hit={hit} mappings={detail.laid} several={several} />
              <HitBytes snapshot={detail.snapshot} hit={hit} form={form} revealed={revealed} />
            </>
          )}
        </HitList>
      )}
    </div>
  );
}
