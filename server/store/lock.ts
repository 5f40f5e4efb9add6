/**
 * One writer at a time, across processes. The lock is an SQLite transaction held open on a file of its own, so the
 * operating system releases it when its holder dies; who holds it, is written beside it for the refusal's sentence.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { DumpError, type ErrorFacts, isDumpError } from "../../shared/errors/index.ts";
import { asDiskError } from "./sqlite-failure.ts";

export interface Holder {
  /** What it does: `ingest app-t1.tar`, `gc`. */
  readonly operation: string;
  readonly startedAt: string;
  readonly pid: number;
}

/** What opening a store is called while it sweeps: a moment's work, and no reason to refuse what writes. */
export const OPENING = "start";
/** What giving a pack its final form is called: nobody asked for it, so whoever writes only waits for that pack. */
export const FINISHING = "finish";
/** What keeping the likenesses of a snapshot is called: the writing of one file. */
export const KEEPING_LIKENESSES = "likeness";
/** What keeping the stripping of a snapshot is called: one row of the catalog. */
export const KEEPING_STRIPPING = "strip";
const MOMENTARY: ReadonlySet<string> = new Set([OPENING, FINISHING, KEEPING_LIKENESSES, KEEPING_STRIPPING]);
/** How long to wait for one of these, at most, and between two tries. */
const MOMENT_MS = 4000;
const RETRY_MS = 20;

/**
 * Waits for what is a moment's work (opening, finishing a pack, keeping likenesses), and for nothing else. Finishing
 * waits for nobody.
 * @throws DumpError `store-busy` with the holder's operation and start.
 */
export async function lockStore(directory: string, operation: string): Promise<Disposable> {
  const started = performance.now();
  for (;;) {
    try {
      return tryLockStore(directory, operation);
    } catch (error) {
      if (!isMomentary(error) || operation === FINISHING || performance.now() - started > MOMENT_MS) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}

/** @throws DumpError `store-busy` at once. */
export function tryLockStore(directory: string, operation: string): Disposable {
  const database = new DatabaseSync(path.join(directory, "lock.sqlite"));
  const note = path.join(directory, "lock.json");
  try {
    // Nothing is ever written to it: a journal in memory, so that a full disk can be locked, and freed.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw isBusy(cause) ? busyError(readHolder(note), cause) : asDiskError(cause, `the lock in ${directory}`);
  }
  const holder: Holder = { operation, startedAt: new Date().toISOString(), pid: process.pid };
  try {
    writeFileSync(note, JSON.stringify(holder));
  } catch {
    // On a full disk the lock holds without its note: deleting is what frees the disk.
  }
  return {
    [Symbol.dispose]() {
      rmSync(note, { force: true });
      database.exec("ROLLBACK");
      database.close();
    },
  };
}

/** What another process that is alive writes now; `undefined` when none does. */
export function writerOf(directory: string): Holder | undefined {
  const holder = readHolder(path.join(directory, "lock.json"));
  return holder && holder.pid !== process.pid && isAlive(holder.pid) ? holder : undefined;
}

/** A process that was killed leaves its note behind. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Without a note the holder has just come or is just going: by the next try there is a name, or a lock. */
function isMomentary(error: unknown): boolean {
  if (!isDumpError(error) || error.code !== "store-busy") return false;
  const { operation } = error.facts;
  return operation === undefined || MOMENTARY.has(String(operation));
}

function busyError(holder: Holder | undefined, cause: unknown): DumpError {
  const who = holder
    ? `${holder.operation} (process ${holder.pid}) has been writing since ${holder.startedAt}`
    : "another operation is writing";
  const facts: ErrorFacts = holder ? { operation: holder.operation, startedAt: holder.startedAt, pid: holder.pid } : {};
  return new DumpError("store-busy", `The store is in use: ${who}`, facts, { cause });
}

function readHolder(note: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(note, "utf8")) as Holder;
  } catch {
    // The holder may be between taking the lock and writing its note; the refusal stands without a name.
    return undefined;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /locked|busy/i.test(error.message);
}
