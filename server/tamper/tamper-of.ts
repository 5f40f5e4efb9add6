/**
 * What of a snapshot looks tampered with: every recorded page of a mapped file against its file, then what mappings and
 * names say by themselves. An untouched container has no alarm.
 * @see docs/tampering.md
 */
import { setImmediate } from "node:timers/promises";
import type { Finding, ListedPage, Tampering } from "../../shared/api/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import type { ProcessFacts } from "../../shared/snapshot/index.ts";
import type { KnownSet, KnownSets } from "../known-sets/index.ts";
import type { Manifest, SnapshotRecord, Store } from "../store/index.ts";
import { fileContents, filePages, setsByPath } from "../stripping/index.ts";
import { judgeMappings } from "./judge-mappings.ts";
import { judgeName } from "./judge-name.ts";
import { judgePage, type PageToJudge } from "./judge-page.ts";
import { limitsOf } from "./limits.ts";
import { type Judgement, listedPage } from "./listed-page.ts";
import { otherVersion } from "./other-version.ts";
import { foundOf, hexAt, isExecutable, isOfKernel, isWritable, type JudgedProcess, judgedProcess } from "./process.ts";
import { createReport } from "./report.ts";
import { nameOf } from "./words.ts";
import { zeroPages } from "./zero-pages.ts";

/** Pages judged before others of this thread get their turn: some 20 ms. */
const TURN = 128;
/** Paths that no known set has. */
const FILES = 100;

export interface TamperOptions {
  readonly signal: AbortSignal;
  /** Every recorded page of a mapped file, as it was judged; those of zeros only where a program does not write. */
  onPage?(page: ListedPage): Promise<void> | void;
}

/** @throws the signal's reason; DumpError `store-damaged` */
export async function tamperOf(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  { signal, onPage }: TamperOptions,
): Promise<Tampering> {
  const manifest = store.manifest(snapshot);
  const image = imageOf(known, snapshot);
  const setOf = setsByPath(known, snapshot);
  const contents = fileContents(store, known);
  const bytesOf = contentsOfRows(store, manifest);
  const isCheckpoint = snapshot.format === "criu-checkpoint";
  const processes = new Map(manifest.facts.processes.map((facts) => [facts.pid, facts]));
  // One at a time: what is known of a process's files may be a hundred megabytes.
  let judged: JudgedProcess | undefined;
  const processOf = (facts: ProcessFacts): JudgedProcess => {
    if (judged?.facts.pid !== facts.pid) judged = judgedProcess(manifest, facts, setOf, isCheckpoint);
    return judged;
  };
  const report = createReport();
  const passedOver = { zero: 0, partial: 0 };

  // A file is mapped from its first page on, so that comes before the others.
  const others = new Set<string>();
  const judge = (page: PageToJudge, process: JudgedProcess): Judgement => {
    const key = `${page.pid} ${page.path}`;
    const other = page.check.outcome === "same" ? undefined : otherVersion(page, process, page.set === image);
    if (other && !others.has(key)) report.add(other);
    if (other) others.add(key);
    if (others.has(key)) {
      report.count("other-version", page.path);
      return { verdict: "other-version", findings: [], isDumpers: false };
    }
    const { verdict, findings } = judgePage(page, process, image !== undefined);
    report.count(verdict, page.path);
    for (const finding of findings) report.add(finding);
    // Code that equals its file would have been left to it, had nobody written there.
    const isPutBack = verdict === "same" && isCheckpoint && isExecutable(page.mapping) && !isWritable(page.mapping);
    const isDumpers = isPutBack && isDumpersPage(page, process);
    if (isDumpers) report.dumperPages.push(dumperPage(page, process));
    else if (isPutBack) report.add(restoredCode(page, process));
    return { verdict, findings, isDumpers };
  };
  const take = async (page: PageToJudge, process: JudgedProcess): Promise<void> => {
    const judgement = judge(page, process);
    await onPage?.(listedPage(page, judgement));
  };
  let seen = 0;
  const turn = async () => {
    if (++seen % TURN !== 0) return;
    signal.throwIfAborted();
    await setImmediate();
  };
  for (const page of filePages(store, known, snapshot)) {
    const facts = processes.get(page.pid);
    const content = () => bytesOf(page.row);
    const filePage = () => page.set && contents.pageOf(page.set, page.path, page.offset / PAGE_SIZE);
    if (facts) await take({ ...page, content, filePage }, processOf(facts));
    await turn();
  }
  const namesOf = namesOfFiles();
  const notUnderstood = new Set<string>();
  for (const facts of processes.values()) {
    const process = processOf(facts);
    for (const page of zeroPages(manifest, process, contents, passedOver)) {
      await take(page, process);
      await turn();
    }
    for (const finding of judgeMappings(process, manifest, known, image)) report.add(finding);
    for (const finding of judgeName(process, namesOf)) report.add(finding);
    for (const member of process.images.scope.members)
      if (member.image.notUnderstood !== undefined) notUnderstood.add(`${member.path}: ${member.image.notUnderstood}`);
    await turn();
  }
  const { unknown, compared, notCompared } = report.pages();
  return {
    ...report.findings(),
    dumperPages: report.dumperPages,
    compared,
    notCompared: { ...notCompared, ...passedOver, files: unknown.slice(0, FILES) },
    limits: limitsOf({
      namesMappings: manifest.hasMappings && processes.size > 0,
      imageDigest: known.imageDigestOf(snapshot),
      isImageHere: image !== undefined,
      notUnderstood: [...notUnderstood],
      unknown: unknown.length,
      bytesNotKept: notCompared.bytesNotKept,
    }),
  };
}

