/** A range of a process's space with permissions and backing (a VMA, a PT_LOAD segment, a shared memory segment). */
import type { PageAddress, Range } from "../memory/index.ts";
import type { Space } from "./space.ts";
import type { Because } from "./state.ts";

export const MAPPING_KINDS = [
  "file",
  "anonymous",
  "heap",
  "stack",
  "shared",
  "vdso",
  "vvar",
  "vsyscall",
  "physical",
  "raw",
  /** Recorded pages of which the dump names no mapping (a pre-checkpoint). */
  "unnamed",
] as const;
export type MappingKind = (typeof MAPPING_KINDS)[number];

/** `rwx` with `-` for what is not permitted; `----` never: absence of knowledge is `???`. */
export type Permissions = string;

/** Of a guard: what touches it fails, so that its pages do not read as zero. */
export function isGuard({ permissions }: { readonly permissions: Permissions }): boolean {
  return permissions.startsWith("---");
}

export interface Mapping {
  /** The space in which its pages stand: `s59` for a mapping of a shared segment. */
  readonly space: Space;
  /** The process that maps it; 0 for a machine, a raw file, and a segment laid for itself. */
  readonly pid: number;
  /** Pages in the process's addresses, half-open. */
  readonly range: Range<PageAddress>;
  /** First page in the space: the same as `range.start`, but the offset in the segment for a shared one. */
  readonly spaceStart: PageAddress;
  readonly permissions: Permissions;
  readonly shared: boolean;
  readonly kind: MappingKind;
  /** As the dump spells it; arbitrary bytes decoded as UTF-8. `null` without a path. */
  readonly path: string | null;
  /** Byte offset in the file, or in the segment; 0 without one. */
  readonly offset: number;
  /** Why a page of this mapping without a record is absent. */
  readonly absent: Because;
  /** The file was deleted before the dump; the dump may carry its content. */
  readonly deleted: boolean;
}

/** The short name on rulers and lists: the file's last part, or the kind in brackets. */
export function mappingName(mapping: Pick<Mapping, "kind" | "path">): string {
  if (mapping.path !== null && mapping.kind === "file") return mapping.path.slice(mapping.path.lastIndexOf("/") + 1);
  switch (mapping.kind) {
    case "file":
    case "anonymous":
      return "[anon]";
    case "unnamed":
      return "[recorded]";
    case "heap":
    case "stack":
    case "shared":
    case "vdso":
    case "vvar":
    case "vsyscall":
    case "physical":
    case "raw":
      return `[${mapping.kind}]`;
    default:
      return mapping.kind satisfies never;
  }
}
