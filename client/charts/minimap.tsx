/** The whole strip in the channel's colours, with the view as a frame that can be dragged. */
import { type PointerEvent, useRef } from "react";
import type { Viewer } from "../viewer/contract.ts";
import styles from "./charts.module.css";
import { tokensOf } from "./tokens.ts";
import { type CanvasSize, useCanvas } from "./use-canvas.ts";

export interface MinimapProps {
  readonly viewer: Viewer;
}

/** Fills its parent's width, half as high; the picture stands in its upper left corner at whole pixels per cell. */
export function Minimap({ viewer }: MinimapProps) {
  const scratch = useRef<{ readonly canvas: HTMLCanvasElement; data: Uint8ClampedArray | null } | null>(null);
  const drawn = useRef<{ width: number; ratio: number } | null>(null);

  const draw = (context: CanvasRenderingContext2D, size: CanvasSize) => {
    const overview = viewer.overview(Math.floor(size.width * size.ratio), Math.floor(size.height * size.ratio));
    drawn.current = overview && { width: overview.width, ratio: size.ratio };
    if (!overview) return;
    scratch.current ??= { canvas: document.createElement("canvas"), data: null };
    const source = scratch.current;
    if (source.data !== overview.data) {
      source.data = overview.data;
      source.canvas.width = overview.width;
      source.canvas.height = overview.height;
      source.canvas.getContext("2d")?.putImageData(new ImageData(overview.data, overview.width, overview.height), 0, 0);
    }
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(source.canvas, 0, 0);
    context.restore();
    const tokens = tokensOf(context.canvas);
    const { frame } = overview;
    if (!frame) return;
    const least = 6;
    const width = Math.max(least, frame.width / size.ratio);
    const height = Math.max(least, frame.height / size.ratio);
    const left = Math.max(0, frame.x / size.ratio - (width - frame.width / size.ratio) / 2);
    const top = Math.max(0, frame.y / size.ratio - (height - frame.height / size.ratio) / 2);
    const ring = (color: string, inset: number) => {
      context.strokeStyle = color;
      context.lineWidth = 1;
      context.strokeRect(
        Math.round(left) + 0.5 + inset,
        Math.round(top) + 0.5 + inset,
        Math.max(1, Math.round(width) - 1 - 2 * inset),
        Math.max(1, Math.round(height) - 1 - 2 * inset),
      );
    };
    ring(tokens.halo, 1);
    ring(tokens.cur, 0);
  };

  const canvas = useCanvas(draw, viewer.subscribe);
  const go = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons !== 1 || !drawn.current) return;
    const box = event.currentTarget.getBoundingClientRect();
    const { width, ratio } = drawn.current;
    viewer.centerOverview((event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio, width);
  };
  return (
    <canvas
      ref={canvas}
      className={styles.minimap}
      role="img"
      aria-label="The whole strip; the frame is what is in view."
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    />
  );
}
