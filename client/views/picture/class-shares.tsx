/** Byte classes of some bytes, as a bar and as shares; their names and order, as every list of them has it. */
import { BYTE_CLASSES } from "../../../shared/summary/index.ts";
import { ClassBar } from "../../charts/index.ts";
import { formatBytes, formatPercent } from "../../format/index.ts";
import type { Theme } from "../../viewer/contract.ts";

/** By code. */
export const CLASS_NAMES = ["00", "Printable", "Whitespace", "Control", "High", "FF"] as const;
/** With the bytes of what is no word of its own. */
export const CLASS_TITLES: readonly string[] = CLASS_NAMES.map((name) => (name === "High" ? `${name} 80–FE` : name));
/** Zeros last. */
export const CLASS_ORDER = [1, 2, 3, 4, 5, 0] as const;

export interface ClassSharesProps {
  /** Bytes per class, by code. */
  readonly classes: readonly number[];
  /** All of them. */
  readonly bytes: number;
  readonly theme: Theme;
  /** Of the list. */
  readonly className: string;
}

export function ClassShares({ classes, bytes, theme, className }: ClassSharesProps) {
  return (
    <>
      <ClassBar counts={classes} theme={theme} />
      <dl className={className}>
        {CLASS_ORDER.map((code) => (
          <div key={BYTE_CLASSES[code]}>
            <dt>
              <i style={{ background: `var(--class-${code})` }} />
              {CLASS_TITLES[code]}
            </dt>
            <dd title={formatBytes(classes[code])}>{formatPercent(classes[code], bytes)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
