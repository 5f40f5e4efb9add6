/** Mappings, those with most left first: the text form of the picture. `rwx` come first whatever the order. */
import { useState } from "react";
import type { ApiMapping } from "../../../shared/api/index.ts";
import { parseAddress } from "../../../shared/memory/index.ts";
import { isWriteExecute } from "../../../shared/palette/index.ts";
import { AddressText, Button } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import { fillOfPart, leftOf, PARTS, type Part, partsOf, RESIDUAL } from "../explain/parts.ts";
import { PermissionText } from "./page-panel.tsx";
import styles from "./sidebar.module.css";
import { useListKeys } from "./use-list-keys.ts";

export interface MappingsPanelProps {
  readonly id: string;
  readonly mappings: readonly ApiMapping[];
  /** All mappings of the snapshot, those without a place in the picture too; `null` when the dump has none. */
  readonly count: number | null;
  readonly current: number;
  readonly chosen: ReadonlySet<Part> | null;
  readonly onOpen: (mapping: number) => void;
  readonly onHover: (mapping: number | null) => void;
}

export function MappingsPanel(props: MappingsPanelProps) {
  const { mappings, chosen } = props;
  const [filter, setFilter] = useState("");
  const [all, setAll] = useState(false);
  const list = useListKeys();
  const lit = chosen ?? RESIDUAL;
  const rows = mappings.map((mapping, index) => {
    const parts = partsOf(mapping.counts, mapping.provenance);
    return { mapping, index, parts, left: leftOf(parts, lit) };
  });
  const several = new Set(mappings.map((mapping) => mapping.space)).size > 1;
  const withLeft = rows.filter((row) => row.left > 0);
  const explained = (props.count ?? rows.length) - withLeft.length;
  const most = Math.max(1, ...withLeft.map((row) => row.left));
  const shown = rows
    .filter((row) => (all || filter !== "" || row.left > 0) && isMatch(row.mapping, filter))
    .toSorted(
      (a, b) =>
        Number(isWriteExecute(b.mapping.permissions)) - Number(isWriteExecute(a.mapping.permissions)) ||
        b.left - a.left ||
        a.index - b.index,
    );
  return (
    <div id={props.id}>
      <div className={styles.filter}>
        <input
          aria-label="Filter mappings by name, permissions or kind"
          placeholder="Filter by name, permissions, kind"
          spellCheck={false}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      <div className={styles.listHead}>
        <span>
          {formatCount(withLeft.length)} of {formatPlural(props.count ?? rows.length, "mapping")}{" "}
          {withLeft.length === 1 ? "holds" : "hold"} residual pages
        </span>
        <span>residual pages</span>
      </div>
      {shown.length === 0 && (
        <p className={styles.more}>{filter === "" ? "Nothing is left in any mapping." : "No mapping matches."}</p>
      )}
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
              <span className={styles.track} style={{ width: `${(row.left / most) * 100}%` }}>
                {PARTS.map((part) =>
                  lit.has(part) && row.parts[part] > 0 ? (
                    <span key={part} style={{ flexGrow: row.parts[part], background: fillOfPart(part) }} />
                  ) : null,
                )}
              </span>
              <span>{formatCount(row.left)}</span>
            </button>
          </li>
        ))}
      </ul>
      {filter === "" && explained > 0 && (
        <p className={styles.more}>
          {all
            ? "Mappings in which nothing is recorded or left to a file are not in the picture. "
            : `${formatPlural(explained, "mapping")} ${explained === 1 ? "is" : "are"} fully explained. `}
          <Button look="link" onPress={() => setAll(!all)}>
            {all ? "Show those with pages left" : "Show all"}
          </Button>
        </p>
      )}
    </div>
  );
}

/** Whose mapping it is, where a snapshot has several spaces. */
export function ownerOf(space: string): string {
  if (space.startsWith("p") && space !== "physical") return `process ${space.slice(1)}`;
  return space.startsWith("s") ? `segment ${space.slice(1)}` : space;
}

function isMatch(mapping: ApiMapping, filter: string): boolean {
  const text = `${mapping.name} ${ownerOf(mapping.space)} ${mapping.path ?? ""} ${mapping.permissions} ${mapping.kind} ${isWriteExecute(mapping.permissions) ? "w+x" : ""}`;
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));
}
