/**
 * One writer at a time, across processes. The lock is an SQLite transaction held open on a file of its own, so the
 * operating system releases it when its holder dies; who holds it, is written beside it for the refusal's sentence.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DumpError, type ErrorFacts } from "../../shared/errors/index.ts";

export interface Holder {
  /** What it does: `ingest app-t1.tar`, `gc`. */
  readonly operation: string;
  readonly startedAt: string;
  readonly pid: number;
}

/** What opening a store is called while it sweeps: a moment's work, and no reason to refuse what writes. */
export const OPENING = "start";
/** How long to wait for one that only opens, at most. */
const OPENING_MS = 2000;

/** @throws DumpError `store-busy` with the holder's operation and start. */
export function lockStore(directory: string, operation: string): Disposable {
  const database = new DatabaseSync(path.join(directory, "lock.sqlite"));
  const note = path.join(directory, "lock.json");
  database.exec("PRAGMA busy_timeout = 50");
  const started = performance.now();
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
      break;
    } catch (cause) {
      if (!isBusy(cause)) {
        database.close();
        throw cause;
      }
      const holder = readHolder(note);
      // Without a note the holder has just come or is just going: by the next try there is a name, or a lock.
      const isMomentary = holder === undefined || holder.operation === OPENING;
      if (isMomentary && operation !== OPENING && performance.now() - started < OPENING_MS) continue;
      database.close();
      throw busyError(holder, cause);
    }
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
