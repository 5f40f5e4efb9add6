/**
 * Public face of `readers`: a dump file in, its description out. The list of formats is here; each is a folder, and
 * knows itself by content.
 */
import { DumpError } from "../../shared/errors/index.ts";
import { READ_FORMATS } from "../../shared/snapshot/index.ts";
import type { ByteSource, DumpReader } from "./contract.ts";
import type { ChangedFiles } from "./criu/changed-files.ts";
import type { GhostFile } from "./criu/ghost-content.ts";
import { ET_CORE, readElfHeader } from "./elf/index.ts";
import { rawReader } from "./raw/index.ts";
import { indexTar, requireWhole } from "./tar/index.ts";
import { hexOf } from "./text.ts";

export {
  type ByteSource,
  type DumpDescription,
  type DumpReader,
  type PageRuns,
  type ReadOptions,
  RUN_KINDS,
} from "./contract.ts";
export type { ChangedFiles } from "./criu/changed-files.ts";
export type { GhostFile, GhostParts } from "./criu/ghost-content.ts";
export {
  firstMembers,
  indexRootTar,
  indexTar,
  type RootTar,
  requireWhole,
  TarIndex,
  type TarMember,
} from "./tar/index.ts";
export {
  type Compression,
  compressionOf,
  compressionOfFile,
  decompress,
  FileSource,
  MemorySource,
  type Unpacked,
  type UnpackOptions,
  unpackDump,
  unpackLimit,
  withinLimit,
} from "./unpack/index.ts";

/**
 * In the order they are asked: a machine's core is also a core, so it is asked first. `raw` answers only when asked for.
 * Loaded when asked: what only checkpoints need takes longer to load than a small dump to read.
 */
const READERS: readonly (() => Promise<DumpReader>)[] = [
  async () => (await import("./criu/index.ts")).criuReader,
  async () => (await import("./elf-vmcore/index.ts")).elfVmcoreReader,
  async () => (await import("./elf-core/index.ts")).elfCoreReader,
];

/** Deleted files whose content a dump carries: loaded when asked, as a reader is. */
export async function ghostFilesOf(source: ByteSource): Promise<readonly GhostFile[]> {
  return (await import("./criu/index.ts")).readGhostFiles(source);
}

/** Files of its image that a container had changed: as those. */
export async function changedFilesOf(source: ByteSource): Promise<ChangedFiles> {
  return (await import("./criu/changed-files.ts")).readChangedFiles(source);
}

/** Bytes of an unknown file shown in the error. */
const SHOWN = 16;

/**
 * The reader of an uncompressed dump, told by content alone.
 * @throws DumpError `dump-empty`; `unknown-format` with the first bytes; `archive-hostile`, `dump-cut` and the like for
 * an archive that shows no dump before it breaks.
 */
export async function recogniseDump(source: ByteSource, options: { readonly asRaw: boolean }): Promise<DumpReader> {
  if (source.size === 0) throw new DumpError("dump-empty", "The file is empty", { size: 0 });
  if (options.asRaw) return rawReader;
  const archive = await indexTar(source);
  // Names that lead outside refuse an archive whatever else it holds.
  if (archive !== null && archive.refusal !== null) throw archive.refusal;
  for (const load of READERS) {
    const reader = await load();
    if (await reader.recognise(source)) return reader;
  }
  if (archive !== null) requireWhole(archive);
  throw await unknownFormat(source, archive?.members.map(({ name }) => name) ?? null);
}

async function unknownFormat(source: ByteSource, members: readonly string[] | null): Promise<DumpError> {
  const first = hexOf(await source.read(0, SHOWN));
  const facts = { size: source.size, firstBytes: first };
  const readable = `Dumpscope reads: ${READ_FORMATS.join(", ")}`;
  if (members !== null) {
    const image = members.includes("oci-layout") || members.includes("manifest.json");
    return new DumpError(
      "unknown-format",
      image
        ? "The file is a container image, not a dump; add it as a known set"
        : `The file is a tar archive without CRIU images; it begins with ${members.slice(0, 3).join(", ")}. ${readable}`,
      facts,
    );
  }
  const elf = await readElfHeader(source);
  if (elf !== null && elf.type !== ET_CORE) {
    return new DumpError(
      "unknown-format",
      `The file is an ELF file of type ${elf.type}, a program or library; only cores (type ${ET_CORE}) hold memory`,
      { ...facts, e_type: elf.type },
    );
  }
  return new DumpError("unknown-format", `The file begins with ${first}, which is no known format. ${readable}`, facts);
}
