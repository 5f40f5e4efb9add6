/**
 * Container checkpoints: CRIU images in a tar, as podman, CRI-O and containerd export them, or as a bare image
 * directory. Members may come in any order; page bytes are never touched except for command lines.
 * @see docs/formats/criu.md
 */
import { DumpError } from "../../../shared/errors/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import {
  type Facts,
  type Mapping,
  type ProcessFacts,
  type Space,
  spaceOfProcess,
  spaceOfSegment,
} from "../../../shared/snapshot/index.ts";
import type { ByteSource, DumpDescription, DumpReader, PageRuns, ReadOptions } from "../contract.ts";
import { NO_FACTS } from "../facts.ts";
import { Losses } from "../losses.ts";
import { PageRunsBuilder } from "../page-runs.ts";
import { indexTar, type TarIndex, type TarMember } from "../tar/index.ts";
import { readContainerFacts } from "./container-facts.ts";
import { type GhostFile, readGhostContent } from "./ghost-content.ts";
import { type ImageContext, MAGIC, messages } from "./image-file.ts";
import { mappingsOf, type OpenFiles, type SegmentPart, uniteParts } from "./mappings.ts";
import {
  type Core,
  type FileEntry,
  type Inventory,
  type MemfdInode,
  type Mm,
  type PstreeEntry,
  parseCore,
  parseFile,
  parseHostname,
  parseIds,
  parseInventory,
  parseMemfdInode,
  parseMm,
  parsePstree,
  parseRegularFile,
  parseRemap,
  type Remap,
} from "./messages.ts";
import { isSignExtended, machinePageSize, type PageMap, PagesFiles, readPageMap } from "./page-index.ts";
import { readMemory } from "./read-memory.ts";

/** The kernel's own limit of one argument string; a program that rewrote its arguments may have anything there. */
const ARGUMENTS_LIMIT = 131_072n;
/** Processes of one checkpoint; the kernel's limit of pids. */
const PROCESSES_LIMIT = 4_194_304;
/** task_state */
const ALIVE = 1;
const STOPPED = 3;
const ZOMBIE = 6;
/** remap_type: the content of the deleted file is in the images. */
const GHOST = 1;

const MACHINES = ["unknown", "x86-64", "arm", "aarch64", "ppc64", "s390", "mips", "loongarch64", "riscv64"];

/** Images by which a directory of CRIU images is known; an inventory may be missing after a failed dump. */
const IMAGE_NAME = /^(inventory|pstree|(pagemap(-shmem)?|mm)-\d{1,15})\.img$/;

export const criuReader: DumpReader = {
  name: "container checkpoint (CRIU)",
  async recognise(source: ByteSource): Promise<boolean> {
    const archive = await indexTar(source);
    if (archive === null) return false;
    // Metadata come first in an archive: one that is cut early may hold nothing else.
    const metadata =
      archive.trouble !== null && ["config.dump", "spec.dump", "checkpoint"].some((name) => archive.get(name));
    return imageDirectories(archive).length > 0 || metadata;
  },
  read: readCheckpoint,
};

async function readCheckpoint(source: ByteSource, options: ReadOptions): Promise<DumpDescription> {
  const archive = await indexTar(source);
  if (archive === null) throw new Error("readCheckpoint was given a source that is no tar");
  const losses = new Losses(options.keepCut);
  if (archive.refusal !== null) throw archive.refusal;
  if (archive.trouble?.code === "dump-cut") losses.cut(archive.trouble.message, archive.trouble.facts);
  else if (archive.trouble !== null) losses.damaged(archive.trouble.message, archive.trouble.facts);
  const checkpoint = new Checkpoint({ source, losses, byteOrder: "little" }, archive);
  return checkpoint.describe();
}

/**
 * The content of deleted files that a checkpoint carries.
 * @returns none of what is no checkpoint; what is damaged is left out
 */
export async function readGhostFiles(source: ByteSource): Promise<GhostFile[]> {
  const archive = await indexTar(source);
  if (archive === null || archive.refusal !== null) return [];
  return new Checkpoint({ source, losses: new Losses(true), byteOrder: "little" }, archive).ghostFiles();
}

