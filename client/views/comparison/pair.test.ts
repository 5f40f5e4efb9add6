/** Two viewers, of which only what pairing them needs is there; each says when it has drawn a frame. */
import { expect, test } from "vitest";
import type { Region } from "../../../shared/find/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import type { Place, Viewer } from "../../viewer/contract.ts";
import { pairCursors } from "./pair.ts";

function viewer() {
  const listeners = new Set<() => void>();
  let cursor: Place | null = null;
  let regions: readonly Region[] = [];
  const made = {
    get cursor() {
      return cursor;
    },
    get regions() {
      return regions;
    },
    setCursor: (place: Place | null) => {
      cursor = place;
    },
    setRegions: (next: readonly Region[]) => {
      if (next.length > 0 || regions.length > 0) regions = next;
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frame: () => {
      for (const listener of listeners) listener();
    },
  };
  // All that pairing uses of a viewer.
  return made as typeof made & Viewer;
}

const place = (offset: number): Place => ({ space: "p1", page: 5 as PageAddress, offset });
const region = (end: bigint): Region => ({ space: "p1", start: 0x5000n, end });

test("what is done to a side is done to the other, whichever draws first, and is not undone by it", () => {
  for (const [from, to] of [
    [0, 1],
    [1, 0],
  ]) {
    const sides = [viewer(), viewer()];
    pairCursors(sides[0], sides[1]);
    const [touched, other] = [sides[from], sides[to]];
    for (const one of [touched, other, touched]) one.frame();
    for (const step of [1, 2, 3]) {
      touched.setCursor(place(step));
      touched.setRegions([region(0x5000n + BigInt(step))]);
      // Something else is drawn there before what was done here is.
      other.frame();
      expect([touched.cursor, touched.regions]).toEqual([place(step), [region(0x5000n + BigInt(step))]]);
      touched.frame();
      expect([other.cursor, other.regions]).toEqual([touched.cursor, touched.regions]);
      // The other side's frame comes when this one has gone on.
      touched.setCursor(place(step + 100));
      other.frame();
      expect(touched.cursor).toEqual(place(step + 100));
      touched.frame();
    }
    touched.setRegions([]);
    touched.frame();
    expect(other.regions).toEqual([]);
  }
});

test("after the end neither follows the other", () => {
  const [a, b] = [viewer(), viewer()];
  pairCursors(a, b)();
  a.setCursor(place(1));
  a.frame();
  expect(b.cursor).toBeNull();
});
