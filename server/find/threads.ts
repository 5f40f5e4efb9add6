/** The searching threads of a store: started when first needed, ended when nothing has been searched for a while. */
import { availableParallelism } from "node:os";
import { DumpError } from "../../shared/errors/index.ts";
import type { Store } from "../store/index.ts";
import { startThreads, type Threads } from "../threads/index.ts";
import type { FromFindWorker, ToFindWorker } from "./protocol.ts";

/** Each keeps at most 17 MiB of frames and tables. */
const MOST_THREADS = 4;
const IDLE_MS = 30_000;

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Question = Without<Exclude<ToFindWorker, { kind: "forget" }>, "id" | "directory" | "packs">;
type Answer = Exclude<FromFindWorker, { kind: "failed" }>;

export interface FindThreads {
  readonly size: number;
  /** @throws DumpError `store-damaged`, `cancelled` */
  ask(thread: number, question: Question): Promise<Answer>;
  /** That the open runs of a scan are of no use any more. */
  forget(thread: number, scan: number): void;
  close(): Promise<void>;
}

export function createFindThreads(store: Store): FindThreads {
  const size = Math.max(1, Math.min(MOST_THREADS, availableParallelism()));
  let threads: Threads<ToFindWorker, FromFindWorker> | undefined;
  /** The catalog's revision of which each thread knows the packs. */
  let told: string[] = [];
  let nextId = 1;
  let asked = 0;
  let idle: NodeJS.Timeout | undefined;

  const running = () => {
    if (threads?.isBroken) void end();
    if (!threads) {
      threads = startThreads(new URL("./worker.ts", import.meta.url), size);
      told = [];
    }
    return threads;
  };
  async function end(): Promise<void> {
    clearTimeout(idle);
    const ending = threads;
    threads = undefined;
    await ending?.close();
  }

  async function send(thread: number, question: Question): Promise<Answer> {
    const to = running();
    const revision = store.catalog.revision();
    const packs =
      told[thread] === revision
        ? undefined
        : store.catalog
            .packs()
            .map(({ name, firstPage, lastPage }) => ({ name, summaries: null, firstPage, lastPage }));
    told[thread] = revision;
    try {
      return await to.request(thread, { ...question, id: nextId++, directory: store.directory, packs });
    } catch (cause) {
      if (!(cause instanceof Error) || !("code" in cause)) throw cause;
      // A pack may have been given its final form, under another name, since its name was told.
      if (cause.code === "store-damaged" && store.catalog.revision() !== revision) return send(thread, question);
      if (cause.code === "store-damaged" || cause.code === "cancelled")
        throw new DumpError(cause.code, cause.message, {}, { cause });
      throw cause;
    }
  }

  return {
    size,
    async ask(thread, question) {
      asked++;
      clearTimeout(idle);
      try {
        return await send(thread, question);
      } finally {
        asked--;
        if (asked === 0) {
          idle = setTimeout(() => void end(), IDLE_MS);
          idle.unref();
        }
      }
    },
    forget(thread, scan) {
      threads?.request(thread, { kind: "forget", id: nextId++, scan }).catch(() => undefined);
    },
    close: end,
  };
}
