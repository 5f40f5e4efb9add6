/**
 * What the status line says when the pointer is over nothing: the byte of the cursor and what is to be said of it, and
 * how much is selected.
 */

import { formatHex } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { addressOf } from "../place/places.ts";

export interface SelectedByteProps {
  readonly place: Place | null;
  readonly said: string | null | undefined;
  /** As in “64 B selected in 1 range”; `null` when nothing is. */
  readonly selected: string | null;
}

export function SelectedByte({ place, said, selected }: SelectedByteProps) {
  if (!place) {
    if (selected === null) return <span>{said ?? "Nothing is selected"}</span>;
    return (
      <>
        <span>{selected}</span>
        {said && <span>{said}</span>}
      </>
    );
  }
  return (
    <>
      <span>
        Byte <code>{formatHex(addressOf(place))}</code>
      </span>
      {selected !== null && <span>{selected}</span>}
      {said && <span>{said}</span>}
    </>
  );
}
