/** Where the recorded bytes of a checkpoint's process lie in its archive, so that a test can change them there. */
import { MemorySource, recogniseDump } from "../../server/readers/index.ts";
import { type Mapping, spaceOfProcess } from "../../shared/snapshot/index.ts";

export interface RecordedBytes {
  /** Of all processes. */
  readonly mappings: readonly Mapping[];
  /** Offset in the archive; `undefined` where nothing is recorded. */
  placeOf(address: number): number | undefined;
}

/** @param tar a checkpoint's archive, not compressed */
export async function recordedBytes(tar: Uint8Array, pid: number): Promise<RecordedBytes> {
  const source = new MemorySource(tar);
  const reader = await recogniseDump(source, { asRaw: false });
  const { mappings, runs, spaces } = await reader.read(source, { keepCut: false, base: 0n });
  return {
    mappings: mappings ?? [],
    placeOf(address) {
      const page = Math.floor(address / 4096);
      for (let row = 0; row < runs.length; row++) {
        const at = page - runs.page[row];
        if (spaces[runs.space[row]] === spaceOfProcess(pid) && at >= 0 && at < runs.count[row])
          return runs.offset[row] + at * 4096 + (address % 4096);
      }
      return undefined;
    },
  };
}
