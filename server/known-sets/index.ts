/** Public face of `known-sets`: pages of images, built and looked up. */
export { type AddImageOptions, addImage } from "./add-image.ts";
export { createKnownSets, type KnownPages, type KnownSets, type LiveProvenance } from "./known-pages.ts";
export { type KnownFile, type KnownSet, openKnownSet } from "./known-set.ts";
export { removeKnownSet } from "./remove-known-set.ts";
