/** What cannot be told of a snapshot, in sentences that say what to do about it. */

/** Files whose relocations are not known; a process maps some hundred. */
const FILES = 100;

export interface Circumstances {
  /** Whether the dump says which processes have which mappings. */
  readonly namesMappings: boolean;
  /** Of the container's image; `undefined` when the dump does not say. */
  readonly imageDigest: string | undefined;
  readonly isImageHere: boolean;
  /** Files that no known set has. */
  readonly unknown: number;
  /** Pages. */
  readonly bytesNotKept: number;
  /** ELF files whose relocations are not known, each with the reason. */
  readonly notUnderstood: readonly string[];
}

export function limitsOf(circumstances: Circumstances): string[] {
  const { namesMappings, imageDigest, isImageHere, unknown, bytesNotKept, notUnderstood } = circumstances;
  if (!namesMappings)
    return ["The dump names no mappings of processes, so there is nothing to compare: ingest a full checkpoint."];
  const limits: string[] = [];
  if (imageDigest === undefined)
    limits.push("The dump does not say which image its container has, so files that came after it cannot be told.");
  else if (!isImageHere)
    limits.push(
      `The container's image ${imageDigest} is not here, so files that came after it cannot be told: add it with known add.`,
    );
  if (unknown > 0)
    limits.push(
      `${unknown === 1 ? "1 file with recorded pages is" : `${unknown} files with recorded pages are`} in no known set, and not compared: add the image that has them.`,
    );
  if (bytesNotKept > 0)
    limits.push(
      `${bytesNotKept === 1 ? "1 recorded page" : `${bytesNotKept} recorded pages`} cannot be compared: the file is not understood, the dump does not say where its code is mapped, or its set was made by an earlier version. Make such a set again.`,
    );
  for (const file of notUnderstood.slice(0, FILES)) limits.push(`Relocations are not known of ${file}.`);
  return limits;
}
