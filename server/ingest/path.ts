/**
 * The way of a dump, in order. This is the table of contents of the server: each stage is one line, and knows the one
 * before it only by what it is given.
 */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import path from "node:path";
import type { PageCounts } from "../../shared/api/index.ts";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import type { ProvenanceCounts } from "../../shared/provenance/index.ts";
import type { DumpFormat } from "../../shared/snapshot/index.ts";
import { matchSpaces, sideOf } from "../compare/index.ts";
import { explainAgainst, type ParentSnapshot } from "../explain/index.ts";
import { writeOriginal } from "../export/index.ts";
import { createKnownSets, extendMembers } from "../known-sets/index.ts";
import { layDump, type NumberedPages } from "../lay/index.ts";
import { type FileDigest, type PageWorkers, startPageWorkers } from "../page-workers/index.ts";
import { type DumpDescription, type DumpReader, FileSource, recogniseDump } from "../readers/index.ts";
import {
  chunksByDigest,
  createManifest,
  createPageIntake,
  createProvenance,
  type PageIntake,
  placesOf,
  type SnapshotRecord,
  type Store,
} from "../store/index.ts";
import { type Arrived, type ArrivedDigests, arrive } from "./arrive.ts";
import { asStoreError } from "./failure.ts";
import { resolveInParent } from "./in-parent.ts";
import type { Member } from "./ingest-group.ts";
import { numberPages, type PagesBefore } from "./pages.ts";

export interface IngestRequest {
  /** The file as it arrived. */
  readonly file: string;
  /** Of the file, when it was begun before. */
  readonly digest?: FileDigest;
  /** What it is called; the file's own name when left out. */
  readonly fileName?: string;
  /** Without one: the container's name in the dump, else the leading process, else the file's name. */
  readonly container?: string;
  /** A snapshot to be explained against, `none`, or the container's latest when left out. */
  readonly parent?: string;
  readonly asRaw: boolean;
  /** First address of a raw image. */
  readonly base: bigint;
  readonly keepCut: boolean;
  /** Refuse a file that is here already, told by its SHA-256. */
  readonly once?: boolean;
  /** Of which snapshot this is ingested again: the file is what the store kept of it. It explains no page here. */
  readonly again?: Again;
}

export interface Again {
  readonly snapshot: SnapshotRecord;
  /** For the log of what was received, behind what became of it. */
  readonly because: string;
}

export interface IngestProgress {
  readonly phase: "unpacking" | "reading" | "committing";
  /** Path of the uncompressed content, as far as it is there. */
  readonly content: string;
  readonly bytes: number;
  readonly totalBytes: number;
  readonly pages: number;
  readonly newPages: number;
}

export interface IngestResult {
  readonly snapshot: SnapshotRecord;
  readonly format: DumpFormat;
  readonly processes: number;
  readonly mappings: number | null;
  readonly pages: PageCounts;
  readonly distinctPages: number;
  /** Known sets counted in. */
  readonly provenance: ProvenanceCounts;
  readonly bytesRead: number;
  readonly bytesStored: number;
  readonly pagesProcessed: number;
  readonly sha256: string;
}

export interface IngestOptions {
  readonly signal: AbortSignal;
  /** Threads of the caller, who closes them; without any the ingest starts its own. */
  readonly workers?: PageWorkers;
  /** Waits until the ingest may have the container, once that is known; then it is the next one there. */
  enterContainer?(container: string): Promise<void>;
  onProgress(progress: IngestProgress): void;
}

/**
 * Ingests one dump for a member of a group, which holds the lock: afterwards its snapshot exists, or the store is as it
 * was.
 * @throws DumpError of the readers; `disk-full`, `io-failed`, `cancelled`, `file-changed`, `not-found` (the parent)
 */
