/**
 * Files on their way to the server: a plain store of uploads over tus, resumable after a lost connection or a reload.
 * An upload that has arrived whole is turned into an ingest; from then on the server's job stands for it.
 */
import { Upload } from "tus-js-client";
import type { IngestRequest } from "../../shared/api/index.ts";
import { type ApiError, asApiError, localError, requestJson } from "./request.ts";
import { Sha256 } from "./sha256.ts";

const ENDPOINT = "/api/uploads";
const CHUNK_BYTES = 8 * 1024 * 1024;
/** Read and digested at once: some milliseconds, so that the page stays quick. */
const SLICE_BYTES = 1024 * 1024;
/** Retries by themselves before a person is asked. */
const RETRY_DELAYS_MS = [500, 1500, 4000];
/** The rate is taken over so long. */
const RATE_WINDOW_MS = 4000;

export type UploadState = "checking" | "sending" | "starting" | "stopped" | "refused";

/** What a person asked for with the file. */
export type UploadPurpose = Omit<IngestRequest, "upload">;

export interface LocalUpload {
  readonly id: string;
  readonly file: string;
  readonly purpose: UploadPurpose;
  readonly state: UploadState;
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  readonly startedAt: string;
  readonly error: ApiError | null;
  /** Of a refused dump: the upload that this one is the rest of. */
  readonly restOf: string | null;
  /** What the server calls it; `null` until it has an upload. */
  readonly upload: string | null;
  /** What was chosen, to be sent whole after all. */
  readonly source: File;
}

interface Running {
  /** Not yet, while it is looked whether the file is the rest of what is kept. */
  tus: Upload | null;
  readonly marks: { at: number; bytes: number }[];
  readonly stop: AbortController;
  start(): void;
}

export class Uploads {
  #list: readonly LocalUpload[] = [];
  #running = new Map<string, Running>();
  #listeners = new Set<() => void>();
  #next = 1;
  #onStarted: () => void;

  /** @param onStarted called when an ingest has begun: the library has news. */
  constructor(onStarted: () => void) {
    this.#onStarted = onStarted;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly list = (): readonly LocalUpload[] => this.#list;

  add(file: File, purpose: UploadPurpose): void {
    const id = this.#enter(file, purpose, null);
    const tus = new Upload(file, {
      ...this.#options(id),
      endpoint: ENDPOINT,
      metadata: { filename: file.name },
      removeFingerprintOnSuccess: true,
    });
    this.#running.set(id, { tus, marks: [], stop: new AbortController(), start: () => tus.start() });
    void this.#start(id, tus);
  }

  /**
   * Sends what a refused, cut dump lacks. It begins only when the file begins with what is kept.
   * @param kept the receipt of the refusal, and its upload
   */
  sendRest(file: File, kept: { readonly receipt: number; readonly upload: string }): void {
    const id = this.#enter(file, { kind: "dump" }, kept.upload);
    const running: Running = {
      tus: null,
      marks: [],
      stop: new AbortController(),
      start: () => void this.#sendRest(id, file, kept, running),
    };
    this.#running.set(id, running);
    running.start();
  }

  /** Goes on where a broken connection stopped it. */
  continue(id: string): void {
    const running = this.#running.get(id);
    if (!running) return;
    running.marks.length = 0;
    const upload = this.#list.find((candidate) => candidate.id === id);
    this.#change(id, { state: running.tus ? "sending" : "checking", error: null });
    if (upload && upload.sentBytes >= upload.totalBytes && running.tus?.url) void this.#arrived(id);
    else running.start();
  }

  /** Stops it and removes what has arrived; of a rest that stays with what was kept before. */
  cancel(id: string): void {
    const running = this.#running.get(id);
    const isRest = this.#list.find((upload) => upload.id === id)?.restOf != null;
    running?.stop.abort();
    this.#running.delete(id);
    this.#list = this.#list.filter((upload) => upload.id !== id);
    this.#tell();
    // Ending it on the server may fail when the connection is lost; the server sweeps what nobody finishes.
    void running?.tus?.abort(!isRest).catch(() => undefined);
  }

  #enter(source: File, purpose: UploadPurpose, restOf: string | null): string {
    const id = `upload-${this.#next++}`;
    const entry: LocalUpload = {
      id,
      file: source.name,
      purpose,
      state: restOf === null ? "sending" : "checking",
      sentBytes: 0,
      totalBytes: source.size,
      bytesPerSecond: 0,
      startedAt: new Date().toISOString(),
      error: null,
      restOf,
      upload: null,
      source,
    };
    this.#list = [...this.#list, entry];
    this.#tell();
    return id;
  }

