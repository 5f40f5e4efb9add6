/**
 * Rectangles of the memory map: groups (processes, shared segments), and in each its mappings, by a squarified treemap.
 * The area of a rectangle is in proportion to its size, but for the rounding to whole pixels. Pure.
 */
import { type HierarchyRectangularNode, hierarchy, treemap, treemapSquarify } from "d3";

/** CSS pixels: where the name of a group stands, and what lies between rectangles. */
export const HEAD_HEIGHT = 18;
const GROUP_PADDING = 2;
const LEAF_PADDING = 1;

/** Sizes of the mappings of one group; those of size 0 take no room. */
export interface TreemapGroup {
  readonly name: string;
  readonly members: readonly { readonly mapping: number; readonly size: number }[];
}

/** Half-open, in whole CSS pixels. */
export interface TreemapBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface TreemapLeaf extends TreemapBox {
  /** As in the group's members. */
  readonly mapping: number;
  /** Index of its group. */
  readonly group: number;
}

export interface Treemap {
  readonly groups: readonly (TreemapBox & { readonly index: number; readonly size: number })[];
  /** By group, in each the largest first. Only those that have a pixel. */
  readonly leaves: readonly TreemapLeaf[];
  /** Mappings with a size whose rectangle is smaller than a pixel. */
  readonly unseen: number;
}

type Datum =
  | { readonly kind: "all"; readonly children: readonly Datum[] }
  | { readonly kind: "group"; readonly index: number; readonly children: readonly Datum[] }
  | { readonly kind: "leaf"; readonly mapping: number; readonly group: number; readonly size: number };

export function layTreemap(groups: readonly TreemapGroup[], width: number, height: number): Treemap {
  const root: Datum = {
    kind: "all",
    children: groups
      .map(
        ({ members }, index): Datum => ({
          kind: "group",
          index,
          children: members
            .filter(({ size }) => size > 0)
            .map(({ mapping, size }): Datum => ({ kind: "leaf", mapping, group: index, size })),
        }),
      )
      .filter((group) => group.kind === "group" && group.children.length > 0),
  };
  const tree = hierarchy<Datum>(root, (datum) => (datum.kind === "leaf" ? undefined : datum.children))
    .sum((datum) => (datum.kind === "leaf" ? datum.size : 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laid = treemap<Datum>()
    .tile(treemapSquarify)
    .size([width, height])
    .round(true)
    .paddingInner((node) => (node.depth === 0 ? GROUP_PADDING : LEAF_PADDING))
    // A group that is hardly higher than its name would show nothing but that.
    .paddingTop((node) => (node.depth === 1 ? headHeight(node.y1 - node.y0) : 0))(tree);
  const found: Treemap["groups"][number][] = [];
  const leaves: TreemapLeaf[] = [];
  let unseen = 0;
  for (const group of laid.children ?? []) {
    if (group.data.kind !== "group") continue;
    found.push({ ...boxOf(group), index: group.data.index, size: group.value ?? 0 });
    for (const leaf of group.children ?? []) {
      if (leaf.data.kind !== "leaf") continue;
      const box = boxOf(leaf);
      if (box.right > box.left && box.bottom > box.top)
        leaves.push({ ...box, mapping: leaf.data.mapping, group: leaf.data.group });
      else unseen++;
    }
  }
  return { groups: found, leaves, unseen };
}

function headHeight(height: number): number {
  return height >= 2 * HEAD_HEIGHT ? HEAD_HEIGHT : 0;
}

/** Whether a group has a line for its name. */
export function hasHead({ top, bottom }: TreemapBox): boolean {
  return headHeight(bottom - top) > 0;
}

function boxOf({ x0, y0, x1, y1 }: HierarchyRectangularNode<Datum>): TreemapBox {
  return { left: x0, top: y0, right: x1, bottom: y1 };
}

export function leafAt(map: Treemap, x: number, y: number): TreemapLeaf | undefined {
  return map.leaves.find((leaf) => x >= leaf.left && x < leaf.right && y >= leaf.top && y < leaf.bottom);
}

/** The group at whose name a point lies. */
export function headAt(map: Treemap, x: number, y: number): number | undefined {
  return map.groups.find(
    (group) => hasHead(group) && x >= group.left && x < group.right && y >= group.top && y < group.top + HEAD_HEIGHT,
  )?.index;
}

/**
 * The nearest leaf in a direction: of those whose middle lies further there, the one with the least way, ways across
 * counting twice. `undefined` at the edge.
 */
export function leafBeside(map: Treemap, from: TreemapLeaf, right: number, down: number): TreemapLeaf | undefined {
  const middle = ({ left, top, right: end, bottom }: TreemapBox) => [(left + end) / 2, (top + bottom) / 2] as const;
  const [x, y] = middle(from);
  let best: TreemapLeaf | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const leaf of map.leaves) {
    const [ax, ay] = middle(leaf);
    const along = (ax - x) * right + (ay - y) * down;
    if (along <= 0) continue;
    const across = Math.abs((ax - x) * down) + Math.abs((ay - y) * right);
    const way = along + 2 * across;
    if (way < least) {
      least = way;
      best = leaf;
    }
  }
  return best;
}
