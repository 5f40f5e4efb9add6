/**
 * Entropy along a selection, in a bounded number of parts: when there are more windows than parts, two neighbouring
 * parts become one. Least and most of a part are those of its windows, so a single dense page shows in any selection.
 */
import type { Space } from "../../shared/snapshot/index.ts";

/** Twice as many points as a sidebar has pixels. */
export const MOST_PARTS = 1024;

/** Entropy as bits per byte × 4,096. */
export interface CurvePart {
  readonly space: Space;
  /** Of the page of its first window. */
  readonly page: number;
  readonly offset: number;
  windows: number;
  sum: number;
  least: number;
  most: number;
}

export interface EntropyCurve {
  add(space: Space, page: number, offset: number, entropy: number): void;
  readonly parts: readonly CurvePart[];
  /** Windows of every part but the last one. */
  readonly windowsPerPart: number;
}

export function createEntropyCurve(mostParts = MOST_PARTS): EntropyCurve {
  let parts: CurvePart[] = [];
  let windowsPerPart = 1;
  return {
    add(space, page, offset, entropy) {
      const last = parts.at(-1);
      if (last && last.windows < windowsPerPart) {
        last.windows++;
        last.sum += entropy;
        if (entropy < last.least) last.least = entropy;
        if (entropy > last.most) last.most = entropy;
        return;
      }
      if (parts.length === mostParts) {
        parts = halved(parts);
        windowsPerPart *= 2;
      }
      parts.push({ space, page, offset, windows: 1, sum: entropy, least: entropy, most: entropy });
    },
    get parts() {
      return parts;
    },
    get windowsPerPart() {
      return windowsPerPart;
    },
  };
}

function halved(parts: readonly CurvePart[]): CurvePart[] {
  const half: CurvePart[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const [a, b] = [parts[i], parts[i + 1]];
    half.push({
      ...a,
      windows: a.windows + b.windows,
      sum: a.sum + b.sum,
      least: Math.min(a.least, b.least),
      most: Math.max(a.most, b.most),
    });
  }
  return half;
}
