/**
 * A border that can be dragged. It gives the height of what lies below it; the caller applies it to the DOM, so that
 * dragging does not pass through React. Double click restores.
 */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import styles from "./splitter.module.css";

export interface SplitterProps {
  readonly label: string;
  /** Height below, in CSS pixels. */
  readonly height: () => number;
  readonly onMove: (height: number) => void;
  readonly onRestore: () => void;
}

const STEP = 18;

export function Splitter({ label, height, onMove, onRestore }: SplitterProps) {
  const drag = useRef<{ y: number; height: number } | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.dataset.dragged = "true";
    drag.current = { y: event.clientY, height: height() };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current) onMove(drag.current.height - (event.clientY - drag.current.y));
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    drag.current = null;
    delete event.currentTarget.dataset.dragged;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowUp") onMove(height() + STEP);
    else if (event.key === "ArrowDown") onMove(height() - STEP);
    else if (event.key === "Enter") onRestore();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be focused and moved
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label={label}
      aria-valuenow={Math.round(height())}
      tabIndex={0}
      className={styles.splitter}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onDoubleClick={onRestore}
      onKeyDown={onKeyDown}
    />
  );
}
