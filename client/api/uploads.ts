/**
 * Files on their way to the server: a plain store of uploads over tus, resumable after a lost connection or a reload.
 * An upload that has arrived whole is turned into an ingest; from then on the server's job stands for it.
 */
import { Upload } from "tus-js-client";
import type { IngestRequest } from "../../shared/api/index.ts";
import { type ApiError, asApiError, localError, requestJson } from "./request.ts";

const ENDPOINT = "/api/uploads";
const CHUNK_BYTES = 8 * 1024 * 1024;
/** Retries by themselves before a person is asked. */
const RETRY_DELAYS_MS = [500, 1500, 4000];
/** The rate is taken over so long. */
const RATE_WINDOW_MS = 4000;

export type UploadState = "sending" | "starting" | "stopped" | "refused";

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
}

interface Running {
  readonly tus: Upload;
  readonly marks: { at: number; bytes: number }[];
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
    const id = `upload-${this.#next++}`;
    const tus = new Upload(file, {
      endpoint: ENDPOINT,
      metadata: { filename: file.name },
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_DELAYS_MS,
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => this.#progress(id, sent),
      onSuccess: () => void this.#arrived(id),
      onError: (error) => this.#failed(id, error),
    });
    this.#running.set(id, { tus, marks: [] });
    this.#list = [
      ...this.#list,
      {
        id,
        file: file.name,
        purpose,
        state: "sending",
        sentBytes: 0,
        totalBytes: file.size,
        bytesPerSecond: 0,
        startedAt: new Date().toISOString(),
        error: null,
      },
    ];
    this.#tell();
    void this.#start(id, tus);
  }

  /** Goes on where a broken connection stopped it. */
  continue(id: string): void {
    const running = this.#running.get(id);
    if (!running) return;
    running.marks.length = 0;
    const upload = this.#list.find((candidate) => candidate.id === id);
    this.#change(id, { state: "sending", error: null });
    if (upload && upload.sentBytes >= upload.totalBytes && running.tus.url) void this.#arrived(id);
    else running.tus.start();
  }

  /** Stops it and removes what has arrived. */
  cancel(id: string): void {
    const running = this.#running.get(id);
    this.#running.delete(id);
    this.#list = this.#list.filter((upload) => upload.id !== id);
    this.#tell();
    // Ending it on the server may fail when the connection is lost; the server sweeps what nobody finishes.
    void running?.tus.abort(true).catch(() => undefined);
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
    const name = this.#running.get(id)?.tus.url?.split("/").at(-1);
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
