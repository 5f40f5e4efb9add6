/**
 * What channels say of whole pages, by where they stand: a code of 0 to 254 for each recorded page, and how the codes of
 * many pages become one.
 */
import type { MappingKind } from "../snapshot/index.ts";
import type { AnyChannel } from "./channel.ts";

/**
 * `highest`: what must be seen from any height has the higher code. `most`: categories of which none matters more.
 *
 *     permissions  index of PERMISSION_CLASSES
 *     kind         index of KIND_CLASSES
 *     file         0 in no known file, 1..TOP_FILES the files with most pages of the snapshot, OTHER_FILES in another
 *     changes      how often what stands at the place became other bytes, over the snapshots of the container that are
 *                  here, in their order; one that does not record the place is passed over
 *     first-seen   n of `tn`, the first snapshot of the container that is here and has the page's bytes anywhere
 */
export const PAGE_CHANNELS = {
  permissions: "highest",
  kind: "most",
  file: "most",
  changes: "highest",
  "first-seen": "highest",
} as const;
export type PageChannel = keyof typeof PAGE_CHANNELS;

export function isPageChannel(channel: AnyChannel | "ways"): channel is PageChannel {
  return Object.hasOwn(PAGE_CHANNELS, channel);
}

/** The highest code of a page: 255 says that there is none. */
export const MOST_CODE = 254;

/** By what is permitted, the most dangerous last; of a pre-checkpoint nothing is known. */
export const PERMISSION_CLASSES = ["unknown", "none", "read", "write", "execute", "writeExecute"] as const;
export type PermissionClass = (typeof PERMISSION_CLASSES)[number];

/** @param permissions `rwx` with `-`, or `???` */
export function permissionClass(permissions: string): PermissionClass {
  const execute = permissions.includes("x");
  if (permissions.includes("w")) return execute ? "writeExecute" : "write";
  if (execute) return "execute";
  if (permissions.includes("r")) return "read";
  return permissions.includes("?") ? "unknown" : "none";
}

/** `none`: physical memory, raw bytes, and pages of which the dump names no mapping. */
export const KIND_CLASSES = ["none", "file", "anonymous", "heap", "stack", "shared", "kernel"] as const;
export type KindClass = (typeof KIND_CLASSES)[number];

export function kindClass(kind: MappingKind): KindClass {
  switch (kind) {
    case "file":
    case "anonymous":
    case "heap":
    case "stack":
    case "shared":
      return kind;
    case "vdso":
    case "vvar":
    case "vsyscall":
      return "kernel";
    case "physical":
    case "raw":
    case "unnamed":
      return "none";
    default:
      return kind satisfies never;
  }
}

/** Known files that have a colour of their own. */
export const TOP_FILES = 6;
export const OTHER_FILES = TOP_FILES + 1;

/** Least counts of the parts that legends have of a count: up to 2 one by one; from 16 on the scale has no more colours. */
export const COUNT_PARTS = [0, 1, 2, 3, 5, 9, 16] as const;
