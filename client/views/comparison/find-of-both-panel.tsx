/** Find in a comparison: one pattern in both sides, how far each is, and the hits of both as one list. */
import { useMemo, useState } from "react";
import type { ApiMapping, Comparison, FindRequest } from "../../../shared/api/index.ts";
import { type Choice, Segmented } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { sentenceOf } from "../find/answer-words.ts";
import find from "../find/find.module.css";
import { FindAnswer, FindFailure } from "../find/find-answer.tsx";
import { FindForm } from "../find/find-form.tsx";
import type { FindState } from "../find/follow-search.ts";
import { HitList, HitPlace } from "../find/hit-list.tsx";
import { NotSearchedList } from "../find/not-searched-list.tsx";
import { useRingedHits } from "../picture/use-viewer.ts";
import type { ComparedSides } from "./compared-side.ts";
import styles from "./comparison.module.css";
import { HitSides } from "./hit-sides.tsx";
import { countHits, type HitOfBoth } from "./hits-of-both.ts";
import type { FindOfBoth, ShownHits } from "./use-find-of-both.ts";

export interface FindOfBothPanelProps {
  readonly of: FindOfBoth;
  readonly sides: ComparedSides;
  /** Of the joint strip. */
  readonly mappings: readonly ApiMapping[];
  /** Index of the joint mapping of the cursor; −1 without one. */
  readonly mapping: number;
  /** What is selected, as it is asked for; the same array as long as it is the same. */
  readonly selected: NonNullable<FindRequest["regions"]>;
  readonly residual: NonNullable<FindRequest["among"]>;
  readonly differences: Comparison["differences"];
  /** Counts up when a key asks for the field. */
  readonly focused: number;
  readonly onGo: (hit: HitOfBoth) => void;
  readonly onPlace: (place: Place) => void;
  /** Shows the channel of hits; `undefined` while it is shown. */
  readonly onShowHits: (() => void) | undefined;
}

export function FindOfBothPanel(props: FindOfBothPanelProps) {
  const { of, sides, mappings } = props;
  const { asked, turn } = of;
  const crowdedA = useRingedHits(sides[0].viewer) === "listed";
  const crowdedB = useRingedHits(sides[1].viewer) === "listed";
  const [revealed, setRevealed] = useState(false);
  const several = new Set(mappings.map(({ space }) => space)).size > 1;
  const failed = sides.map(({ key }) => of[key]).find((answer) => answer.state === "failed");
  const progress = turn && of[turn].state !== "idle" ? of[turn].progress : null;
  const onListed = useMemo(() => listedOn(sides), [sides]);
  return (
    <div className={find.find}>
      <FindForm
        mappings={mappings}
        mapping={props.mapping}
        selected={props.selected}
        residual={props.residual}
        filled={false}
        asked={props.focused}
        before={asked}
        isSearching={turn !== null}
        searched="in all pages that both dumps hold"
        onSearch={of.search}
        onCancel={of.cancel}
        onClear={of.clear}
      />
      {asked && (failed === undefined || of.hits.length > 0 || hasBegun(of)) && (
        <FindAnswer
          wanted={asked.wanted}
          isSearching={turn !== null}
          hasHits={of.hits.length > 0}
          progress={turn && { part: progress?.rowsDone ?? 0, whole: progress?.rows ?? 0 }}
          revealed={revealed}
          onReveal={setRevealed}
          isCrowded={crowdedA || crowdedB}
          onShowHits={props.onShowHits}
          onGoOn={of.goOn}
          onClear={of.clear}
        >
          {sides.map(({ key, letter, name }) => (
            <p key={key}>
              <b>{letter}</b> {name}: {sideText(of, key)}
            </p>
          ))}
        </FindAnswer>
      )}
      {sides.map(({ key, letter, name, jointSpace }) => {
        const answer = of[key];
        return (
          answer.state === "done" &&
          answer.notSearched && (
            <NotSearchedList
              key={key}
              of={`${letter} ${name}`}
              found={answer.notSearched}
              several={several}
              onPlace={(place) => props.onPlace({ ...place, space: jointSpace(place.space) })}
            />
          )
        );
      })}
      {failed && <FindFailure error={failed.error} />}
      {asked && of.hits.length > 0 && (
        <>
          <ShownChoice of={of} />
          <HitList
            hits={of.listed}
            current={of.current}
            onGo={(index) => props.onGo(of.listed[index])}
            onListed={onListed}
          >
            {(hit) => (
              <HitSides
                hit={hit}
                sides={sides}
                wanted={asked.wanted}
                differences={props.differences}
                revealed={revealed}
              >
                {(side) => (
                  <HitPlace hit={hit.found} mappings={mappings} several={several}>
                    {side}
                  </HitPlace>
                )}
              </HitSides>
            )}
          </HitList>
        </>
      )}
    </div>
  );
}

/** The sides as filters, each with its count; hits that are open are on no side alone. */
function ShownChoice({ of }: { of: FindOfBoth }) {
  const counts = useMemo(() => countHits(of.hits), [of.hits]);
  const choices: readonly Choice<ShownHits>[] = [
    { value: "all", title: "All" },
    { value: "both", title: `Both ${formatCount(counts.both)}` },
    { value: "a", title: `Only A ${formatCount(counts.a)}` },
    { value: "b", title: `Only B ${formatCount(counts.b)}` },
  ];
  return (
    <div className={styles.shown}>
      <Segmented label="Hits of" choices={choices} value={of.shown} onChoose={of.setShown} />
      {counts.open > 0 && (
        <p>{formatPlural(counts.open, "hit")} on one side where the other is not searched: only in All.</p>
      )}
    </div>
  );
}

/** Whether a side has come to something, with or without hits: it can be told, and gone on with. */
function hasBegun({ a, b }: Pick<FindOfBoth, "a" | "b">): boolean {
  return [a, b].some((answer) => answer.state !== "idle" && answer.progress !== null);
}

/** What a side has come to. */
function sideText(of: Pick<FindOfBoth, "a" | "b" | "turn">, side: "a" | "b"): string {
  const answer = of[side];
  if (answer.state === "idle") return "";
  if (answer.state === "searching" && of.turn !== side) return "waits for A";
  if (side === "b" && answer.state === "cancelled" && !answer.progress && of.a.state === "failed")
    return "not searched, since A failed";
  return `${sentenceOf(answer)}${side === "b" ? searchedBefore(answer) : ""}`;
}

/** How many pages hold what was searched before, in A or earlier, and are not read again. Strings are always read. */
function searchedBefore(answer: Exclude<FindState, { state: "idle" }>): string {
  const { asked, progress } = answer;
  if (asked.wanted.kind !== "pattern" || !progress || progress.pages <= progress.pagesRead) return "";
  const before = progress.pages - progress.pagesRead;
  return isCut(answer)
    ? `; ${formatPlural(before, "page")} searched before`
    : `, ${formatCount(before)} searched before`;
}

/** What was said before does not end with pages. */
function isCut(answer: FindState): boolean {
  return answer.state === "failed" || (answer.state === "done" && answer.next !== null);
}

/** Gives each viewer those in view that are on its side. */
function listedOn(sides: FindOfBothPanelProps["sides"]): (hits: readonly HitOfBoth[]) => void {
  return (hits) => {
    for (const { key, viewer } of sides)
      viewer.setListedHits(hits.filter(({ side }) => side === "both" || side === key));
  };
}
