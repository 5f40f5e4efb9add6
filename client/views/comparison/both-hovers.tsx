/** What lies under the pointer on the side that it is over, else what is selected. */
import { type ReactNode, useSyncExternalStore } from "react";
import type { CellContext } from "../picture/hover-text.ts";
import { StatusHover } from "../picture/status-hover.tsx";
import type { ComparedSides } from "./compared-side.ts";

export interface BothHoversProps {
  readonly sides: ComparedSides;
  readonly cells: Readonly<Record<"a" | "b", CellContext>>;
  readonly selected: ReactNode;
}

export function BothHovers({ sides: [a, b], cells, selected }: BothHoversProps) {
  const overB = useSyncExternalStore(b.viewer.subscribe, () => b.viewer.hovered !== null);
  const over = overB ? b : a;
  return <StatusHover viewer={over.viewer} {...cells[over.key]} selected={selected} />;
}
