/** Mappings that differ, and in each its differences: the comparison in text. */
import { useState } from "react";
import type { Comparison, Difference } from "../../../shared/api/index.ts";
import { addressOfPage, type PageAddress } from "../../../shared/memory/index.ts";
import { VERDICT_SIGNS } from "../../../shared/provenance/index.ts";
import { AddressText, Empty } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import { ownerOf } from "../sidebar/owner.ts";
import { PermissionText } from "../sidebar/page-panel.tsx";
import sidebar from "../sidebar/sidebar.module.css";
import { useListKeys } from "../sidebar/use-list-keys.ts";
import styles from "./comparison.module.css";
import { type ChangedMapping, changedMappings, comparedText, VERDICT_ORDER } from "./differences.ts";
import { fillOfVerdict } from "./verdicts.tsx";

export interface ChangesPanelProps {
  readonly comparison: Comparison;
  readonly current: number;
  readonly isShown: (difference: Difference) => boolean;
  /** Bytes that differ in the page at the cursor. */
  readonly changedBytes: number | null;
  readonly onGo: (difference: number) => void;
  readonly onHover: (mapping: number | null) => void;
}

export function ChangesPanel(props: ChangesPanelProps) {
  const { comparison, current } = props;
  const changed = changedMappings(comparison, props.isShown);
  const list = useListKeys();
  const at = comparison.differences[current]?.mapping ?? -1;
  const [open, setOpen] = useState<number | null>(null);
  const several = new Set(comparison.joint.map((mapping) => mapping.space)).size > 1;
  const most = Math.max(1, ...changed.map((entry) => entry.pages));
  if (comparison.differences.length === 0) {
    return <Empty>No differences. {comparedText(comparison)}.</Empty>;
  }
  return (
    <>
      <div className={sidebar.listHead}>
        <span>
          {formatCount(changed.length)} of {formatPlural(comparison.joint.length, "mapping")}{" "}
          {changed.length === 1 ? "differs" : "differ"}
        </span>
        <span>most pages first</span>
      </div>
      <ul ref={list.ref} className={styles.changes} onKeyDown={list.onKeyDown} aria-label="Mappings that differ">
        {changed.map((entry, place) => (
          <li key={entry.index}>
            <MappingRow
              owner={several ? ownerOf(entry.mapping.space).replace("process", "pid") : null}
              entry={entry}
              first={place === 0}
              current={entry.index === at}
              open={open === entry.index}
              share={entry.pages / most}
              onPress={() => {
                const opening = open !== entry.index;
                setOpen(opening ? entry.index : null);
                if (opening && !entry.differences.includes(current)) props.onGo(entry.differences[0]);
              }}
              onHover={props.onHover}
            />
            {open === entry.index && (
              <ul aria-label="Differences">
                {entry.differences.map((index) => (
                  <li key={index}>
                    <DifferenceRow
                      difference={comparison.differences[index]}
                      current={index === current}
                      changedBytes={index === current ? props.changedBytes : null}
                      onPress={() => props.onGo(index)}
                    />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

interface MappingRowProps {
  /** Whose mapping it is, where there are several spaces. */
  readonly owner: string | null;
  readonly entry: ChangedMapping;
  readonly first: boolean;
  readonly current: boolean;
  readonly open: boolean;
  readonly share: number;
  readonly onPress: () => void;
  readonly onHover: (mapping: number | null) => void;
}

function MappingRow({ owner, entry, first, current, open, share, onPress, onHover }: MappingRowProps) {
  const named = entry.mapping.b ?? entry.mapping.a;
  const present = VERDICT_ORDER.filter((verdict) => entry.counts[verdict] > 0);
  return (
    <button
      type="button"
      className={sidebar.mapping}
      tabIndex={first ? 0 : -1}
      aria-current={current}
      aria-expanded={open}
      title={named?.path ?? undefined}
      onClick={onPress}
      onPointerEnter={() => onHover(entry.index)}
      onPointerLeave={() => onHover(null)}
    >
      <span>
        {named?.name}
        {owner && <small>{owner}</small>}
        <br />
        <code>
          <AddressText value={addressOfPage(entry.mapping.start as PageAddress)} />
        </code>
      </span>
      <PermissionText permissions={named?.permissions ?? ""} words />
      <span className={sidebar.track} style={{ width: `${share * 100}%` }}>
        {present.map((verdict) => (
          <span key={verdict} style={{ flexGrow: entry.counts[verdict], background: fillOfVerdict(verdict) }} />
        ))}
      </span>
      <span className={styles.counts}>
        {present.map((verdict) => (
          <span key={verdict} title={verdict}>
            <small>{VERDICT_SIGNS[verdict]}</small> {formatCount(entry.counts[verdict])}
          </span>
        ))}
      </span>
    </button>
  );
}

interface DifferenceRowProps {
  readonly difference: Difference;
  readonly current: boolean;
  readonly changedBytes: number | null;
  readonly onPress: () => void;
}

function DifferenceRow({ difference, current, changedBytes, onPress }: DifferenceRowProps) {
  return (
    <button type="button" className={styles.difference} aria-current={current} onClick={onPress}>
      <span className={styles.sign} title={difference.verdict}>
        {VERDICT_SIGNS[difference.verdict]}
      </span>
      <AddressText value={addressOfPage(difference.start as PageAddress)} />
      <span>
        {formatPlural(difference.pages, "page")}
        {changedBytes !== null &&
          changedBytes > 0 &&
          `, ${formatPlural(changedBytes, "byte")} ${changedBytes === 1 ? "differs" : "differ"}${difference.pages > 1 ? " here" : ""}`}
      </span>
    </button>
  );
}