/** Directories that hold CRIU images, the one to read first. */
function imageDirectories(archive: TarIndex): string[] {
  const found = new Set<string>();
  for (const member of archive.members) {
    const slash = member.name.lastIndexOf("/");
    if (IMAGE_NAME.test(member.name.slice(slash + 1))) found.add(slash < 0 ? "" : member.name.slice(0, slash));
  }
  const rank = (name: string): number => ["checkpoint", "pre-checkpoint", ""].indexOf(name) >>> 0;
  return [...found].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

interface Process {
  readonly pid: number;
  readonly tree: PstreeEntry | null;
  readonly core: Core | null;
  readonly mm: Mm | null;
  readonly mmName: string;
  readonly pageMap: PageMap | null;
}

class Checkpoint {
  readonly #context: ImageContext;
  readonly #archive: TarIndex;
  readonly #directory: string;
  readonly #others: readonly string[];
  /** Images by name, links inside the archive resolved. */
  readonly #images = new Map<string, TarMember>();
  readonly #notes: string[] = [];

  constructor(context: ImageContext, archive: TarIndex) {
    this.#context = context;
    this.#archive = archive;
    const [directory, ...others] = imageDirectories(archive);
    this.#directory = directory ?? "checkpoint";
    this.#others = others;
    const prefix = this.#directory === "" ? "" : `${this.#directory}/`;
    for (const { name } of archive.members) {
      const image = name.slice(prefix.length);
      if (!name.startsWith(prefix) || image === "" || image.includes("/")) continue;
      const file = archive.file(name);
      if (file !== undefined) this.#images.set(image, file);
    }
  }

  async describe(): Promise<DumpDescription> {
    const { losses } = this.#context;
    const inventory = (await this.#all("inventory.img", MAGIC.inventory, parseInventory))[0] ?? null;
    this.#refuseUnsupported(inventory);
    const open = await this.#openFiles();
    const processes = await this.#processes();
    const shared = await this.#sharedPageMaps();
    const pageMaps = [...shared.values(), ...processes.flatMap(({ pageMap }) => pageMap ?? [])];
    const pagesFile = (id: number): TarMember | undefined => this.#images.get(`pages-${id}.img`);
    const stated = new Set(processes.flatMap(({ mm }) => (mm === null || mm.pageSize === 0 ? [] : mm.pageSize)));
    const pageSize = machinePageSize(stated, pageMaps, pagesFile, this.#context);
    const owners = this.#ownersOfSpaces(processes);

    const mappings: Mapping[] = [];
    const parts: SegmentPart[] = [];
    for (const { pid, mm, mmName } of owners) {
      if (mm === null) continue;
      const found = mappingsOf(pid, mm, open, mmName, losses);
      for (const mapping of found.mappings) mappings.push(this.#isRecordLost(mapping) ? lost(mapping) : mapping);
      parts.push(...found.parts);
    }
    const segmentIds = [...new Set([...shared.keys(), ...parts.map(({ segment }) => segment)])].sort((a, b) => a - b);
    const spaces: Space[] = [
      ...owners.map(({ pid }) => spaceOfProcess(pid)),
      ...segmentIds.map((id) => spaceOfSegment(id)),
    ];
    const runs = new PageRunsBuilder();
    const files = new PagesFiles(this.#context, pagesFile, pageSize);
    for (const [index, { pageMap, mm }] of owners.entries()) {
      if (pageMap !== null) files.add(pageMap, index, runs, isFolded(pageMap, mm));
    }
    for (const [index, id] of segmentIds.entries()) {
      const pageMap = shared.get(id);
      if (pageMap !== undefined) files.add(pageMap, owners.length + index, runs, false);
    }
    const rows = runs.finish();
    const segments = segmentIds.map((id) => ({
      space: spaceOfSegment(id),
      name: parts.find(({ segment }) => segment === id)?.name ?? null,
      mapped: uniteParts(parts.filter(({ segment }) => segment === id)),
    }));
    this.#tellLostMembers(inventory, processes, owners);
    const hasMappings = owners.some(({ mm }) => mm !== null);
    const preCheckpoint = this.#isPreCheckpoint(inventory);
    this.#noteOddities(pageMaps, files, preCheckpoint);
    return {
      format: preCheckpoint ? "criu-pre-checkpoint" : "criu-checkpoint",
      facts: await this.#facts(inventory, processes, owners, rows, open, pageSize),
      spaces,
      mappings: hasMappings ? withUnnamed(mappings, spaces, segments, rows) : null,
      runs: rows,
      segments,
      lost: losses.sentences,
    };
  }

  /** Whether the archive was cut before the whole page map of a mapping: which pages it recorded is unknown then. */
  #isRecordLost({ space }: Mapping): boolean {
    if (this.#archive.trouble?.code !== "dump-cut") return false;
    const pageMap = this.#images.get(`pagemap-${space.startsWith("s") ? "shmem-" : ""}${space.slice(1)}.img`);
    return pageMap === undefined || pageMap.stored < pageMap.size;
  }

  /** All messages of an image as values; damage ends the list, if it may. */
  async #all<T>(image: string, magic: number, parse: (bytes: Uint8Array) => T): Promise<T[]> {
    const member = this.#images.get(image);
    const values: T[] = [];
    for await (const { bytes, offset } of messages(this.#context, member, magic)) {
      try {
        values.push(parse(bytes));
      } catch (cause) {
        if (cause instanceof DumpError) throw cause;
        const name = member?.name ?? image;
        this.#context.losses.damaged(
          `${name} has a damaged record at byte ${offset}: ${cause instanceof Error ? cause.message : cause}`,
          { member: name, offset },
          { cause },
        );
        break;
      }
    }
    return values;
  }

  #refuseUnsupported(inventory: Inventory | null): void {
    if (inventory !== null && inventory.compress !== 0) {
      throw new DumpError(
        "dump-unsupported",
        `The checkpoint's pages are compressed by CRIU: inventory.img says compress (field 15) = ${inventory.compress}`,
        {
          member: this.#images.get("inventory.img")?.name ?? "inventory.img",
          field: "compress (15)",
          value: inventory.compress,
        },
      );
    }
    for (const image of this.#images.keys()) {
      if (!/^pages-\d+\.comp\.img$/.test(image)) continue;
      throw new DumpError("dump-unsupported", `The checkpoint's pages are compressed by CRaC: ${image}`, {
        member: image,
      });
    }
  }

  async #openFiles(): Promise<OpenFiles> {
    const files = new Map<number, FileEntry>();
    for (const file of await this.#all("reg-files.img", MAGIC.regFiles, parseRegularFile)) files.set(file.id, file);
    for (const file of await this.#all("files.img", MAGIC.files, parseFile)) files.set(file.id, file);
    const memfds = new Map<number, MemfdInode>();
    for (const inode of await this.#all("memfd.img", MAGIC.memfd, parseMemfdInode)) memfds.set(inode.inodeId, inode);
    const remaps = new Map<number, Remap>();
    for (const remap of await this.#all("remap-fpath.img", MAGIC.remap, parseRemap))
      remaps.set(remap.originalId, remap);
    return { files, memfds, remaps };
  }

  /** By pid: those of the process tree, and those that only an image is named for. */
  async #processes(): Promise<Process[]> {
    const tree = new Map<number, PstreeEntry>();
    for (const entry of await this.#all("pstree.img", MAGIC.pstree, parsePstree)) tree.set(entry.pid, entry);
    const pids = new Set(tree.keys());
    for (const image of this.#images.keys()) {
      const match = /^(?:pagemap|mm)-(\d{1,10})\.img$/.exec(image);
      if (match !== null) pids.add(Number(match[1]));
    }
    if (pids.size > PROCESSES_LIMIT) {
      throw new DumpError("limit-met", `The checkpoint names more than ${PROCESSES_LIMIT} processes`, {
        limit: PROCESSES_LIMIT,
      });
    }
    const processes: Process[] = [];
    for (const pid of [...pids].sort((a, b) => a - b)) {
      const pageMap = this.#images.get(`pagemap-${pid}.img`);
      processes.push({
        pid,
        tree: tree.get(pid) ?? null,
        core: await this.#core(pid),
        mm: (await this.#all(`mm-${pid}.img`, MAGIC.mm, parseMm))[0] ?? null,
        mmName: this.#images.get(`mm-${pid}.img`)?.name ?? `mm-${pid}.img`,
        pageMap: pageMap === undefined ? null : await readPageMap(this.#context, pageMap),
      });
    }
    return processes;
  }

  async #core(pid: number): Promise<Core | null> {
    const core = (await this.#all(`core-${pid}.img`, MAGIC.core, parseCore))[0];
    if (core === undefined || core.vmId !== 0) return core ?? null;
    const vmId = (await this.#all(`ids-${pid}.img`, MAGIC.ids, parseIds))[0] ?? 0;
    return { ...core, vmId };
  }

  async #sharedPageMaps(): Promise<ReadonlyMap<number, PageMap>> {
    const maps = new Map<number, PageMap>();
    for (const [image, member] of this.#images) {
      const match = /^pagemap-shmem-(\d{1,15})\.img$/.exec(image);
      if (match !== null) maps.set(Number(match[1]), await readPageMap(this.#context, member));
    }
    return maps;
  }

  /** Processes that have a space of their own: of those that share one (CLONE_VM) only the first counts. */
  #ownersOfSpaces(processes: readonly Process[]): Process[] {
    const ownerOf = new Map<number, number>();
    const owners: Process[] = [];
    for (const process of processes) {
      if (process.mm === null && process.pageMap === null) continue;
      const vmId = process.core?.vmId ?? 0;
      const owner = vmId === 0 ? undefined : ownerOf.get(vmId);
      if (owner !== undefined) {
        this.#notes.push(`Process ${process.pid} shares the memory of process ${owner}; it is counted once, there.`);
        continue;
      }
      if (vmId !== 0) ownerOf.set(vmId, process.pid);
      owners.push(process);
    }
    return owners;
  }

  #isPreCheckpoint(inventory: Inventory | null): boolean {
    return inventory?.preDump === true || /(^|\/)pre-checkpoint$/.test(this.#directory);
  }

  /** Of an archive that is cut, which members that a checkpoint must have were behind the cut. */
  #tellLostMembers(inventory: Inventory | null, processes: readonly Process[], owners: readonly Process[]): void {
    if (this.#archive.trouble?.code !== "dump-cut") return;
    const missing: string[] = [];
    if (inventory === null) missing.push("inventory.img");
    if (this.#isPreCheckpoint(inventory)) {
      if (processes.length === 0) missing.push("every page map");
    } else if (!this.#images.has("pstree.img")) missing.push("pstree.img");
    const spaces = new Set(owners.filter(({ mm }) => mm !== null).map(({ core }) => core?.vmId ?? 0));
    for (const { pid, tree, core, mm, pageMap } of processes) {
      if (tree === null) {
        if (mm !== null && pageMap === null) missing.push(`pagemap-${pid}.img`);
        continue;
      }
      if (core === null) missing.push(`core-${pid}.img`);
      else if (core.taskState === ALIVE || core.taskState === STOPPED) {
        const elsewhere = core.vmId !== 0 && mm === null && pageMap === null && spaces.has(core.vmId);
        if (mm === null && !elsewhere) missing.push(`mm-${pid}.img`);
        if (pageMap === null && !elsewhere) missing.push(`pagemap-${pid}.img`);
      }
    }
    if (missing.length === 0) return;
    const size = this.#context.source.size;
    const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
    this.#context.losses.cut(`Behind the cut at byte ${size} were ${missing.slice(0, 5).join(", ")}${more}`, {
      offset: size,
      member: missing[0],
      missing: missing.length,
    });
  }

  #noteOddities(pageMaps: readonly PageMap[], files: PagesFiles, preCheckpoint: boolean): void {
    if (preCheckpoint) {
      this.#notes.push(
        "A pre-checkpoint records pages only: it names no mappings and no programs, so nothing can be said of pages it does not record.",
      );
    }
    if (this.#others.length > 0) {
      const read = this.#directory === "" ? "the archive's root" : `${this.#directory}/`;
      this.#notes.push(
        `The archive holds more image directories; ${read} was read, not ${this.#others.slice(0, 5).join(", ")}.`,
      );
    }
    for (const map of pageMaps) {
      const unused = files.unused(map);
      if (unused > 0) this.#notes.push(`pages-${map.pagesId}.img holds ${unused} bytes that no page map names.`);
    }
    this.#notes.push(...this.#archive.notes);
  }

  async #facts(
    inventory: Inventory | null,
    processes: readonly Process[],
    owners: readonly Process[],
    runs: PageRuns,
    open: OpenFiles,
    pageSize: number,
  ): Promise<Facts> {
    const container = await readContainerFacts(
      this.#context.source,
      this.#archive,
      this.#archive.file(this.#directory === "" ? "inventory.img" : `${this.#directory}/inventory.img`),
    );
    const described: ProcessFacts[] = [];
    const more: Record<string, string> = { ...container.more };
    for (const process of processes) {
      const { pid, tree, core, mm } = process;
      described.push({
        pid,
        ppid: tree?.ppid ?? null,
        comm: core?.comm ?? null,
        commandLine: await this.#commandLine(process, owners.indexOf(process), runs),
        executable: mm?.exeFileId == null ? null : (open.files.get(mm.exeFileId)?.path ?? null),
        threads: tree?.threads ?? null,
      });
      if (core?.taskState === ZOMBIE) more[`state of process ${pid}`] = "zombie";
      if (mm !== null && mm.envEnd > mm.envStart) {
        // The place only: an environment is full of secrets, and this list is shown unmasked.
        more[`environment of process ${pid}`] = `0x${mm.envStart.toString(16)} to 0x${mm.envEnd.toString(16)}`;
      }
    }
    await this.#ghosts(open, more);
    if (inventory !== null) more["CRIU image version"] = String(inventory.version);
    if (inventory?.runId != null) more["CRIU run"] = inventory.runId;
    if (pageSize !== 4096) more["page size of the machine"] = String(pageSize);
    const hostname = await this.#hostname();
    if (hostname !== null && hostname !== "") more.hostname ??= hostname;
    const link = this.#archive.get(this.#directory === "" ? "parent" : `${this.#directory}/parent`);
    const machine = processes.find(({ core }) => core !== null)?.core?.machine;
    return {
      ...NO_FACTS,
      engine: container.engine,
      containerId: container.containerId,
      containerName: container.containerName,
      imageName: container.imageName,
      imageId: container.imageId,
      containerCreatedAt: container.containerCreatedAt,
      checkpointedAt: container.checkpointedAt,
      architecture: machine === undefined ? null : (MACHINES[machine] ?? `machine ${machine}`),
      byteOrder: this.#context.byteOrder,
      parentLink: link?.kind === "symbolic link" ? link.linkTarget : null,
      processes: described,
      notes: [...container.notes, ...this.#notes, ...this.#context.losses.sentences],
      more,
    };
  }

  /** Arguments as the memory holds them (a program may have rewritten them); `null` when a page of them is not here. */
  async #commandLine(process: Process, space: number, runs: PageRuns): Promise<string | null> {
    const { mm } = process;
    if (mm === null || space < 0 || mm.argEnd <= mm.argStart) return null;
    const end = mm.argEnd - mm.argStart > ARGUMENTS_LIMIT ? mm.argStart + ARGUMENTS_LIMIT : mm.argEnd;
    const bytes = await readMemory(this.#context.source, runs, space, mm.argStart, end);
    if (bytes === null) return null;
    const text = new TextDecoder().decode(bytes).replace(/\0+$/, "").replaceAll("\0", " ");
    return text === "" ? null : text;
  }

  /** Deleted files whose content the checkpoint carries: told with the member that holds it. */
  async #ghosts(open: OpenFiles, more: Record<string, string>): Promise<void> {
    for (const { member, path } of this.#ghostMembers(open)) {
      const key = `content of deleted ${path}`;
      if (more[key] !== undefined) continue;
      const content = await readGhostContent(this.#context, member);
      if (content === "unreadable") this.#notes.push(`${member.name} begins with a record that cannot be read.`);
      else if (content !== "empty") more[key] = `${member.name}, ${content.size} bytes`;
    }
  }

  /** Once for each entry of files.img that names a deleted file. */
  *#ghostMembers(open: OpenFiles): Generator<{ readonly member: TarMember; readonly path: string }> {
    for (const remap of open.remaps.values()) {
      const member = this.#images.get(`ghost-file-${remap.remapId.toString(16)}.img`);
      if (remap.type !== GHOST || member === undefined) continue;
      yield { member, path: open.files.get(remap.originalId)?.path ?? `file ${remap.originalId}` };
    }
  }

  /** Those whose content can be read, and whose path is that of one deleted file alone. */
  async ghostFiles(): Promise<GhostFile[]> {
    const membersOf = Map.groupBy(this.#ghostMembers(await this.#openFiles()), ({ path }) => path);
    const files: GhostFile[] = [];
    for (const [path, all] of membersOf) {
      const [{ member }] = all;
      if (all.some((other) => other.member !== member)) continue;
      const content = await readGhostContent(this.#context, member);
      if (typeof content === "object" && content.parts !== null)
        files.push({ path, member: member.name, size: content.size, parts: content.parts });
    }
    return files;
  }

  async #hostname(): Promise<string | null> {
    for (const image of this.#images.keys()) {
      if (!/^utsns-\d+\.img$/.test(image)) continue;
      return (await this.#all(image, MAGIC.utsns, parseHostname))[0] ?? null;
    }
    return null;
  }
}

/** A 32-bit CRIU sign-extends addresses of its 32-bit tasks in page maps, but not in areas. */
function isFolded(map: PageMap, mm: Mm | null): boolean {
  if (mm === null || mm.vmas.length === 0) return false;
  return map.page.subarray(0, map.length).some(isSignExtended) && mm.vmas.every(({ end }) => end <= 1n << 32n);
}

/**
 * The mappings by pid and address, and one of kind `unnamed` for each range of recorded pages that no area covers:
 * areas and page entries can disagree (growing stacks, old writers), and evidence is not dropped.
 */
function withUnnamed(
  mappings: readonly Mapping[],
  spaces: readonly Space[],
  segments: DumpDescription["segments"],
  runs: PageRuns,
): Mapping[] {
  const covered = new Map<Space, [number, number][]>(spaces.map((space) => [space, []]));
  for (const { space, range } of mappings) {
    if (space.startsWith("p")) covered.get(space)?.push([range.start, range.end]);
  }
  for (const segment of segments)
    covered.get(segment.space)?.push(...segment.mapped.map(([a, b]): [number, number] => [a, b]));
  const all = [...mappings];
  let open: { space: number; start: number; end: number } | null = null;
  const close = (): void => {
    if (open !== null) all.push(unnamed(spaces[open.space], open.start, open.end));
    open = null;
  };
  let next = 0;
  for (let row = 0; row < runs.length; row++) {
    const space = runs.space[row];
    const ranges = covered.get(spaces[space]) ?? [];
    if (row === 0 || runs.space[row - 1] !== space) next = 0;
    let page = runs.page[row];
    const end = page + runs.count[row];
    while (page < end) {
      while (next < ranges.length && ranges[next][1] <= page) next++;
      const inside = next < ranges.length && ranges[next][0] <= page;
      const until = Math.min(end, next < ranges.length ? ranges[next][inside ? 1 : 0] : end);
      if (!inside) {
        if (open !== null && open.space === space && open.end === page) open.end = until;
        else {
          close();
          open = { space, start: page, end: until };
        }
      }
      page = until;
    }
  }
  close();
  return all.sort((a, b) => a.pid - b.pid || a.range.start - b.range.start);
}

function unnamed(space: Space, start: number, end: number): Mapping {
  return {
    space,
    pid: space.startsWith("p") ? Number(space.slice(1)) : 0,
    range: { start: start as PageAddress, end: end as PageAddress },
    spaceStart: start as PageAddress,
    permissions: "???",
    shared: !space.startsWith("p"),
    kind: "unnamed",
    path: null,
    offset: 0,
    absent: "untouched",
    deleted: false,
  };
}

/** A mapping of which nothing can be said of the pages that no record is left of. */
function lost(mapping: Mapping): Mapping {
  return { ...mapping, absent: "missing" };
}