export async function ingestUnderLock(
  store: Store,
  member: Member,
  request: IngestRequest,
  options: IngestOptions,
): Promise<IngestResult> {
  const fileName = request.fileName ?? path.basename(request.file);
  const scratch = path.join(store.scratch, randomBytes(8).toString("hex"));
  const workers = options.workers ?? startPageWorkers();
  try {
    await using arrived = await arrive(request, scratch, workers, options);
    await using source = await FileSource.open(arrived.content);
    const reader = await recogniseDump(source, { asRaw: request.asRaw });
    const description = await describe(reader, source, request);
    const container = request.container ?? containerName(description, fileName);
    await options.enterContainer?.(container);
    const parent = chooseParent(store, request.parent, container);
    await using numbering = await passPages(store, member, description, parent, {
      arrived,
      workers,
      totalBytes: source.size,
      options,
    });
    const again = request.again?.snapshot;
    // Nobody shall wait for the end of this file.
    if (!member.isAlone && !again) await arrived.digests();
    using _turn = await member.turn();
    const stored = await storePages(store, description, numbering, container, {
      lost: arrived.lost,
      source,
      options,
      again,
      named: request.parent === undefined ? undefined : parent,
    });
    const digests = again ?? (await arrived.digests());
    if (request.once) refuseSecondReceipt(store, digests.sha256);
    const storedBefore = store.storedBytes();
    const { record, provenance } = commit(store, description, {
      container,
      parent,
      arrived: digests,
      fileName,
      stored,
      again: request.again,
    });
    return {
      snapshot: record,
      format: description.format,
      processes: record.processes,
      mappings: record.mappings,
      pages: record.pages,
      distinctPages: record.distinctPages,
      provenance,
      bytesRead: record.bytes,
      // Index runs that were merged are named no more.
      bytesStored: store.storedBytes() - storedBefore,
      pagesProcessed: stored.added,
      sha256: record.sha256,
    };
  } catch (error) {
    throw asStoreError(error, options.signal);
  } finally {
    if (options.workers === undefined) await workers.close();
    rmSync(scratch, { force: true });
    sweepIfPossible(store, member);
  }
}

/** Neither undoes a commit nor hides why there was none: what stays is swept by the next open. */
function sweepIfPossible(store: Store, member: Member): void {
  // Else it would take from the others what they have not committed yet; the last one sweeps.
  if (!member.isAlone) return;
  try {
    store.sweep();
  } catch {}
}

/** Pages with their numbers, on their way into the store; given up when nothing has come of them. */
interface Numbering extends AsyncDisposable {
  readonly numbered: NumberedPages;
  readonly intake: PageIntake;
  readonly before: ParentSnapshot | undefined;
  progress(phase: IngestProgress["phase"], bytes: number, pages: number, newPages: number): void;
}

interface Pass {
  readonly arrived: Arrived;
  readonly workers: PageWorkers;
  readonly totalBytes: number;
  readonly options: IngestOptions;
}

/** Pages → numbers; beside other ingests. */
async function passPages(
  store: Store,
  member: Member,
  description: DumpDescription,
  parent: SnapshotRecord | undefined,
  { arrived, workers, totalBytes, options }: Pass,
): Promise<Numbering> {
  const intake = createPageIntake(store.blobs, store.catalog, member.numbers);
  try {
    const progress: Numbering["progress"] = (phase, bytes, pages, newPages) =>
      options.onProgress({ phase, content: arrived.content, bytes, totalBytes, pages, newPages });
    const before = parent && parentOf(store, parent, description);
    const numbered = await numberPages(
      arrived,
      description.runs,
      before && pagesBefore(store, before, description),
      intake,
      workers,
      (bytes, pages, fresh) => progress("reading", bytes, pages, fresh),
      options.signal,
    );
    return { numbered, intake, before, progress, [Symbol.asyncDispose]: () => intake.abandon() };
  } catch (error) {
    await intake.abandon();
    throw error;
  }
}

interface Passage {
  /** What was lost with the end of a compressed stream, in words. */
  readonly lost: readonly string[];
  readonly source: FileSource;
  readonly options: IngestOptions;
  readonly again: SnapshotRecord | undefined;
  /** The parent, when it was asked for by name. */
  readonly named: SnapshotRecord | undefined;
}

interface StoredDump {
  readonly added: number;
  readonly intake: { commit(): void };
  readonly manifest: string;
  readonly refersTo: ReadonlySet<string>;
  readonly provenanceBlob: string;
  readonly provenance: ProvenanceCounts;
  readonly original: string;
  readonly pages: PageCounts;
  readonly unresolved: number;
  readonly distinctPages: number;
  readonly pagesParent: SnapshotRecord | undefined;
}

