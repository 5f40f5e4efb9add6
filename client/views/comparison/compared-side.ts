/** A side of a comparison as its parts need it: the snapshot, its viewer, and what it calls spaces. */
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import { sideName } from "./comparison-title.tsx";
import type { spaceNames } from "./space-names.ts";

export interface ComparedSide {
  readonly key: "a" | "b";
  readonly letter: "A" | "B";
  /** As heads call it. */
  readonly name: string;
  readonly detail: SnapshotDetail;
  readonly viewer: Viewer;
  /** What the joint strip calls a space of it. */
  readonly jointSpace: (space: Space) => Space;
  /** What it calls a space of the joint strip. */
  readonly ownSpace: (space: Space) => Space;
}

export type ComparedSides = readonly [a: ComparedSide, b: ComparedSide];

export function comparedSides(
  left: SnapshotDetail,
  right: SnapshotDetail,
  viewers: Readonly<Record<"a" | "b", Viewer>>,
  { inA, inB }: ReturnType<typeof spaceNames>,
): ComparedSides {
  const same = (space: Space) => space;
  return [
    {
      key: "a",
      letter: "A",
      name: sideName(left, left, right),
      detail: left,
      viewer: viewers.a,
      jointSpace: (space) => inB.get(space) ?? space,
      ownSpace: (space) => inA.get(space) ?? space,
    },
    {
      key: "b",
      letter: "B",
      name: sideName(right, left, right),
      detail: right,
      viewer: viewers.b,
      jointSpace: same,
      ownSpace: same,
    },
  ];
}
