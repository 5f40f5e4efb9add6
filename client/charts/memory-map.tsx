/**
 * The memory map: processes, and in each its mappings as rectangles filled with their cells. Arrows go from one to the
 * next, Enter or a click opens it. Cells are painted into a bitmap that is kept; words and what follows the hand lie on
 * a canvas of their own above it.
 */
import { type KeyboardEvent, type MouseEvent, useId, useMemo, useRef, useState } from "react";
import { cssColor, isWriteExecute, PLACE_COLORS, permissionColor } from "../../shared/palette/index.ts";
import type { Strip } from "../../shared/strip/index.ts";
import type { StripCells, Theme, Viewer } from "../viewer/index.ts";
import styles from "./charts.module.css";
import { cellsOfMapping, paintCells } from "./memory-map-pixels.ts";
import { type Tokens, tokensOf, UI_FONT } from "./tokens.ts";
import {
  HEAD_HEIGHT,
  hasHead,
  headAt,
  layTreemap,
  leafAt,
  leafBeside,
  type Treemap,
  type TreemapGroup,
  type TreemapLeaf,
} from "./treemap.ts";
import { type CanvasSize, useCanvas } from "./use-canvas.ts";

/** What is written of a mapping. */
export interface MapMapping {
  readonly name: string;
  readonly permissions: string;
  /** Its size as text, with its unit. */
  readonly size: string;
}

export interface MemoryMapProps {
  readonly viewer: Viewer;
  readonly strip: Strip;
  readonly groups: readonly TreemapGroup[];
  /** By the number in `TreemapGroup.members`. */
  readonly mapping: (index: number) => MapMapping;
  readonly groupSize: (size: number) => string;
  readonly theme: Theme;
  /** The mapping of the selected page, −1 without one. */
  readonly current: number;
  /** What it is called: “Memory map” without a title. */
  readonly title?: string;
  /** A mapping that is pointed at elsewhere, and framed here too. */
  readonly pointed?: number | null;
  readonly onOpen: (mapping: number) => void;
  readonly onHover: (mapping: number | null) => void;
  readonly onGroup: (group: number) => void;
  /** Mappings with a size for which the map has no pixel; told whenever it has been laid. */
  readonly onUnseen: (count: number) => void;
}

/** From so many CSS pixels on a rectangle has a line for its name above its cells. */
const NAMED_WIDTH = 56;
const NAMED_HEIGHT = 34;
/** A sign alone takes less. */
const SIGNED_WIDTH = 34;
const SIGNED_HEIGHT = 24;
const LINE_HEIGHT = 15;

