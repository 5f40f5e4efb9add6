/** How much of what a dump has left to files can be filled, in words. */
import type { FillingCounts } from "../filling/index.ts";
import { count, plural } from "./words.ts";

/** None for a dump that has left nothing to files. */
export function fillingLines({
  leftToFile,
  ofDeletedFiles,
  fromGhost,
  fromImage,
}: FillingCounts & { readonly leftToFile: number }): string[] {
  if (leftToFile === 0) return [];
  const deleted = ofDeletedFiles === 0 ? [] : [`of deleted files: ${plural(ofDeletedFiles, "page")}, no image's`];
  const ghosts = ofDeletedFiles === 0 ? "" : `${count(fromGhost)} from the dump's ghost files, `;
  return [...deleted, `can be filled: ${ghosts}${count(fromImage)} known from images (--filled); never recorded`].map(
    (line) => `  ${line}`,
  );
}
