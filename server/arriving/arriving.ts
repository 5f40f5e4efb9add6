/**
 * Dumps that are looked at before they are committed. A dump is opened when somebody asks for it, read again when it
 * has grown, and closed when nobody has asked for a while: what nobody watches costs nothing. All of it is for the eye;
 * the ingest neither waits for it nor takes anything from it.
 */
import { randomBytes } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { type Arriving as ApiArriving, type Problem, ProblemSchema } from "../../shared/api/index.ts";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import type { ArrivingJob, JobEnd, Jobs } from "../jobs/index.ts";
import { compressionOf, FileSource, unpackLimit } from "../readers/index.ts";
import type { Catalog, Store } from "../store/index.ts";
import type { Uploads } from "../upload/index.ts";
import { type ArrivingPicture, drawArriving } from "./arriving-picture.ts";
import { KeptSummaries } from "./kept-summaries.ts";
import { UnpackedUpload } from "./unpacked-upload.ts";

/** How often a dump that is watched is looked at. */
const LOOK_MS = 1000;
/** A dump that nobody has asked for is closed after this. */
const IDLE_MS = 10_000;
/** Dumps looked at at the same time; each has 7 B a page in memory, and a tenth of its bytes on the disk. */
const MOST_WATCHED = 4;
/** Looking may take a quarter of the time. */
const SHARE = 4;
/** Bytes that tell whether a file is compressed. */
const FIRST = 16;

export interface ArrivingParts {
  readonly store: Pick<Store, "scratch"> & { readonly catalog: Pick<Catalog, "refusals"> };
  readonly jobs: Pick<Jobs, "arriving" | "ended" | "subscribe">;
  readonly uploads: Pick<Uploads, "arriving">;
  /** Told of what nobody asked for and went wrong. */
  onFailed(error: unknown): void;
}

export interface Arriving {
  /** @throws DumpError `not-found` */
  look(id: string): Promise<ApiArriving>;
  /** Its picture now. @throws DumpError `not-found` when there is none */
  picture(id: string): Promise<ArrivingPicture>;
  /** Tells whenever more is here or the stage has changed. @returns stops it. @throws DumpError `not-found` */
  watch(id: string, listener: () => void): Promise<() => void>;
  close(): Promise<void>;
}

/** Where the bytes of a dump are now. */
interface Origin {
  readonly stage: Extract<ApiArriving, { state: "arriving" }>["stage"];
  readonly fileName: string;
  readonly container: string | null;
  readonly bytes: number;
  readonly totalBytes: number;
  /** As it arrived. */
  readonly file: string | null;
  /** Bytes of the file that are still to come. */
  readonly lacking: number;
  /** What the job has made of it. */
  readonly content: string | null;
  readonly asRaw: boolean;
  readonly base: bigint;
}

/** The uncompressed content as far as it is here. */
interface Content {
  readonly file: FileHandle;
  readonly path: string;
  readonly isWhole: boolean;
  /** Why no more of it comes. */
  readonly reason: string | null;
}

interface Watched {
  readonly id: string;
  readonly listeners: Set<() => void>;
  readonly kept: KeptSummaries;
  /** By path; a file that is gone stays readable. */
  readonly files: Map<string, FileHandle>;
  unpacked: UnpackedUpload | null;
  picture: ArrivingPicture | null;
  reason: string | null;
  /** What was read last: path, bytes, and whether that was all. */
  read: string;
  /** What listeners were told last. */
  told: string;
  askedAt: number;
  /** Not looked at again before. */
  notBefore: number;
  /** One at a time. */
  looking: Promise<void> | null;
}

const NOTHING_HERE = "Nothing of it is here yet.";

