/** The bytes below a picture, with the bar that sets their height; each screen remembers its own. */
import { useRef } from "react";
import { Splitter } from "../../controls/index.ts";
import { BytesPane, type BytesPaneProps, type HexPane } from "../../hex/index.ts";
import styles from "./picture.module.css";
import { useRememberedHeight } from "./use-remembered-height.ts";

export interface BytesAreaProps extends Omit<BytesPaneProps, "pane"> {
  /** `null` until it is made. */
  readonly pane: HexPane | null;
  readonly sides: 1 | 2;
  /** Under which name the height is remembered. */
  readonly height: string;
}

export function BytesArea({ pane, sides, height, ...more }: BytesAreaProps) {
  const area = useRef<HTMLDivElement>(null);
  const remembered = useRememberedHeight(area, height);
  return (
    <>
      <Splitter
        label="Height of the bytes"
        height={remembered.height}
        onMove={remembered.move}
        onRestore={remembered.restore}
      />
      <div ref={area} className={styles.bytes} data-sides={sides} data-region="bytes">
        {pane && <BytesPane pane={pane} {...more} />}
      </div>
    </>
  );
}
