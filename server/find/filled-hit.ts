/** Whether a match touches bytes that are filled, and from what these come. */
import { NO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { Filling, FillingSource } from "../filling/index.ts";
import type { Match } from "./join.ts";
import type { FoundRun } from "./protocol.ts";

/** The bytes of a printable run. */
export function matchOfRun({ page, offset, encoding, length }: FoundRun): Match {
  return { page, offset, length: encoding === "utf-16le" ? 2 * length : length };
}

/** The source of its first filled byte, and that byte's place in the file; `undefined` when the dump records all of it. */
export function filledHit(
  filling: Filling,
  space: Space,
  { page, offset, length }: Match,
): { readonly source: FillingSource; readonly offset: number } | undefined {
  const numbers = filling.numbers(space, page, Math.ceil((offset + length) / PAGE_SIZE));
  const row = numbers.findIndex((number) => number !== NO_PAGE);
  const filler = row < 0 ? undefined : filling.fillerOf(space, page + row);
  if (!filler) return undefined;
  const inPage = row === 0 ? offset : 0;
  return { source: filler.source, offset: filler.offset + (page + row - filler.start) * PAGE_SIZE + inPage };
}