  #options(id: string) {
    return {
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_DELAYS_MS,
      onUploadUrlAvailable: () => this.#change(id, { upload: this.#nameOf(id) }),
      onProgress: (sent: number) => this.#progress(id, sent),
      onSuccess: () => void this.#arrived(id),
      onError: (error: Error) => this.#failed(id, error),
    };
  }

  async #sendRest(
    id: string,
    file: File,
    { receipt, upload }: { readonly receipt: number; readonly upload: string },
    running: Running,
  ): Promise<void> {
    const { signal } = running.stop;
    const parameters = { receipt: String(receipt) };
    try {
      if (!running.tus) {
        const kept = await requestJson("kept", { parameters, signal });
        await this.#requireBeginning(id, file, kept, signal);
        await requestJson("grow", { parameters, body: { bytes: file.size }, signal });
        running.marks.length = 0;
        running.tus = new Upload(file, {
          ...this.#options(id),
          uploadUrl: `${ENDPOINT}/${upload}`,
          storeFingerprintForResuming: false,
        });
        this.#change(id, { state: "sending", sentBytes: kept.bytes, upload });
      }
      running.tus.start();
    } catch (error) {
      if (signal.aborted) return;
      const problem = asApiError(error);
      this.#change(id, { state: problem.problem.code === "unreachable" ? "stopped" : "refused", error: problem });
    }
  }

  /** @throws ApiError `rest-differs` */
  async #requireBeginning(
    id: string,
    file: File,
    kept: { readonly bytes: number; readonly sha256: string },
    signal: AbortSignal,
  ): Promise<void> {
    if (file.size <= kept.bytes) {
      const counts = `${file.size} bytes; ${kept.bytes} are kept already`;
      throw localError("rest-differs", `${file.name} has no rest to send: it has ${counts}.`, "Choose the whole file.");
    }
    const hash = new Sha256();
    for (let at = 0; at < kept.bytes; at += SLICE_BYTES) {
      const slice = file.slice(at, Math.min(at + SLICE_BYTES, kept.bytes));
      hash.update(new Uint8Array(await slice.arrayBuffer()));
      signal.throwIfAborted();
      this.#progress(id, Math.min(at + SLICE_BYTES, kept.bytes));
    }
    if (hash.digest() === kept.sha256) return;
    throw localError(
      "rest-differs",
      `The first ${kept.bytes} bytes of ${file.name} are not those that are kept.`,
      "Upload it whole.",
    );
  }

  async #start(id: string, tus: Upload): Promise<void> {
    const earlier = await tus.findPreviousUploads().catch(() => []);
    if (!this.#running.has(id)) return;
    if (earlier.length > 0) tus.resumeFromPreviousUpload(earlier[0]);
    tus.start();
  }

  #progress(id: string, sent: number): void {
    const marks = this.#running.get(id)?.marks;
    if (!marks) return;
    const now = performance.now();
    marks.push({ at: now, bytes: sent });
    while (marks.length > 2 && now - marks[0].at > RATE_WINDOW_MS) marks.shift();
    const span = now - marks[0].at;
    this.#change(id, {
      sentBytes: sent,
      bytesPerSecond: span > 0 ? ((sent - marks[0].bytes) / span) * 1000 : 0,
    });
  }

  async #arrived(id: string): Promise<void> {
    const upload = this.#list.find((candidate) => candidate.id === id);
    const name = this.#nameOf(id);
    if (!upload || !name) return;
    this.#change(id, { state: "starting", sentBytes: upload.totalBytes });
    try {
      await requestJson("ingest", { body: { ...upload.purpose, upload: name } satisfies IngestRequest });
      this.#running.delete(id);
      this.#onStarted();
      this.#list = this.#list.filter((candidate) => candidate.id !== id);
      this.#tell();
    } catch (error) {
      const problem = asApiError(error);
      this.#change(id, { state: problem.problem.code === "unreachable" ? "stopped" : "refused", error: problem });
    }
  }

  #nameOf(id: string): string | null {
    return this.#running.get(id)?.tus?.url?.split("/").at(-1) ?? null;
  }

  #failed(id: string, error: Error): void {
    if (!this.#running.has(id)) return;
    const response = "originalResponse" in error ? error.originalResponse : null;
    const status = hasStatus(response) ? response.getStatus() : 0;
    const refused = status >= 400 && status < 500 && status !== 409 && status !== 423;
    this.#change(id, {
      state: refused ? "refused" : "stopped",
      bytesPerSecond: 0,
      error: localError(
        refused ? "upload-refused" : "connection-lost",
        refused ? `The server refused the upload (${status}).` : "The connection was lost.",
        refused ? "Upload it again." : "Continue when the server answers; what has arrived is kept.",
        error,
      ),
    });
  }

  #change(id: string, change: Partial<LocalUpload>): void {
    this.#list = this.#list.map((upload) => (upload.id === id ? { ...upload, ...change } : upload));
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function hasStatus(response: unknown): response is { getStatus(): number } {
  return typeof response === "object" && response !== null && "getStatus" in response;
}
