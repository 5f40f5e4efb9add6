/** What lies under the pointer, in the picture or on the ruler, answered within a frame; without a pointer, the cursor. */
import type { ReactNode } from "react";
import { isCurve } from "../../../shared/layout/index.ts";
import { addressOfPage, PAGE_SIZE } from "../../../shared/memory/index.ts";
import { formatPlural, formatRange, formatSize } from "../../format/index.ts";
import type { PictureMapping, Viewer } from "../../viewer/contract.ts";
import { type CellContext, hoverText } from "./hover-text.ts";
import { useHovered, useLook, useOutlined, useZoom } from "./use-viewer.ts";

export interface StatusHoverProps extends CellContext {
  readonly viewer: Viewer;
  readonly selected: ReactNode;
}

export function StatusHover({ viewer, selected, ...context }: StatusHoverProps) {
  const hovered = useHovered(viewer);
  const outlined = useOutlined(viewer);
  const look = useLook(viewer);
  const zoom = useZoom(viewer);
  if (!hovered && outlined) return <OutlinedMapping mapping={outlined} />;
  if (!hovered) return selected;
  const text = hoverText(hovered, look.channel, context);
  return (
    <>
      <span>
        {text.what} <code>{text.range}</code>
      </span>
      <span>{text.why}</span>
      {zoom.level === 0 && isCurve(look.layout) && <span>4 × 4 cells are one row of 16 bytes</span>}
    </>
  );
}

function OutlinedMapping({ mapping }: { mapping: PictureMapping }) {
  const { name, permissions, start, pages } = mapping;
  return (
    <>
      <span>
        {name} <code>{permissions}</code>
      </span>
      <span>
        <code>{formatRange(addressOfPage(start), pages * PAGE_SIZE)}</code>, {formatPlural(pages, "page")},{" "}
        {formatSize(pages * PAGE_SIZE)}
      </span>
    </>
  );
}