/** Numbers → manifest with provenance → original; all of it synced, none of it visible yet. In its turn. */
async function storePages(
  store: Store,
  description: DumpDescription,
  { numbered, intake, before, progress }: Numbering,
  container: string,
  { lost, source, options, again, named }: Passage,
): Promise<StoredDump> {
  const manifest = createManifest(store.blobs, before ? chunksByDigest(store.manifest(before.record)) : new Map());
  const provenance = createProvenance(store.blobs);
  try {
    intake.settle(numbered.page);
    // The last pack is synced while the pages are explained.
    const finishing = intake.finish();
    finishing.catch(() => undefined);
    const { limit } = intake;
    const own = distinctNumbers(numbered.page, limit);
    const { pagesParent, notice } = resolveInParent(store, description, numbered, named, container, again);
    const distinct = pagesParent ? distinctNumbers(numbered.page, limit) : own;
    const explanation = explainAgainst(store, before, distinct, intake.isOwn, again?.sha256);
    const laid = layDump(description, numbered, (mapping, start, columns) => {
      provenance.append(explanation.explainChunk(mapping.space, start, columns));
      return manifest.chunk(start, columns);
    });
    progress("committing", source.size, numbered.page.length, intake.added);
    const facts = {
      ...description.facts,
      // A reader may have said among its facts already what was lost.
      notes: [
        ...new Set([
          ...description.facts.notes,
          ...lost,
          ...description.lost,
          ...(notice === undefined ? [] : [notice]),
        ]),
      ],
    };
    const written = manifest.finish(
      { facts, laid: laid.laid, segmentMaps: laid.segmentMaps, hasMappings: description.mappings !== null },
      distinct,
    );
    const provenanceBlob = provenance.finish(explanation.sharers, explanation.shared());
    const original = await writeOriginal(
      store.blobs,
      source,
      description.runs,
      numbered.first,
      numbered.page,
      options.signal,
    );
    const finished = await finishing;
    options.signal.throwIfAborted();
    return {
      added: intake.added,
      intake: finished,
      manifest: written,
      refersTo: new Set(
        laid.laid.flatMap((entry) => entry.chunks.flatMap((chunk) => (chunk.blob === undefined ? [] : [chunk.blob]))),
      ),
      provenanceBlob,
      provenance: explanation.counts,
      original,
      pages: laid.totals,
      unresolved: laid.unresolved,
      distinctPages: own.length,
      pagesParent,
    };
  } catch (error) {
    manifest.abandon();
    provenance.abandon();
    throw error;
  }
}

interface Commitment {
  readonly container: string;
  readonly parent: SnapshotRecord | undefined;
  readonly arrived: ArrivedDigests;
  readonly fileName: string;
  readonly stored: StoredDump;
  readonly again: Again | undefined;
}

/** One transaction makes the snapshot exist, and its receipt with it. Nothing behind it can fail. */
function commit(
  store: Store,
  description: DumpDescription,
  { container, parent, arrived, fileName, stored, again }: Commitment,
): { readonly record: SnapshotRecord; readonly provenance: ProvenanceCounts } {
  const { facts } = description;
  return store.catalog.transaction(() => {
    const first = facts.processes.find((process) => process.pid === 1) ?? facts.processes[0];
    const record: SnapshotRecord = {
      id: randomBytes(5).toString("hex"),
      container,
      name: store.catalog.nextName(container),
      createdAt: new Date().toISOString(),
      checkpointedAt: facts.checkpointedAt.at,
      checkpointedFrom: facts.checkpointedAt.from,
      containerCreatedAt: facts.containerCreatedAt,
      containerId: facts.containerId,
      format: description.format,
      processes: facts.processes.length,
      mappings: description.mappings?.length ?? null,
      pages: stored.pages,
      unresolved: stored.unresolved,
      distinctPages: stored.distinctPages,
      provenance: stored.provenance,
      parent: parent?.id ?? null,
      pagesParent: stored.pagesParent?.id ?? null,
      sha256: arrived.sha256,
      unpackedSha256: arrived.unpackedSha256,
      bytes: arrived.bytes,
      file: fileName,
      manifest: stored.manifest,
      provenanceBlob: stored.provenanceBlob,
      original: stored.original,
      lead: { process: first?.comm ?? null, threads: first?.threads ?? null, imageName: facts.imageName },
    };
    stored.intake.commit();
    extendMembers(store);
    store.catalog.addSnapshot(record, stored.refersTo);
    const provenance = liveProvenance(store, record);
    store.catalog.addReceipt({
      at: record.createdAt,
      file: fileName,
      bytes: arrived.bytes,
      sha256: arrived.sha256,
      container,
      snapshot: record.id,
      result: receiptResult(record, provenance, again),
      problem: null,
      upload: null,
    });
    return { record, provenance };
  });
}

