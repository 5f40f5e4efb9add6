/** A list of mappings, those with most to show first: the text form of a picture. `rwx` come first whatever the order. */
import { type ReactNode, useState } from "react";
import type { ApiMapping } from "../../../shared/api/index.ts";
import { parseAddress } from "../../../shared/memory/index.ts";
import { isWriteExecute } from "../../../shared/palette/index.ts";
import { AddressText, Button } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import { mappingFilter } from "./mapping-filter.ts";
import { ownerOf } from "./owner.ts";
import { PermissionText } from "./page-panel.tsx";
import styles from "./sidebar.module.css";
import { useListKeys } from "./use-list-keys.ts";

/** What of a mapping counts here. */
export interface MappingMeasure {
  /** Pages: the most first. A mapping without any is listed only when all are. */
  readonly pages: number;
  /** The number behind its bar. */
  readonly text: string;
  readonly parts: readonly { readonly name: string; readonly pages: number; readonly fill: string }[];
}

export interface MappingListProps {
  readonly id: string;
  readonly mappings: readonly ApiMapping[];
  readonly current: number;
  readonly measure: (mapping: ApiMapping) => MappingMeasure;
  /** @param counted mappings of which some page counts. */
  readonly head: (counted: number) => ReactNode;
  readonly unit: string;
  /** Said when no mapping counts. */
  readonly none: string;
  /** What is said of the others, and on the button that shows only those that count. */
  readonly others: {
    readonly hidden: (counted: number) => string | null;
    readonly shown: string;
    readonly less: string;
  };
  readonly onOpen: (mapping: number) => void;
  readonly onHover: (mapping: number | null) => void;
}

export function MappingList(props: MappingListProps) {
  const { mappings, measure } = props;
  const [filter, setFilter] = useState("");
  /** Also mappings of which nothing counts; without a choice those that a filter names. */
  const [chosen, setChosen] = useState<boolean | null>(null);
  const all = chosen ?? filter !== "";
  const fits = mappingFilter(filter);
  const list = useListKeys();
  const rows = mappings.map((mapping, index) => ({ mapping, index, ...measure(mapping) }));
  const several = new Set(mappings.map((mapping) => mapping.space)).size > 1;
  const counted = rows.filter((row) => row.pages > 0);
  const hidden = props.others.hidden(counted.length);
  const most = Math.max(1, ...counted.map((row) => row.pages));
  const shown = rows
    .filter((row) => (all || row.pages > 0) && fits(row.mapping))
    .toSorted(
      (a, b) =>
        Number(isWriteExecute(b.mapping.permissions)) - Number(isWriteExecute(a.mapping.permissions)) ||
        b.pages - a.pages ||
        a.index - b.index,
    );
  return (
    <div id={props.id}>
      <div className={styles.filter}>
        <input
          aria-label="Filter mappings by name, permissions, kind or addresses"
          placeholder="Filter by name, rwx, kind, 0x7f00-0x8000"
          spellCheck={false}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      <div className={styles.listHead}>
        <span>{props.head(counted.length)}</span>
        <span>{props.unit}</span>
      </div>
      {shown.length === 0 && <p className={styles.more}>{filter === "" ? props.none : "No mapping matches."}</p>}
      <ul ref={list.ref} onKeyDown={list.onKeyDown} aria-label="Mappings">
        {shown.map((row, place) => (
          <li key={row.index}>
            <button
              type="button"
              className={styles.mapping}
              tabIndex={place === 0 ? 0 : -1}
              aria-current={row.index === props.current}
              title={row.mapping.path ?? undefined}
              onClick={() => props.onOpen(row.index)}
              onPointerEnter={() => props.onHover(row.index)}
              onPointerLeave={() => props.onHover(null)}
              onFocus={() => props.onHover(row.index)}
              onBlur={() => props.onHover(null)}
            >
              <span>
                {row.mapping.name}
                {several && <small>{ownerOf(row.mapping.space)}</small>}
                <br />
                <code>
                  <AddressText value={parseAddress(row.mapping.address) ?? 0n} />
                </code>
              </span>
              <PermissionText permissions={row.mapping.permissions} words />
              <span className={styles.track} style={{ width: `${(row.pages / most) * 100}%` }}>
                {row.parts.map((part) =>
                  part.pages > 0 ? (
                    <span key={part.name} style={{ flexGrow: part.pages, background: part.fill }} />
                  ) : null,
                )}
              </span>
              <span>{row.text}</span>
            </button>
          </li>
        ))}
      </ul>
      {(filter !== "" || hidden !== null) && (
        <p className={styles.more}>
          {filter === "" ? (all ? props.others.shown : hidden) : hiddenBy(rows, shown, props.unit)}{" "}
          {hidden !== null && (
            <Button look="link" onPress={() => setChosen(!all)}>
              {all ? props.others.less : "Show all"}
            </Button>
          )}
        </p>
      )}
    </div>
  );
}

/** How much a filter hides. */
function hiddenBy(
  rows: readonly { readonly pages: number }[],
  shown: readonly { readonly pages: number }[],
  unit: string,
) {
  const pagesOf = (some: readonly { readonly pages: number }[]) => some.reduce((sum, { pages }) => sum + pages, 0);
  const mappings = `${formatCount(rows.length - shown.length)} of ${formatPlural(rows.length, "mapping")}`;
  return `The filter hides ${mappings}; ${unit} in them: ${formatCount(pagesOf(rows) - pagesOf(shown))}.`;
}
