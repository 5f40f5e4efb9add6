/** Why the picture of a channel stays as it is, or in part, while pages left to files are filled. */
import type { FillingAnswer } from "../../../shared/api/index.ts";
import { isPageChannel } from "../../../shared/channel/index.ts";
import type { AnyChannel } from "../../viewer/contract.ts";

/** @returns a sentence, or `undefined` where all that can be filled is drawn filled. */
export function notFilledIn(
  channel: AnyChannel,
  { fromImage, fromGhost }: Pick<FillingAnswer, "fromImage" | "fromGhost">,
): string | undefined {
  if (fromImage + fromGhost === 0) return undefined;
  if (isPageChannel(channel)) return "This channel colours recorded pages: filling changes the bytes, not the picture.";
  // Nobody explains what a ghost file holds.
  if (channel === "provenance" && fromGhost > 0)
    return "Pages of ghost files have no provenance: filling changes their bytes, not the picture.";
  return undefined;
}
