/** Mappings of the API in the form that the strip and the viewer take. */
import type { ApiMapping, JointMapping } from "../../../shared/api/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import type { PictureMapping } from "../../viewer/contract.ts";

export function pictureMapping(mapping: ApiMapping): PictureMapping {
  const { counts } = mapping;
  return {
    space: mapping.space as Space,
    start: mapping.start as PageAddress,
    pages: mapping.pages,
    shown: rangesOf(mapping.shown),
    name: mapping.name,
    permissions: mapping.permissions,
    imagePages: counts.absent.file,
    isOfDeletedFile: mapping.deleted,
    recordedPages: counts.present + counts.zero + counts.inParent,
  };
}

/** A joint range is named as in B, where B has it. */
export function jointPictureMapping(joint: JointMapping): PictureMapping {
  const named = joint.b ?? joint.a;
  const counts = named?.counts;
  return {
    space: joint.space as Space,
    start: joint.start as PageAddress,
    pages: joint.pages,
    shown: rangesOf(joint.shown),
    name: named?.name ?? "",
    permissions: named?.permissions ?? "---",
    imagePages: counts?.absent.file ?? 0,
    isOfDeletedFile: named?.deleted ?? false,
    recordedPages: counts ? counts.present + counts.zero + counts.inParent : 0,
  };
}

function rangesOf(shown: readonly (readonly [number, number])[]) {
  return shown.map(([start, end]) => ({ start, end }));
}
