/** Places of a comparison as people write them: those of B, what B has not as A has it. */
import type { ApiMapping, Comparison, SnapshotDetail } from "../../../shared/api/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { type Answer, type Atlas, findPlace } from "../place/places.ts";
import { parseSymbol } from "../place/symbol-places.ts";
import type { ComparedSides } from "./compared-side.ts";
import { spaceNames } from "./space-names.ts";
import { findSymbolOfBoth } from "./symbols-of-both.ts";
import type { LaidJoint } from "./use-joint-strip.ts";

export interface PlacesOfBoth {
  find(text: string): Answer;
  /** By the name of a symbol. @throws ApiError */
  lookUp(text: string): Promise<Answer>;
}

/** As the joint strip names spaces, B's before A's: what an address written by hand is found in. */
export function mapsOfBoth({ joint }: Pick<Comparison, "joint">, a: SnapshotDetail, b: SnapshotDetail): ApiMapping[] {
  const { inB } = spaceNames(joint);
  return [...b.maps, ...a.maps.map((map) => ({ ...map, space: inB.get(map.space as Space) ?? map.space }))];
}

export function placesOfBoth([a, b]: ComparedSides, { strip, choice }: LaidJoint, cursor: Place | null): PlacesOfBoth {
  const mapsOfA = a.detail.maps.map((map) => ({ ...map, space: a.jointSpace(map.space as Space) }));
  const atlas: Atlas = { name: b.detail.name, maps: [...b.detail.maps, ...mapsOfA], strip, choice, cursor };
  return {
    find: (text) => findPlace(text, atlas),
    lookUp: async (text) => {
      const written = parseSymbol(text);
      if (!written) return { answer: "no-address" };
      const sides = {
        a: a.detail.snapshot,
        b: b.detail.snapshot,
        nameOfA: a.name,
        spaceOf: (space: string) => a.jointSpace(space as Space),
      };
      return findSymbolOfBoth(sides, written, atlas);
    },
  };
}
