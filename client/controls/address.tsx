/** An address or offset in groups of four digits; copying gives it without blanks. */
import { groupDigits } from "../format/index.ts";
import styles from "./address.module.css";

export function AddressText({ value, prefix = "0x" }: { value: bigint | number; prefix?: string }) {
  const groups = groupDigits(value.toString(16));
  return (
    <span className={styles.address}>
      {prefix}
      {groups.map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
        <span key={index} className={styles.group}>
          {group}
        </span>
      ))}
    </span>
  );
}
