/** The threads of an ingest: they outlive it, so that the next one does not wait for them to start. */
import { availableParallelism } from "node:os";
import { startThreads, type Threads } from "../threads/index.ts";
import type { FromPageWorker, ToPageWorker } from "./protocol.ts";

export type PageWorkers = Threads<ToPageWorker, FromPageWorker>;

/** The last of them computes the digest of a file while the others read its pages. */
export function startPageWorkers(): PageWorkers {
  return startThreads(new URL("./page-worker.ts", import.meta.url), Math.max(2, availableParallelism()));
}

/** Message ids are shared by all requests of a process. */
let nextId = 1;
export function messageId(): number {
  return nextId++;
}