/** With known sets counted in. One that is damaged is no reason to refuse a dump. */
function liveProvenance(store: Store, record: SnapshotRecord): ProvenanceCounts {
  if (store.catalog.knownSets().length === 0) return record.provenance;
  try {
    return createKnownSets(store).provenance(record);
  } catch (error) {
    if (isDumpError(error) && error.code === "store-damaged") return record.provenance;
    throw error;
  }
}

/** What became of a dump, for the log of evidence. */
function receiptResult(record: SnapshotRecord, provenance: ProvenanceCounts, again: Again | undefined): string {
  const recorded = record.pages.present + record.pages.zero + record.pages.inParent;
  const more = again ? `; ${again.because}` : "";
  return `${record.container} ${record.name}, ${recorded} pages, ${provenance.new} new${more}`;
}

/** @throws DumpError `received-already` naming the snapshot */
function refuseSecondReceipt(store: Store, sha256: string): void {
  const there = store.catalog.snapshots().find((record) => record.sha256 === sha256);
  if (!there) return;
  const facts = { snapshot: there.id, container: there.container, name: there.name, sha256 };
  throw new DumpError("received-already", `The same file is here already, as ${there.container} ${there.name}`, facts);
}

/** @throws DumpError `not-found` */
function chooseParent(store: Store, asked: string | undefined, container: string): SnapshotRecord | undefined {
  if (asked === "none") return undefined;
  if (asked !== undefined) return store.snapshot(asked);
  return store.catalog.snapshots(container).at(-1);
}

function parentOf(store: Store, record: SnapshotRecord, { format, spaces }: DumpDescription): ParentSnapshot {
  return { record, nameOf: matchSpaces(sideOf(record, store.manifest(record)), { format, spaces }) };
}

/** @throws DumpError of the reader; `dump-cut` with the container, where what is there of the dump names it */
async function describe(
  reader: DumpReader,
  source: FileSource,
  { base, keepCut }: IngestRequest,
): Promise<DumpDescription> {
  try {
    return await reader.read(source, { base, keepCut });
  } catch (error) {
    if (keepCut || !isDumpError(error) || error.code !== "dump-cut") throw error;
    const rest = await reader.read(source, { base, keepCut: true }).catch(() => undefined);
    const container = rest?.facts.containerName;
    if (!container) throw error;
    throw new DumpError(error.code, error.message, { ...error.facts, container }, { cause: error });
  }
}

/** What the parent records at the places of a run. */
function pagesBefore(store: Store, { record, nameOf }: ParentSnapshot, { runs, spaces }: DumpDescription): PagesBefore {
  const places = placesOf(store.manifest(record));
  return (run, first, count) => places.columns(nameOf(spaces[runs.space[run]]), first, count).page;
}

function containerName({ facts }: DumpDescription, fileName: string): string {
  const name =
    facts.containerName ?? facts.processes[0]?.comm ?? fileName.replace(/(\.(tar|core|elf|raw|gz|zst))+$/i, "");
  if (name === "") throw new DumpError("bad-request", "The dump does not name its container", { file: fileName });
  return name.slice(0, 128);
}

/**
 * Distinct page numbers, ascending; zero pages and places without a page left out. Over bits, not by sorting: 2 MiB
 * instead of a second column of 64 for a dump of 64 GiB.
 * @param limit above all page numbers.
 */
function distinctNumbers(pages: NumberedPages["page"], limit: number): Uint32Array {
  const bits = new Uint8Array(Math.ceil(limit / 8));
  let count = 0;
  // Until it is compiled, `for of` makes an object of each number.
  for (let row = 0; row < pages.length; row++) {
    const page = pages[row];
    const bit = 1 << (page & 7);
    if (page >= ZERO_PAGE || (bits[page >>> 3] & bit) !== 0) continue;
    bits[page >>> 3] |= bit;
    count++;
  }
  const distinct = new Uint32Array(count);
  let at = 0;
  for (let byte = 0; byte < bits.length; byte++) {
    for (let bit = 0; bits[byte] >>> bit !== 0; bit++) if ((bits[byte] >>> bit) & 1) distinct[at++] = byte * 8 + bit;
  }
  return distinct;
}