/** What was made, and of what: made anew when something of that has changed. */
interface Kept<T> {
  readonly key: readonly unknown[];
  readonly made: T;
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Height of the line above the cells of a rectangle, 0 where it has none. */
function lineOf(leaf: TreemapLeaf, { permissions }: MapMapping): number {
  const width = leaf.right - leaf.left;
  const height = leaf.bottom - leaf.top;
  const isNamed = width >= NAMED_WIDTH && height >= NAMED_HEIGHT;
  const isSigned = isWriteExecute(permissions) && width >= SIGNED_WIDTH && height >= SIGNED_HEIGHT;
  return isNamed || isSigned ? LINE_HEIGHT : 0;
}

export function MemoryMap(props: MemoryMapProps) {
  const { viewer, strip, groups, mapping, groupSize, theme, current } = props;
  const id = useId();
  const laid = useMemo(() => new Map(strip.mappings.map((one) => [one.source, one])), [strip]);
  const [focused, setFocused] = useState<number | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const [hasFocus, setHasFocus] = useState(false);
  const map = useRef<Kept<Treemap> | null>(null);
  const bitmap = useRef<Kept<HTMLCanvasElement> | null>(null);

  const mapFor = (width: number, height: number): Treemap => {
    const key = [groups, width, height];
    if (map.current && isSame(map.current.key, key)) return map.current.made;
    const made = layTreemap(groups, width, height);
    map.current = { key, made };
    props.onUnseen(made.unseen);
    return made;
  };

  const paint = (made: Treemap, cells: StripCells, { width, height, ratio }: CanvasSize): HTMLCanvasElement => {
    const key = [made, cells, laid, ratio, mapping];
    if (bitmap.current && isSame(bitmap.current.key, key)) return bitmap.current.made;
    const canvas = bitmap.current?.made ?? document.createElement("canvas");
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const image = new ImageData(canvas.width, canvas.height);
    const pixels = new Uint32Array(image.data.buffer);
    const untouched = packed(PLACE_COLORS[theme].untouched.ground);
    const endangered: TreemapLeaf[] = [];
    for (const leaf of made.leaves) {
      const written = mapping(leaf.mapping);
      const line = lineOf(leaf, written);
      if (isWriteExecute(written.permissions)) endangered.push(leaf);
      const left = Math.round(leaf.left * ratio);
      const top = Math.round((leaf.top + line) * ratio);
      const box = {
        left,
        top,
        width: Math.min(canvas.width, Math.round(leaf.right * ratio)) - left,
        height: Math.min(canvas.height, Math.round(leaf.bottom * ratio)) - top,
      };
      const one = laid.get(leaf.mapping);
      if (one) paintCells(pixels, canvas.width, box, cellsOfMapping(one, cells.level), cells);
      else
        for (let y = top; y < top + box.height; y++)
          pixels.fill(untouched, y * canvas.width + left, y * canvas.width + left + box.width);
    }
    const context = canvas.getContext("2d");
    context?.putImageData(image, 0, 0);
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (context) for (const leaf of endangered) drawDanger(context, leaf, theme);
    bitmap.current = { key, made: canvas };
    return canvas;
  };

  const drawCells = (context: CanvasRenderingContext2D, size: CanvasSize) => {
    const made = mapFor(size.width, size.height);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(paint(made, viewer.cells(), size), 0, 0);
  };
  const drawWords = (context: CanvasRenderingContext2D, size: CanvasSize) => {
    const made = mapFor(size.width, size.height);
    const tokens = tokensOf(context.canvas);
    context.textBaseline = "alphabetic";
    for (const group of made.groups) {
      if (!hasHead(group)) continue;
      context.font = `500 11px ${UI_FONT}`;
      const name = groups[group.index].name;
      const room = group.right - group.left - 4;
      const nameWidth = context.measureText(name).width;
      if (nameWidth > room) continue;
      context.fillStyle = tokens.t1;
      context.fillText(name, group.left + 2, group.top + HEAD_HEIGHT - 6);
      context.font = `400 11px ${UI_FONT}`;
      const text = groupSize(group.size);
      if (nameWidth + 10 + context.measureText(text).width > room) continue;
      context.fillStyle = tokens.t3;
      context.fillText(text, group.left + 12 + nameWidth, group.top + HEAD_HEIGHT - 6);
    }
    context.font = `400 11px ${UI_FONT}`;
    for (const leaf of made.leaves) {
      const written = mapping(leaf.mapping);
      if (lineOf(leaf, written) > 0) drawName(context, leaf, written, tokens, theme);
    }
    const frame = (index: number | null, thick: number) => {
      const leaf = index === null ? undefined : made.leaves.find((one) => one.mapping === index);
      if (leaf) drawFrame(context, leaf, tokens, thick);
    };
    frame(current, 1);
    frame(hovered ?? props.pointed ?? null, 1);
    if (hasFocus) frame(focused, 2);
  };

  const canvas = useCanvas(drawCells, viewer.subscribe);
  const words = useCanvas(drawWords);
  const leafUnder = (event: MouseEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = [event.clientX - box.left, event.clientY - box.top] as const;
    const made = mapFor(event.currentTarget.clientWidth, event.currentTarget.clientHeight);
    return { leaf: leafAt(made, ...at), head: headAt(made, ...at) };
  };
  const focus = (leaf: TreemapLeaf | undefined) => {
    if (!leaf) return;
    setFocused(leaf.mapping);
    props.onHover(leaf.mapping);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLCanvasElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { leaves, ...rest } = mapFor(event.currentTarget.clientWidth, event.currentTarget.clientHeight);
    const from = leaves.find((leaf) => leaf.mapping === focused);
    const move = MOVES[event.key];
    if (move) focus(from ? leafBeside({ leaves, ...rest }, from, ...move) : leaves[0]);
    else if (event.key === "Home") focus(leaves[0]);
    else if (event.key === "End") focus(leaves.at(-1));
    else if (event.key === "Enter" && from) props.onOpen(from.mapping);
    else return;
    event.preventDefault();
  };
  const said = focused === null ? null : mapping(focused);
  return (
    <>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a canvas with keys of its own is an application */}
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        className={styles.memoryMap}
        aria-label={`${props.title ?? "Memory map"}. ${said ? `${said.name} ${said.permissions}, ${said.size}. ` : ""}Arrows go from mapping to mapping, Enter opens it in the picture.`}
        aria-describedby={id}
        onKeyDown={onKeyDown}
        onFocus={() => {
          setHasFocus(true);
          setFocused(focused ?? (current >= 0 ? current : null));
        }}
        onBlur={() => {
          setHasFocus(false);
          props.onHover(null);
        }}
        onPointerMove={(event) => {
          const { leaf, head } = leafUnder(event);
          setHovered(leaf?.mapping ?? null);
          props.onHover(leaf?.mapping ?? null);
          event.currentTarget.style.cursor = leaf || head !== undefined ? "pointer" : "default";
        }}
        onPointerLeave={() => {
          setHovered(null);
          props.onHover(null);
        }}
        onClick={(event) => {
          const { leaf, head } = leafUnder(event);
          if (leaf) props.onOpen(leaf.mapping);
          else if (head !== undefined) props.onGroup(head);
        }}
      />
      <canvas ref={words} className={styles.mapWords} />
      <p id={id} className="visually-hidden">
        The panel Mappings lists the same mappings in text.
      </p>
    </>
  );
}

