/**
 * The queue on disk: what was asked for and has not ended, one file a job, so that a server which is killed goes on
 * where it was. One server of a store keeps it; a second one beside it has a queue that dies with it.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { z } from "zod";
import { isDumpError } from "../../shared/errors/index.ts";
import { type Store, tryLockStore } from "../store/index.ts";

const Named = z.object({ fileName: z.string(), bytes: z.int() });
const Arrived = Named.extend({ file: z.string(), upload: z.string().nullable() });

export const JobRequestSchema = z.discriminatedUnion("kind", [
  Arrived.extend({
    kind: z.literal("dump"),
    container: z.string().optional(),
    parent: z.string().optional(),
    asRaw: z.boolean(),
    base: z.bigint(),
    keepCut: z.boolean(),
    once: z.boolean(),
  }),
  Arrived.extend({
    kind: z.literal("known"),
    name: z.string(),
    withBytes: z.boolean().default(false),
    filePath: z.string().optional(),
  }),
  /** The dump of a snapshot once more, explained against another one, or against `none`. */
  Named.extend({
    kind: z.literal("again"),
    snapshot: z.string(),
    parent: z.string(),
    container: z.string(),
    upload: z.null(),
  }),
]);

const QueuedJobSchema = z.object({
  job: z.string().regex(/^[0-9a-f]{12}$/),
  /** Lower ones go first. */
  place: z.int(),
  askedAt: z.string(),
  request: JobRequestSchema,
  isCancelled: z.boolean(),
  /** When it began, and the last receipt of then: what it left behind is newer. */
  begun: z.object({ at: z.string(), receipt: z.int() }).nullable(),
});

/** One job of the queue, as it outlives its server. */
export type QueuedJob = Readonly<z.output<typeof QueuedJobSchema>>;

export interface Queue {
  /** What the server before this one left, in the order in which it was asked for. */
  readonly left: readonly QueuedJob[];
  /** On disk when this returns. */
  put(job: QueuedJob): void;
  remove(job: string): void;
  close(): void;
}

export function openQueue(store: Store): Queue {
  const folder = path.join(store.directory, "queue");
  mkdirSync(folder, { recursive: true });
  let lock: Disposable;
  try {
    lock = tryLockStore(folder, "serve");
  } catch (error) {
    if (!isDumpError(error) || error.code !== "store-busy") throw error;
    return { left: [], put: () => undefined, remove: () => undefined, close: () => undefined };
  }
  const place = (job: string) => path.join(folder, `${job}.json`);
  return {
    left: readdirSync(folder)
      .filter((name) => /^[0-9a-f]{12}\.json$/.test(name))
      .flatMap((name) => parse(readFileSync(path.join(folder, name), "utf8")))
      // The store may lie elsewhere than it did.
      .map((job) => ({
        ...job,
        request:
          job.request.upload === null
            ? job.request
            : { ...job.request, file: path.join(store.uploads, job.request.upload) },
      }))
      .sort((x, y) => x.place - y.place),
    put(job) {
      const file = place(job.job);
      const text = JSON.stringify(job, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
      writeFileSync(`${file}.unfinished`, text, { flush: true });
      renameSync(`${file}.unfinished`, file);
      syncFolder(folder);
    },
    remove(job) {
      rmSync(place(job), { force: true });
    },
    close: () => lock[Symbol.dispose](),
  };
}

/** Of another version: left where it is, for that version. */
function parse(text: string): QueuedJob[] {
  const json: unknown = JSON.parse(text, (key, value: unknown) =>
    key === "base" && typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : value,
  );
  const parsed = QueuedJobSchema.safeParse(json);
  return parsed.success ? [parsed.data] : [];
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
