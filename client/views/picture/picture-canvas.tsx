/** Where a viewer draws: focusable, labelled with the place and the keys; arrows move the cursor by cells. */
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { whenAnsweredAgain } from "../../api/index.ts";
import { formatHex } from "../../format/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import { addressOf } from "../place/places.ts";
import { GraphicsLost } from "./graphics-lost.tsx";
import styles from "./picture.module.css";
import { useCursor } from "./use-viewer.ts";

export interface PictureCanvasProps {
  readonly viewer: Viewer;
  readonly label: string;
  /** Id of the element that says in text what the picture shows. */
  readonly describedBy: string;
  /** As in “64 B selected in 1 range”; `null` when nothing is. */
  readonly selected: string | null;
  readonly onStartOfMapping: () => void;
  readonly onEndOfMapping: () => void;
  readonly onFitMapping: () => void;
  /** Something else stands in its place: it goes on, unseen and out of reach. */
  readonly isHidden?: boolean;
  readonly children?: ReactNode;
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Cells of a page up or down. */
const VIEW_ROWS = 32;

export function PictureCanvas(props: PictureCanvasProps) {
  const { viewer } = props;
  const host = useRef<HTMLDivElement>(null);
  const cursor = useCursor(viewer);
  useLayoutEffect(() => (host.current ? viewer.attach(host.current) : undefined), [viewer]);
  useEffect(() => whenAnsweredAgain(viewer.retry), [viewer]);

  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (event.altKey || event.metaKey) return;
    if (move && !event.ctrlKey && event.shiftKey) viewer.extendRegions(...move);
    else if (move && !event.ctrlKey) viewer.moveCursor(...move);
    else if (event.key === "PageUp") viewer.moveCursor(0, -VIEW_ROWS);
    else if (event.key === "PageDown") viewer.moveCursor(0, VIEW_ROWS);
    else if (event.key === "Home" && event.ctrlKey) props.onStartOfMapping();
    else if (event.key === "End" && event.ctrlKey) props.onEndOfMapping();
    else if (event.key === "Enter") props.onFitMapping();
    else return;
    event.preventDefault();
  };
  const told = [cursor && `Byte ${formatHex(addressOf(cursor))}`, props.selected].filter((part) => part !== null);
  const where = told.length > 0 ? told.map((part) => `${part}.`).join(" ") : "Nothing is selected.";
  return (
    <div className={props.isHidden ? styles.hidden : styles.picture} inert={props.isHidden}>
      <div
        ref={host}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application has keys of its own
        tabIndex={0}
        role="application"
        className={styles.canvas}
        aria-label={`${props.label}. ${where} Arrows move by a cell, with Shift they select, + and − zoom, Enter fits the mapping.`}
        aria-describedby={props.describedBy}
        onKeyDown={onKeyDown}
      />
      <GraphicsLost viewer={viewer} />
      {props.children}
    </div>
  );
}
