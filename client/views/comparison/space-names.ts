/** What the sides of a comparison call the spaces of the joint strip. */
import type { Comparison } from "../../../shared/api/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";

/** Two cores are of two pids and yet of one process: what side A calls a space of the joint strip, and back. */
export function spaceNames(joint: Comparison["joint"]): {
  readonly inA: ReadonlyMap<string, Space>;
  readonly inB: ReadonlyMap<string, Space>;
} {
  const inA = new Map<string, Space>();
  const inB = new Map<string, Space>();
  for (const { space, a } of joint) {
    if (!a) continue;
    inA.set(space, a.space as Space);
    inB.set(a.space, space as Space);
  }
  return { inA, inB };
}
