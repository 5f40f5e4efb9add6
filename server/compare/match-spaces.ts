/**
 * Which space of A is the same place as a space of B: the one of the same name, that is the same pid or segment id.
 * Two cores hold one process each, whose pid says nothing about which run of a program it was: they are one space.
 */
import type { DumpFormat, Space } from "../../shared/snapshot/index.ts";
import type { Manifest, SnapshotRecord } from "../store/index.ts";

export interface Side {
  readonly format: DumpFormat;
  /** In any order, each as often as it likes. */
  readonly spaces: readonly Space[];
}

export function sideOf({ format }: SnapshotRecord, manifest: Manifest): Side {
  return { format, spaces: manifest.laid.map(({ mapping }) => mapping.space) };
}

/** @returns names of A for names of B. */
export function matchSpaces(a: Side, b: Side): (spaceOfB: Space) => Space {
  const onlyA = onlySpace(a);
  const onlyB = onlySpace(b);
  return onlyA !== undefined && onlyB !== undefined ? (space) => (space === onlyB ? onlyA : space) : (space) => space;
}

function onlySpace({ format, spaces }: Side): Space | undefined {
  return format === "elf-core" && new Set(spaces).size === 1 ? spaces[0] : undefined;
}
