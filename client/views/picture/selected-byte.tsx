/** What the status line says when the pointer is over nothing: the selected byte, and what is to be said of it. */

import { formatHex } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { addressOf } from "../place/places.ts";

export function SelectedByte({
  place,
  said,
}: {
  readonly place: Place | null;
  readonly said: string | null | undefined;
}) {
  if (!place) return <span>{said ?? "Nothing is selected"}</span>;
  return (
    <>
      <span>
        Byte <code>{formatHex(addressOf(place))}</code>
      </span>
      {said && <span>{said}</span>}
    </>
  );
}