export function openArriving({ store, jobs, uploads, onFailed }: ArrivingParts): Arriving {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isClosed = false;
  const scratchFile = () => path.join(store.scratch, randomBytes(8).toString("hex"));

  async function originOf(id: string): Promise<Origin | JobEnd | undefined> {
    const job = jobs.arriving(id);
    if (job) return originOfJob(job);
    const upload = await uploads.arriving(id);
    const end = jobs.ended(id) ?? refusalOf(id);
    // A refused upload may be opened again, for its rest.
    if (end && !(upload && upload.bytes < upload.totalBytes)) return end;
    if (!upload) return undefined;
    const { file, fileName, bytes, totalBytes } = upload;
    const lacking = totalBytes - bytes;
    const plain = { container: null, content: null, asRaw: false, base: 0n };
    return { ...plain, stage: "uploading", fileName, bytes, totalBytes, file, lacking };
  }

  /** Of an upload that a server before this one has refused. */
  function refusalOf(id: string): JobEnd | undefined {
    const text = store.catalog.refusals().find(({ upload }) => upload === id)?.problem;
    return text ? { state: "refused", problem: ProblemSchema.parse(JSON.parse(text)) as Problem } : undefined;
  }

  /** @throws DumpError `not-found`, `limit-met` */
  async function enter(id: string): Promise<{ readonly one: Watched; readonly origin: Origin } | JobEnd> {
    const origin = await originOf(id);
    if (!origin) throw new DumpError("not-found", `No dump ${id} is on its way`, { arriving: id });
    if ("state" in origin) return origin;
    let one = watched.get(id);
    if (!one) {
      if (watched.size >= MOST_WATCHED) await makeRoom();
      one = watched.get(id) ?? newlyWatched(id, scratchFile());
      watched.set(id, one);
      timer ??= setInterval(lookAround, LOOK_MS).unref();
    }
    one.askedAt = performance.now();
    return { one, origin };
  }

  /** @throws DumpError `limit-met` */
  async function makeRoom(): Promise<void> {
    const idle = [...watched.values()]
      .filter(({ listeners }) => listeners.size === 0)
      .sort((x, y) => x.askedAt - y.askedAt)[0];
    if (!idle)
      throw new DumpError("limit-met", `${MOST_WATCHED} other dumps are being watched`, { limit: MOST_WATCHED });
    await drop(idle);
  }

  async function drop(one: Watched): Promise<void> {
    watched.delete(one.id);
    await one.looking;
    await one.unpacked?.close();
    for (const file of one.files.values()) await file.close();
    one.kept.close();
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  /** Reads it again, if it has grown and it is time. */
  function refresh(one: Watched, origin: Origin): Promise<void> {
    one.looking ??= readAgain(one, origin).finally(() => {
      one.looking = null;
    });
    return one.looking;
  }

  async function readAgain(one: Watched, origin: Origin): Promise<void> {
    const started = performance.now();
    if (started < one.notBefore) return;
    try {
      const content = await contentOf(one, origin);
      if (content === null) return;
      const source = await FileSource.over(content.file, origin.fileName);
      const read = `${content.path} ${source.size} ${content.isWhole}`;
      if (read !== one.read) {
        one.read = read;
        one.reason = source.size === 0 ? NOTHING_HERE : await drawn(one, origin, source, content);
      }
      // Why no more comes says more than what cannot be told of what is here.
      one.reason = content.reason ?? one.reason;
    } catch (error) {
      one.reason = isDumpError(error) ? `${error.message}.` : "It cannot be looked at yet.";
      if (!isDumpError(error) && !isGone(error)) onFailed(error);
    } finally {
      const spent = performance.now() - started + one.kept.spentMs;
      one.kept.spentMs = 0;
      one.notBefore = started + Math.max(LOOK_MS, spent * SHARE);
    }
  }

  /** @returns why there is no new picture; `null` when there is. What is wrong with a whole dump its job will say. */
  async function drawn(
    one: Watched,
    { asRaw, base }: Origin,
    source: FileSource,
    { file, isWhole }: Content,
  ): Promise<string | null> {
    try {
      one.picture = await drawArriving(source, file, one.kept, { asRaw, base, isWhole });
      return null;
    } catch (error) {
      if (!isDumpError(error)) throw error;
      return isWhole ? `${error.message}.` : `What is here of it does not tell yet what it holds: ${error.message}.`;
    }
  }

  /** The file that holds the uncompressed content as far as it is here; `null` while there is none. */
  async function contentOf(one: Watched, origin: Origin): Promise<Content | null> {
    const { file, lacking, content, stage } = origin;
    const plain = { reason: null };
    const unpacking = stage === "unpacking";
    if (content !== null && !unpacking) {
      await one.unpacked?.close();
      one.unpacked = null;
      return { ...plain, file: await opened(one, content), path: content, isWhole: true };
    }
    const arrived = file === null ? null : await opened(one, file);
    if (arrived !== null && file !== null) {
      const { buffer, bytesRead } = await arrived.read(new Uint8Array(FIRST), 0, FIRST, 0);
      if (bytesRead < FIRST && lacking > 0) return null;
      if (compressionOf(buffer.subarray(0, bytesRead)) === "none")
        return { ...plain, file: arrived, path: file, isWhole: lacking === 0 };
    }
    if (content !== null) {
      // The job begins anew; what was unpacked for the eye is shown until it has come as far.
      const own = await opened(one, content);
      const { unpacked } = one;
      if (unpacked === null || (await own.stat()).size >= unpacked.bytes) {
        await unpacked?.close();
        one.unpacked = null;
        return { ...plain, file: own, path: content, isWhole: false };
      }
    }
    if (arrived === null) return null;
    one.unpacked ??= await UnpackedUpload.start(arrived, scratchFile(), lacking, unpackLimit());
    const { unpacked } = one;
    unpacked.goOn(lacking);
    const reason = unpacked.failure === null ? null : `${unpacked.failure.message}.`;
    return { file: unpacked.file, path: "unpacked", isWhole: unpacked.isDone, reason };
  }

  async function opened(one: Watched, file: string): Promise<FileHandle> {
    const there = one.files.get(file);
    if (there) return there;
    const handle = await open(file, "r");
    one.files.set(file, handle);
    return handle;
  }

  /** One dump after the other, and no second round beside the first. */
  function lookAround(): void {
    if (isLooking) return;
    isLooking = true;
    lookAtAll()
      .catch(onFailed)
      .finally(() => {
        isLooking = false;
      });
  }

  async function lookAtAll(): Promise<void> {
    const now = performance.now();
    for (const one of [...watched.values()]) {
      if (one.listeners.size > 0) {
        one.askedAt = now;
        await lookAndTell(one);
      } else if (now - one.askedAt > IDLE_MS) await drop(one);
    }
  }

  async function lookAndTell(one: Watched): Promise<void> {
    const origin = await originOf(one.id);
    if (origin && !("state" in origin)) await refresh(one, origin);
    const news = newsOf(one, origin);
    if (news === one.told) return;
    one.told = news;
    for (const listener of [...one.listeners]) listener();
  }

  /** A job tells each batch of its progress; only another stage is told at once. */
  const unsubscribe = jobs.subscribe(() => {
    for (const one of watched.values()) {
      if (one.listeners.size === 0) continue;
      const stage = jobs.arriving(one.id)?.job.phase ?? jobs.ended(one.id)?.state;
      if (stage !== undefined && !one.told.startsWith(`${stage} `)) lookAndTell(one).catch(onFailed);
    }
  });

  return {
    async look(id) {
      const entered = await enter(id);
      if ("state" in entered) return entered;
      const { one, origin } = entered;
      await refresh(one, origin);
      const { stage, container, bytes, totalBytes } = origin;
      const { picture, reason } = one;
      return {
        state: "arriving",
        file: origin.fileName,
        container: container ?? picture?.detail.facts.containerName ?? null,
        stage,
        bytes,
        totalBytes,
        picture: picture?.detail ?? null,
        reason: reason ?? (picture === null ? NOTHING_HERE : null),
      };
    },
    async picture(id) {
      // It may have been committed a moment ago; who looks is not told to look elsewhere yet.
      const one = watched.get(id);
      if (one?.picture) {
        one.askedAt = performance.now();
        return one.picture;
      }
      const entered = await enter(id);
      if (!("state" in entered)) {
        await refresh(entered.one, entered.origin);
        if (entered.one.picture) return entered.one.picture;
      }
      throw new DumpError("not-found", `There is no picture of dump ${id} yet`, { arriving: id });
    },
    async watch(id, listener) {
      const entered = await enter(id);
      if ("state" in entered) {
        listener();
        return () => undefined;
      }
      const { one, origin } = entered;
      if (one.listeners.size === 0) one.told = newsOf(one, origin);
      one.listeners.add(listener);
      return () => {
        one.listeners.delete(listener);
        one.askedAt = performance.now();
      };
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      unsubscribe();
      for (const one of [...watched.values()]) await drop(one);
    },
  };
}

/** A job makes its files when it comes to it, and takes them away when it ends. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function newlyWatched(id: string, scratch: string): Watched {
  return {
    id,
    listeners: new Set(),
    kept: new KeptSummaries(scratch),
    files: new Map(),
    unpacked: null,
    picture: null,
    reason: null,
    read: "",
    told: "",
    askedAt: 0,
    notBefore: 0,
    looking: null,
  };
}

function originOfJob({ job, file, content, asRaw, base }: ArrivingJob): Origin {
  const { phase, container, bytes, totalBytes } = job;
  return { stage: phase, fileName: job.file, container, bytes, totalBytes, file, lacking: 0, content, asRaw, base };
}

/** What a listener would see: begins with the stage, or with how it ended. */
function newsOf(one: Watched, origin: Origin | JobEnd | undefined): string {
  if (!origin) return "gone ";
  if ("state" in origin) return `${origin.state} `;
  return `${origin.stage} ${origin.bytes} ${origin.totalBytes} ${one.read} ${one.reason}`;
}
