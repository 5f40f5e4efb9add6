/** What the codes of a channel of pages mean on both sides, and what tiles are of beside their strip. */
import type { AnyChannel } from "../../../shared/channel/index.ts";
import { useComparedCodes, useLibrary } from "../../api/index.ts";
import { useSiblings } from "../picture/use-siblings.ts";
import type { ComparedSides } from "./compared-side.ts";

/** @param explained names how the pages of both sides are explained */
export function useJointCodes([a, b]: ComparedSides, channel: AnyChannel, explained: string) {
  const { data: library } = useLibrary();
  const [ofA, ofB] = [useSiblings(library, a.detail), useSiblings(library, b.detail)];
  const { data } = useComparedCodes(a.detail.snapshot, b.detail.snapshot, channel, [
    explained,
    ...ofA.names,
    ...ofB.names,
  ]);
  return {
    codes: data?.codes,
    /** With another one no tile is that of before. */
    since: [explained, ofA.since, ofB.since].join(" "),
  };
}