/** Write+execute: a colour, and a double frame for who does not see it; where there is room the name says it too. */
function drawDanger(context: CanvasRenderingContext2D, leaf: TreemapLeaf, theme: Theme): void {
  const color = permissionColor("rwx", theme);
  if (!color) return;
  context.strokeStyle = cssColor(color);
  context.lineWidth = 1;
  for (const inset of [0.5, 2.5]) {
    const width = leaf.right - leaf.left - 2 * inset;
    const height = leaf.bottom - leaf.top - 2 * inset;
    if (width > 0 && height > 0) context.strokeRect(leaf.left + inset, leaf.top + inset, width, height);
  }
}

/** Above the cells: what fits of sign, name and size. */
function drawName(
  context: CanvasRenderingContext2D,
  leaf: TreemapLeaf,
  mapping: MapMapping,
  tokens: Tokens,
  theme: Theme,
): void {
  const danger = isWriteExecute(mapping.permissions);
  const room = leaf.right - leaf.left - (danger ? 10 : 6);
  const baseline = leaf.top + LINE_HEIGHT - 3;
  let at = leaf.left + (danger ? 5 : 3);
  const parts: readonly (readonly [text: string, color: string])[] = [
    ...(danger ? [["W+X", cssColor(permissionColor(mapping.permissions, theme) ?? [0, 0, 0])] as const] : []),
    [mapping.name, tokens.t2],
    [mapping.size, tokens.t3],
  ];
  const end = at + room;
  for (const [text, color] of parts) {
    const width = context.measureText(text).width;
    if (at + width > end) return;
    context.fillStyle = color;
    context.fillText(text, at, baseline);
    at += width + 6;
  }
}

function drawFrame(context: CanvasRenderingContext2D, leaf: TreemapLeaf, tokens: Tokens, thick: number): void {
  const ring = (color: string, inset: number, width: number) => {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.strokeRect(
      leaf.left + inset,
      leaf.top + inset,
      Math.max(1, leaf.right - leaf.left - 2 * inset),
      Math.max(1, leaf.bottom - leaf.top - 2 * inset),
    );
  };
  ring(tokens.halo, 0, thick + 3);
  ring(tokens.cur, 0, thick);
}

function packed([red, green, blue]: readonly [number, number, number]): number {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
