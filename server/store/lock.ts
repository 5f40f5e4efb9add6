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

/** @throws DumpError `store-busy` with the holder's operation and start. */
export function lockStore(directory: string, operation: string): Disposable {
  const database = new DatabaseSync(path.join(directory, "lock.sqlite"));
  const note = path.join(directory, "lock.json");
  try {
    database.exec("PRAGMA busy_timeout = 50; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    const holder = readHolder(note);
    const who = holder
      ? `${holder.operation} (process ${holder.pid}) has been writing since ${holder.startedAt}`
      : "another operation is writing";
    const facts: ErrorFacts = holder
      ? { operation: holder.operation, startedAt: holder.startedAt, pid: holder.pid }
      : {};
    throw new DumpError("store-busy", `The store is in use: ${who}`, facts, { cause });
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
