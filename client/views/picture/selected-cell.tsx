/** What the channel in use shows of the cell that the cursor stands in, and why: a line of the panel of its page. */
import { channelTitle } from "../../../shared/channel/index.ts";
import { formatSize } from "../../format/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import { type CellContext, cellText } from "./hover-text.ts";
import { useLook, useSelectedCell } from "./use-viewer.ts";

export interface SelectedCellProps extends CellContext {
  readonly viewer: Viewer;
}

export function SelectedCell({ viewer, ...context }: SelectedCellProps) {
  const cell = useSelectedCell(viewer);
  const { channel } = useLook(viewer);
  if (!cell) return null;
  return (
    <>
      <dt>{channelTitle(channel)}</dt>
      <dd>
        {cellText(cell, channel, context)} <small>in this cell of {formatSize(cell.bytes)}</small>
      </dd>
    </>
  );
}
