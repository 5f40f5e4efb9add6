/** A hit of both sides in the list: on which it is, and its bytes; where they differ, those of A, then those of B. */
import { useQueries } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ComparedPage, Comparison } from "../../../shared/api/index.ts";
import { PAGE_SIZE } from "../../../shared/memory/index.ts";
import { comparedPageQuery } from "../../api/index.ts";
import type { Wanted } from "../find/follow-search.ts";
import { HitBytes } from "../find/hit-bytes.tsx";
import type { ComparedSides } from "./compared-side.ts";
import styles from "./comparison.module.css";
import { type HitOfBoth, saysItsBytes } from "./hits-of-both.ts";

export interface HitSidesProps {
  readonly hit: HitOfBoth;
  readonly sides: ComparedSides;
  readonly wanted: Wanted;
  readonly differences: Comparison["differences"];
  readonly revealed: boolean;
  /** Writes the place around the word of the sides. */
  readonly children: (side: ReactNode) => ReactNode;
}

export function HitSides({ hit, sides, wanted, differences, revealed, children }: HitSidesProps) {
  const { side, isOpen, place, found } = hit;
  const isAsked = side === "both" && !saysItsBytes(wanted, found) && touchesDifference(hit, differences);
  const differ = useDifferingBytes(hit, sides, isAsked);
  const form = wanted.kind === "pattern" ? wanted.form : "text";
  const bytesOf = (key: "a" | "b") => {
    const { detail, ownSpace } = sides[key === "a" ? 0 : 1];
    const own = { ...found, place: { ...place, space: ownSpace(place.space) } };
    return <HitBytes snapshot={detail.snapshot} hit={own} form={form} revealed={revealed} isAlone={differ === true} />;
  };
  return (
    <>
      {children(
        <span className={styles.sides} data-side={side}>
          {sideWords(side, isOpen, differ)}
        </span>,
      )}
      {differ ? (
        <span className={styles.bothBytes}>
          {bytesOf("a")} → {bytesOf("b")}
        </span>
      ) : (
        bytesOf(side === "a" ? "a" : "b")
      )}
    </>
  );
}

/** @param differ of a hit on both sides whether its bytes do; `undefined` until that is known */
export function sideWords(side: HitOfBoth["side"], isOpen: boolean, differ: boolean | undefined): string {
  if (side === "both") return differ === undefined ? "both sides" : differ ? "both, bytes differ" : "both";
  const own = side.toUpperCase();
  return isOpen ? `${own}; ${side === "a" ? "B" : "A"} not searched` : `only ${own}`;
}

/** Whether one of its pages differs. */
function touchesDifference({ place, length }: HitOfBoth, differences: Comparison["differences"]): boolean {
  const pages = Math.ceil((place.offset + length) / PAGE_SIZE);
  return differences.some(
    ({ space, start, pages: count }) =>
      space === place.space && start < place.page + pages && start + count > place.page,
  );
}

/** Whether any byte of the hit differs, as its pages say; `undefined` until they have. */
function useDifferingBytes({ place, length }: HitOfBoth, [a, b]: ComparedSides, isAsked: boolean): boolean | undefined {
  const pages = isAsked ? Math.ceil((place.offset + length) / PAGE_SIZE) : 0;
  return useQueries({
    queries: Array.from({ length: pages }, (_, n) =>
      comparedPageQuery(a.detail.snapshot, b.detail.snapshot, place.space, place.page + n),
    ),
    combine: (answers) => {
      const told = answers.map(({ data }) => data);
      if (told.some((data, n) => data && isDiffering(data, place.offset - n * PAGE_SIZE, length))) return true;
      return told.every((data) => data !== undefined) ? false : undefined;
    },
  });
}

/** @param start of the hit, from the start of the page on; it may begin before */
export function isDiffering({ runs }: Pick<ComparedPage, "runs">, start: number, length: number): boolean {
  return runs.some(([from, to]) => from < start + length && to > start);
}
