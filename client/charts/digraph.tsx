/**
 * The digraph: how often one byte follows another, the first one downwards, the second one to the right, at a pixel each.
 * Logarithmic from 1 to the most frequent pair, so that a single pair is seen beside a million; where there is none, there
 * is no colour. One tab stop: arrows move from pair to pair, Enter finds.
 */
import { scaleLog } from "d3";
import { type KeyboardEvent, type PointerEvent, useId, useState } from "react";
import { cssColor, scaleColor, VIRIDIS } from "../../shared/palette/index.ts";
import { formatCount, formatPlural } from "../format/index.ts";
import styles from "./charts.module.css";
import { tokensOf } from "./tokens.ts";
import { useCanvas } from "./use-canvas.ts";

export interface DigraphProps {
  /** 65,536 counts; index: first × 256 + second. */
  readonly pairs: readonly number[];
  /** Whose pairs they are, where several are shown. */
  readonly of?: string;
  /** The most frequent one that the colours reach; of these pairs without it. */
  readonly most?: number;
  /** Finds the places of a pair. */
  readonly onPair: (pair: number) => void;
}

const SIDE = 256;
const LABELS = [0x00, 0x40, 0x80, 0xc0, 0xff];

/** Where a count stands between 1 and the most, logarithmic, from 0 to 1. */
export function pairScale(most: number): (count: number) => number {
  // From a half, so that a single pair differs from none by more than the faintest colour.
  return scaleLog()
    .domain([0.5, Math.max(1, most)])
    .range([0, 1]);
}

/** RGBA of 256 × 256 pixels; transparent where there is no pair. */
export function digraphPixels(pairs: readonly number[], most: number): Uint8ClampedArray<ArrayBuffer> {
  const scale = pairScale(most);
  const pixels = new Uint8ClampedArray(SIDE * SIDE * 4);
  pairs.forEach((count, pair) => {
    if (count > 0) pixels.set([...scaleColor(VIRIDIS, scale(count)), 255], pair * 4);
  });
  return pixels;
}

export function pairText(pair: number): string {
  return pair.toString(16).padStart(4, "0").replace(/..$/, " $&");
}

/** The two characters where both are printable. */
function pairLetters(pair: number): string {
  const bytes = [pair >>> 8, pair & 255];
  return bytes.every((byte) => byte >= 0x20 && byte <= 0x7e) ? ` “${String.fromCharCode(...bytes)}”` : "";
}

export function Digraph({ pairs, of, most = mostOf(pairs), onPair }: DigraphProps) {
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  const canvas = useCanvas((context, { ratio }) => {
    const image = new OffscreenCanvas(SIDE, SIDE);
    image.getContext("2d")?.putImageData(new ImageData(digraphPixels(pairs, most), SIDE, SIDE), 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(image, 0, 0);
    if (at === null) return;
    const { cur, halo } = tokensOf(context.canvas);
    const [x, y] = [at & 255, at >>> 8];
    for (const [color, out] of [
      [halo, 3],
      [cur, 2],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = Math.max(1, 1 / ratio);
      context.strokeRect(x - out + 0.5, y - out + 0.5, 2 * out, 2 * out);
    }
  });
  const pairUnder = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const cell = (point: number, side: number) => Math.min(255, Math.max(0, Math.floor((point / side) * SIDE)));
    return cell(event.clientY - box.top, box.height) * SIDE + cell(event.clientX - box.left, box.width);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 16 : 1;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (move) {
      const from = at ?? 0;
      const clamp = (byte: number) => Math.min(255, Math.max(0, byte));
      setAt(clamp((from >>> 8) + move[1]) * SIDE + clamp((from & 255) + move[0]));
    } else if (event.key === "Enter" && at !== null && pairs[at] > 0) onPair(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <figure className={styles.digraph}>
      <div>
        <span className={styles.firstByte} aria-hidden="true">
          first byte ↓
        </span>
        <div className={styles.down} aria-hidden="true">
          {LABELS.map((byte) => (
            <span key={byte}>{byte.toString(16).padStart(2, "0")}</span>
          ))}
        </div>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a canvas with keys of its own is an application */}
        <canvas
          ref={canvas}
          tabIndex={0}
          role="application"
          aria-label={`Digraph${of === undefined ? "" : ` of ${of}`}: the first byte downwards, the byte after it to the right. Arrows go from pair to pair, Enter finds one.`}
          aria-describedby={`${id}-pair`}
          onPointerMove={(event) => setAt(pairUnder(event))}
          onPointerDown={(event) => setAt(pairUnder(event))}
          onPointerLeave={() => setAt(null)}
          // The pair that is told: the place of a click is rounded to whole pixels, a pair is one pixel.
          onClick={() => {
            if (at !== null && pairs[at] > 0) onPair(at);
          }}
          onKeyDown={onKeyDown}
        />
        <div className={styles.axis} aria-hidden="true">
          {LABELS.map((byte) => (
            <span key={byte}>{byte.toString(16).padStart(2, "0")}</span>
          ))}
        </div>
        <span className={styles.secondByte} aria-hidden="true">
          second byte →
        </span>
      </div>
      <figcaption>
        <span className={styles.ramp}>
          <span>1</span>
          <i style={{ background: `linear-gradient(to right, ${rampStops(most)})` }} />
          <span>{formatCount(most)}</span>
        </span>
        <span id={`${id}-pair`} role="status">
          {at === null
            ? "pairs, logarithmic; click one to find it"
            : `${pairText(at)}${pairLetters(at)}: ${formatPlural(pairs[at], "pair")}`}
        </span>
      </figcaption>
    </figure>
  );
}

function mostOf(pairs: readonly number[]): number {
  return pairs.reduce((x, y) => Math.max(x, y), 0);
}

/** The colours from a count of 1 to the most, evenly spaced as the scale has them. */
function rampStops(most: number): string {
  const first = pairScale(most)(1);
  return Array.from({ length: 17 }, (_, i) => cssColor(scaleColor(VIRIDIS, first + (1 - first) * (i / 16)))).join(", ");
}
