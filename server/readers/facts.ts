/** Facts of a dump that says nothing; readers fill in what theirs says. */
import type { Facts } from "../../shared/snapshot/index.ts";

export const NO_FACTS: Facts = {
  engine: null,
  containerId: null,
  containerName: null,
  imageName: null,
  imageId: null,
  containerCreatedAt: null,
  checkpointedAt: { at: null, from: "unknown" },
  architecture: null,
  byteOrder: "little",
  parentLink: null,
  processes: [],
  machine: null,
  notes: [],
  more: {},
};