function imageOf(known: KnownSets, snapshot: SnapshotRecord): KnownSet | undefined {
  const digest = known.imageDigestOf(snapshot);
  return digest === undefined
    ? undefined
    : known.sets().find(({ record, isBaseline }) => record.digest === digest && !isBaseline);
}

/** Every path by which a file can be called; of a file once, for all processes that run it. */
function namesOfFiles(): (set: KnownSet, path: string) => readonly string[] {
  const names = new Map<string, readonly string[]>();
  return (set, path) => {
    const key = `${set.record.name} ${path}`;
    const found = names.get(key) ?? set.namesOf(path);
    names.set(key, found);
    return found;
  };
}

/** Bytes of a row of the manifest that has a page. */
function contentsOfRows(store: Store, manifest: Manifest): (row: number) => Uint8Array {
  const chunks = manifest.laid.flatMap((laid) => laid.chunks).sort((a, b) => a.row - b.row);
  return (row) => {
    const chunk = chunks[bisect(chunks.length, (i) => chunks[i].row <= row) - 1];
    return store.pages.bytes(manifest.columns(chunk).page.slice(row - chunk.row, row - chunk.row + 1));
  };
}

/** CRIU calls into a process from the first page that may run code: it writes there, and puts back what it found. */
function isDumpersPage({ page, mapping }: PageToJudge, { mappings }: JudgedProcess): boolean {
  return mappings.find((one) => isExecutable(one) && !isOfKernel(one)) === mapping && page === mapping.range.start;
}

function dumperPage(page: PageToJudge, process: JudgedProcess): Tampering["dumperPages"][number] {
  const { pid, comm, place, mapping } = foundOf(page, process);
  const { path, offset, set } = page;
  return {
    pid,
    comm,
    place,
    mapping,
    path,
    offset,
    set: set?.record.name ?? "",
    text: `The dumper itself has touched the code at ${hexAt(page.page)} of ${nameOf(process)} and put it back: it is what ${path} has.`,
  };
}

function restoredCode(page: PageToJudge, process: JudgedProcess): Finding {
  const { path, offset, set } = page;
  return {
    ...foundOf(page, process),
    kind: "restored-code",
    severity: "note",
    text:
      `Code at ${hexAt(page.page)} of ${nameOf(process)} is what ${path} has, but was written: the dump would have left it ` +
      "to the file otherwise. A debugger's breakpoint that was taken away leaves this, and so does a patch that was. " +
      "Compare it with earlier snapshots.",
    evidence: { path, offset, set: set?.record.name ?? "" },
  };
}
