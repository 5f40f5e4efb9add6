/** Mappings as the memory map groups them: processes by pid, then shared segments, each of them once; other spaces by themselves. */
import type { TreemapGroup } from "../../charts/index.ts";
import { ownerOf } from "../sidebar/owner.ts";

/**
 * @param spaces of each mapping, in strip order
 * @param names of processes, by their space
 */
export function mapGroups(
  spaces: readonly string[],
  names: ReadonlyMap<string, string | null>,
  sizeOf: (mapping: number) => number,
): readonly TreemapGroup[] {
  const groups = new Map<string, { readonly name: string; readonly members: { mapping: number; size: number }[] }>();
  spaces.forEach((space, mapping) => {
    const isSegment = /^s\d/.test(space);
    const key = isSegment ? "segments" : space;
    const name = names.get(space);
    const group = groups.get(key) ?? {
      name: isSegment ? "shared segments" : name ? `${name} ${space.slice(1)}` : ownerOf(space),
      members: [],
    };
    groups.set(key, group);
    group.members.push({ mapping, size: sizeOf(mapping) });
  });
  return [...groups.values()];
}
