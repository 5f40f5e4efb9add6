/**
 * What the head of the bytes says of the page at the cursor: its verdict, how much of it differs, where it came from; and
 * what stands in the place of bytes while there is no cursor.
 */
import { useSyncExternalStore } from "react";
import type { ComparedPage } from "../../../shared/api/index.ts";
import { PAGE_SIZE } from "../../../shared/memory/index.ts";
import { KeyCap } from "../../controls/index.ts";
import { formatCount, formatOffset, formatPlural } from "../../format/index.ts";
import type { HexPane } from "../../hex/index.ts";
import picture from "../picture/picture.module.css";
import { VerdictWord } from "./verdicts.tsx";

export interface BytesHeadProps {
  readonly pane: HexPane | null;
  readonly compared: ComparedPage | undefined;
  readonly onOrigin: () => void;
}

export function BytesHead({ pane, compared, onOrigin }: BytesHeadProps) {
  return (
    <>
      {compared?.verdict && <VerdictWord verdict={compared.verdict} />}
      {compared && (compared.bytes > 0 || compared.verdict === "changed") && (
        <span>
          {formatCount(compared.bytes)} of {formatPlural(compared.known, "byte")}
          {compared.known < PAGE_SIZE && " that both dumps hold"}
          {pane && <ByteChange pane={pane} />}
        </span>
      )}
      {compared?.from && (
        <button type="button" className={picture.retry} onClick={onOrigin} title="Enter shows that place in A">
          from {compared.from.address}
        </button>
      )}
    </>
  );
}

export function NothingSelected({ differences }: { differences: number }) {
  return (
    <>
      Click a cell to read it on both sides.
      {differences > 0 && (
        <>
          {" "}
          <KeyCap>F7</KeyCap> goes to the first of {formatPlural(differences, "difference")}.
        </>
      )}
    </>
  );
}

/** “, +0x025: 31 → 32” where the byte at the cursor differs. */
function ByteChange({ pane }: { pane: HexPane }) {
  const text = useSyncExternalStore(pane.subscribe, () => {
    const [a, b] = pane.bytesAtCursor();
    if (!pane.cursor || !a || !b || a.length === 0 || b.length === 0 || a[0] === b[0]) return "";
    return `, ${formatOffset(pane.cursor.offset)}: ${digits(a[0])} → ${digits(b[0])}`;
  });
  return text;
}

function digits(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
