/** What the channel in use shows of the cell that the cursor stands in, and why: a line of the panel of its page. */
import type { ChannelCodes } from "../../../shared/api/index.ts";
import { channelTitle } from "../../../shared/channel/index.ts";
import { formatSize } from "../../format/index.ts";
import type { Place, Viewer } from "../../viewer/contract.ts";
import { cellText } from "./hover-text.ts";
import { useLook, useSelectedCell } from "./use-viewer.ts";

export interface SelectedCellProps {
  readonly viewer: Viewer;
  readonly codes?: ChannelCodes["codes"] | undefined;
  readonly filledFrom?: ((place: Place) => string | undefined) | undefined;
  /** Why bytes were not searched. */
  readonly unsearched?: string | undefined;
}

export function SelectedCell({ viewer, codes, filledFrom, unsearched }: SelectedCellProps) {
  const cell = useSelectedCell(viewer);
  const { channel } = useLook(viewer);
  if (!cell) return null;
  return (
    <>
      <dt>{channelTitle(channel)}</dt>
      <dd>
        {cellText(cell, channel, { codes, filledFrom, unsearched })}{" "}
        <small>in this cell of {formatSize(cell.bytes)}</small>
      </dd>
    </>
  );
}
