/**
 * Hits in a list of which only the rows in view are in the document. One tab stop; arrows go from hit to hit.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";
import type { ApiMapping } from "../../../shared/api/index.ts";
import { AddressText } from "../../controls/index.ts";
import { sentenceOf, wordsOf } from "../filling/fillers.ts";
import { addressOf, mappingOf } from "../place/places.ts";
import { ownerOf } from "../sidebar/owner.ts";
import styles from "./find.module.css";
import type { FoundHit } from "./follow-search.ts";

const ROW = 36;

export interface HitListProps<T> {
  readonly hits: readonly T[];
  readonly current: number;
  readonly onGo: (index: number) => void;
  /** Hears which hits have their row in view; of none when the list goes. The same function as long as it is the same. */
  readonly onListed: (hits: readonly T[]) => void;
  /** What a row has: two lines. */
  readonly children: (hit: T) => ReactNode;
}

export function HitList<T>({ hits, current, onGo, onListed, children }: HitListProps<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: hits.length,
    getScrollElement: () => list.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  useEffect(() => {
    if (current >= 0 && current < hits.length) rows.scrollToIndex(current, { align: "auto" });
  }, [current, hits.length, rows]);
  const shown = rows.getVirtualItems();
  const { startIndex: first, endIndex: last } = rows.range ?? { startIndex: 0, endIndex: -1 };
  useEffect(() => onListed(hits.slice(first, last + 1)), [hits, first, last, onListed]);
  useEffect(() => () => onListed([]), [onListed]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((list.current?.clientHeight ?? ROW) / ROW) - 1);
    const next = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: hits.length - 1,
      Enter: current,
    }[event.key];
    if (next === undefined || hits.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onGo(Math.max(0, Math.min(hits.length - 1, next)));
  };

  return (
    <div
      ref={list}
      className={styles.list}
      role="listbox"
      tabIndex={0}
      aria-label="Hits"
      // A row that is scrolled out of view is not in the document.
      aria-activedescendant={shown.some(({ index }) => index === current) ? `${id}-${current}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: rows.getTotalSize() }} className={styles.rows} role="presentation">
        {shown.map(({ index, start }) => {
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys, and has the focus
            <div
              key={index}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              aria-setsize={hits.length}
              aria-posinset={index + 1}
              className={styles.row}
              style={{ transform: `translateY(${start}px)`, height: ROW }}
              onClick={() => onGo(index)}
            >
              {children(hits[index])}
            </div>
          );
        })}
      </div>
    </div>
  );
}

export interface HitPlaceProps {
  readonly hit: Pick<FoundHit, "place" | "filled">;
  readonly mappings: readonly Pick<ApiMapping, "space" | "start" | "pages" | "name">[];
  /** There are several spaces. */
  readonly several: boolean;
  /** Behind the address. */
  readonly children?: ReactNode;
}

/** Where a hit stands: its address and mapping; of one that touches a filled page what that is filled from. */
export function HitPlace({ hit, mappings, several, children }: HitPlaceProps) {
  return (
    <span className={styles.place}>
      <code>
        <AddressText value={addressOf(hit.place)} />
      </code>
      {children}
      <span className={styles.mapping}>
        {mappings[mappingOf(mappings, hit.place)]?.name ?? "no mapping"}
        {several && ` · ${ownerOf(hit.place.space)}`}
        {hit.filled && (
          <span title={`Not in the dump: ${sentenceOf(hit.filled)}`}> · filled, {wordsOf(hit.filled.source)}</span>
        )}
      </span>
    </span>
  );
}
