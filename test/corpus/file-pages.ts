/** The recorded pages of a checkpoint's file-backed mappings, with the bytes of their files from an image archive. */
import { rmSync } from "node:fs";
import path from "node:path";
import { openImage } from "../../server/known-sets/image/index.ts";
import { FileSource, RUN_KINDS, recogniseDump, unpackDump } from "../../server/readers/index.ts";
import { type Mapping, spaceOfProcess } from "../../shared/snapshot/index.ts";

/** A recorded page of a file-backed mapping. */
export interface FilePage {
  /** Address of its first byte. */
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly mapping: Mapping;
}

export interface ProcessPages {
  readonly pid: number;
  readonly executable: string | null;
  readonly mappings: readonly Mapping[];
  readonly pages: readonly FilePage[];
}

/**
 * By process; a page whose record has no bytes in the dump is left out.
 * @param folder where the dump is unpacked to
 */
export async function readFilePages(dump: string, folder: string): Promise<readonly ProcessPages[]> {
  const scratch = path.join(folder, "dump");
  await unpackDump(dump, scratch, {});
  const source = await FileSource.open(scratch);
  try {
    const reader = await recogniseDump(source, { asRaw: false });
    const { facts, mappings, runs, spaces } = await reader.read(source, { keepCut: false, base: 0n });
    const processes: ProcessPages[] = [];
    for (const { pid, executable } of facts.processes) {
      const own = (mappings ?? []).filter((mapping) => mapping.pid === pid);
      const space = spaces.indexOf(spaceOfProcess(pid));
      const pages: FilePage[] = [];
      for (let row = 0; row < runs.length; row++) {
        if (runs.space[row] !== space || RUN_KINDS[runs.kind[row]] !== "bytes") continue;
        for (let i = 0; i < runs.count[row]; i++) {
          const page = runs.page[row] + i;
          const mapping = own.find(({ range, kind }) => kind === "file" && range.start <= page && page < range.end);
          if (mapping === undefined) continue;
          const bytes = await source.read(runs.offset[row] + i * 4096, 4096);
          pages.push({ address: page * 4096, bytes: Uint8Array.from(bytes), mapping });
        }
      }
      processes.push({ pid, executable, mappings: own, pages });
    }
    return processes;
  } finally {
    await source.close();
    rmSync(scratch, { force: true });
  }
}

/** The bytes of an image's files that `wanted` names, by every path they have. */
export async function readImageFiles(
  archive: string,
  wanted: (path: string) => boolean,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  await using image = await openImage(await FileSource.open(archive));
  await image.forEachFile(async ({ paths }, content) => {
    if (!paths.some(wanted)) return;
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
    const bytes = Buffer.concat(chunks);
    for (const name of paths) files.set(name, bytes);
  });
  return files;
}
