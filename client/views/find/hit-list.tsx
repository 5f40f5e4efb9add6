/**
 * Hits in a list of which only the rows in view are in the document: address, mapping, and the bytes around with the hit
 * marked. One tab stop; arrows go from hit to hit. What looks like a secret is masked until asked for.
 */
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import { AROUND, type Excerpt, excerptOf, maskSecret, type PatternForm } from "../../../shared/find/index.ts";
import { type Address, formatAddress } from "../../../shared/memory/index.ts";
import { fetchBytes } from "../../api/index.ts";
import { AddressText } from "../../controls/index.ts";
import { sentenceOf, wordsOf } from "../filling/fillers.ts";
import { addressOf, mappingOf } from "../place/places.ts";
import { ownerOf } from "../sidebar/owner.ts";
import styles from "./find.module.css";
import type { FoundHit } from "./use-find.ts";

const ROW = 36;
/** Bytes of a long hit that are asked for. */
const MOST = 256;

export interface HitListProps {
  readonly snapshot: SnapshotDetail;
  readonly hits: readonly FoundHit[];
  readonly form: PatternForm;
  readonly current: number;
  readonly revealed: boolean;
  readonly onGo: (index: number) => void;
  /** Hears which hits have their row in view; of none when the list goes. The same function as long as it is the same. */
  readonly onListed: (hits: readonly FoundHit[]) => void;
}

export function HitList({ snapshot, hits, form, current, revealed, onGo, onListed }: HitListProps) {
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
  const several = new Set(snapshot.laid.map(({ space }) => space)).size > 1;

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
          const hit = hits[index];
          const mapping = snapshot.laid[mappingOf(snapshot.laid, hit.place)];
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
              <span className={styles.place}>
                <code>
                  <AddressText value={addressOf(hit.place)} />
                </code>
                <span className={styles.mapping}>
                  {mapping?.name ?? "no mapping"}
                  {several && ` · ${ownerOf(hit.place.space)}`}
                  {hit.filled && (
                    <span title={`Not in the dump: ${sentenceOf(hit.filled)}`}>
                      {" "}
                      · filled, {wordsOf(hit.filled.source)}
                    </span>
                  )}
                </span>
              </span>
              {hit.string ? (
                <span className={styles.text}>
                  {hit.string.secret && !revealed ? maskSecret(hit.string.text) : hit.string.text}
                </span>
              ) : (
                <Around snapshot={snapshot.snapshot} hit={hit} form={form} revealed={revealed} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface AroundProps {
  readonly snapshot: string;
  readonly hit: FoundHit;
  readonly form: PatternForm;
  readonly revealed: boolean;
}

function Around({ snapshot, hit, form, revealed }: AroundProps) {
  const { data, error } = useQuery({
    queryKey: ["excerpt", snapshot, hit.place.space, formatAddress(addressOf(hit.place)), hit.length, form],
    gcTime: 60_000,
    queryFn: ({ signal }) => excerpt(snapshot, hit, form, signal),
  });
  if (error) return <span className={styles.text}>bytes cannot be read</span>;
  if (!data) return <span className={styles.text} />;
  if (data.secret !== null && !revealed) return <span className={styles.text}>{maskSecret(data.secret)}</span>;
  return (
    <span className={styles.text}>
      {data.before}
      <mark>{data.match}</mark>
      {data.after}
    </span>
  );
}

async function excerpt(snapshot: string, hit: FoundHit, form: PatternForm, signal: AbortSignal): Promise<Excerpt> {
  const at = addressOf(hit.place);
  const before = at < BigInt(AROUND) ? Number(at) : AROUND;
  const length = Math.min(hit.length, MOST);
  const beyond = (1n << 64n) - at;
  const behind = Math.min(AROUND + length, beyond < 4096n ? Number(beyond) : 4096);
  const { bytes } = await fetchBytes(
    snapshot,
    hit.place.space,
    (at - BigInt(before)) as Address,
    before + behind,
    signal,
    hit.filled !== null,
  );
  return excerptOf(bytes, before, length, form);
}
