/** What the mappings that a filter leaves lit are called, by what they have in common. */
import type { Stripping } from "../../../shared/api/index.ts";
import { formatPlural } from "../../format/index.ts";
import { rowsWithin } from "./way-filter.ts";

type Counted = Pick<Stripping, "byMapping" | "byFile" | "byProcess">;

/** @returns `null` when that is the whole snapshot */
export function scopeTitle({ byMapping, byFile, byProcess }: Counted, within: string | null): string | null {
  const mappings = rowsWithin(byMapping, within);
  if (within === null) return null;
  if (mappings.length === 1) return `${mappings[0].name} at ${mappings[0].address}, ${mappings[0].permissions}`;
  const commonOf = <T>(read: (mapping: Counted["byMapping"][number]) => T): T | undefined => {
    const values = new Set(mappings.map(read));
    return values.size === 1 ? [...values][0] : undefined;
  };
  const path = commonOf((mapping) => mapping.path);
  if (path) return path;
  const packageOf = new Map(byFile.map((file) => [file.path, file.package?.name]));
  const owner = commonOf((mapping) => (mapping.path === null ? undefined : packageOf.get(mapping.path)));
  if (owner !== undefined) return `files of ${owner}`;
  const owning = byProcess.find(({ pid }) => commonOf(({ space }) => space) === `p${pid}`);
  const number = formatPlural(mappings.length, "mapping");
  return owning ? `process ${owning.pid}, ${owning.comm ?? "name not in the dump"}: ${number}` : number;
}
