/**
 * Which mappings a filter leaves: words that all have to fit, each a part of the name, owner, path, permissions or kind,
 * or addresses: `0x7f00` is in the mapping, `0x7f00-0x8000` [from, to) has some of it.
 */
import type { ApiMapping } from "../../../shared/api/index.ts";
import { parseAddress } from "../../../shared/memory/index.ts";
import { isWriteExecute } from "../../../shared/palette/index.ts";
import { ownerOf } from "./owner.ts";

export type FilteredMapping = Pick<
  ApiMapping,
  "name" | "space" | "path" | "permissions" | "kind" | "address" | "pages"
>;

export function mappingFilter(text: string): (mapping: FilteredMapping) => boolean {
  const tests = text.trim().toLowerCase().split(/\s+/).map(testOf);
  return (mapping) => tests.every((fits) => fits(mapping));
}

function testOf(word: string): (mapping: FilteredMapping) => boolean {
  const [, first, last] = /^(0x[0-9a-f]{1,16})(?:-(0x[0-9a-f]{1,16}))?$/.exec(word) ?? [];
  const from = first === undefined ? undefined : parseAddress(first);
  if (from === undefined) return (mapping) => wordsOf(mapping).includes(word);
  const to = last === undefined ? from + 1n : (parseAddress(last) ?? from);
  return ({ address, pages }) => {
    const start = parseAddress(address) ?? 0n;
    return from < to && start < to && from < start + BigInt(pages) * 4096n;
  };
}

function wordsOf({ name, space, path, permissions, kind }: FilteredMapping): string {
  const both = isWriteExecute(permissions) ? "w+x" : "";
  return `${name} ${ownerOf(space)} ${path ?? ""} ${permissions} ${kind} ${both}`.toLowerCase();
}
