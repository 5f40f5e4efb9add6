/** Mappings of the API in the form that the bytes pane takes: what it scrolls through, and where pointers lead. */
import type { ApiMapping, JointMapping } from "../../../shared/api/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { type Space, spaceOfProcess } from "../../../shared/snapshot/index.ts";
import { cellStateCode } from "../../../shared/tile/index.ts";
import type { HexMapping, PointedMapping } from "../../hex/index.ts";
import { pageOfAddress } from "../place/places.ts";
import { jointPictureMapping, pictureMapping } from "./mappings.ts";

const GAP = cellStateCode("gap");

export function hexMapping(mapping: ApiMapping): HexMapping {
  return { ...pictureMapping(mapping), unshown: [unshownState(mapping)] };
}

/** Of a dump that still arrives: what is not on the strip is not here. */
export function arrivingHexMapping(mapping: ApiMapping): HexMapping {
  return { ...pictureMapping(mapping), unshown: [cellStateCode("not-loaded")] };
}

export function jointHexMapping(joint: JointMapping): HexMapping {
  return { ...jointPictureMapping(joint), unshown: [joint.a, joint.b].map((own) => (own ? unshownState(own) : GAP)) };
}

/**
 * What has no record has none for one reason in all of a mapping, and all that is left to a file is on the strip. Missing
 * pages beside that are recorded ones that were lost: these have their places on it.
 */
function unshownState({ counts: { absent } }: Pick<ApiMapping, "counts">): number {
  if (absent.excluded > 0) return cellStateCode("excluded");
  return cellStateCode(absent.untouched === 0 && absent.missing > 0 ? "missing" : "untouched");
}

/**
 * @param maps of every process
 * @param nameOf what a picture of two snapshots calls a space of this one
 */
export function pointedMappings(
  maps: readonly ApiMapping[],
  nameOf: (space: Space) => Space = (space) => space,
): PointedMapping[] {
  return maps.map(({ space, pid, start, pages, address, name }) => ({
    // A raw file has no process; nor has a machine, whose memory no pointer counts.
    process: nameOf(pid === 0 ? (space as Space) : spaceOfProcess(pid)),
    address: pageOfAddress(address),
    pages,
    space: nameOf(space as Space),
    start: start as PageAddress,
    name,
  }));
}
