/** Public face of `known-sets`: pages of images, files and baselines, built and looked up. */
export { addBaseline } from "./add-baseline.ts";
export { type AddedKnownSet, type AddOptions, addKnownSet } from "./add-known-set.ts";
export { createBuildIdFinder } from "./build-id.ts";
export { deleteUnneeded } from "./delete-snapshot.ts";
export { describeKnownSet, imageOf } from "./describe.ts";
export type { KnownElf } from "./elf-files.ts";
export { createKnownSets, type KnownPages, type KnownSets, keyOfKnownSet } from "./known-pages.ts";
export { type KnownFile, type KnownPackage, type KnownSet, type MappedFile, openKnownSet } from "./known-set.ts";
export { extendMembers } from "./members.ts";
export { alikeRowsOf, type Other } from "./others.ts";
export { removeKnownSet } from "./remove-known-set.ts";
