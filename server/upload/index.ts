/**
 * Uploads: bytes arrive, resumable (tus), into files of the store; nothing is interpreted here. An upload is named by
 * 32 hexadecimal digits that the server chose: no name from outside ever becomes a path.
 */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import { DumpError } from "../../shared/errors/index.ts";

/** An upload nobody continues or ingests is dropped at start after this. */
const ABANDONED_MS = 7 * 24 * 3600 * 1000;

export interface ArrivingUpload {
  readonly file: string;
  readonly fileName: string;
  readonly bytes: number;
  /** Of the whole file. */
  readonly totalBytes: number;
}

export interface Uploads {
  /** Speaks tus on `/api/uploads`. */
  readonly server: Server;
  /** @throws DumpError `not-found`, `bad-request` for an upload that has not arrived whole */
  arrived(upload: string): Promise<{ readonly file: string; readonly fileName: string; readonly bytes: number }>;
  /** How much of it has come; `undefined` when there is none of that name. */
  arriving(upload: string): Promise<ArrivingUpload | undefined>;
  /** What is there of one that was refused. @throws DumpError `not-found` */
  kept(upload: string): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** From now on it is to have so many bytes; without a number, as many as are there. @throws DumpError `not-found`, `bad-request` */
  resize(upload: string, bytes?: number): Promise<void>;
  drop(upload: string): void;
}

/** @param kept uploads that refused dumps and waiting jobs still need. */
export function openUploads(directory: string, kept: ReadonlySet<string>): Uploads {
  dropAbandoned(directory, kept);
  const store = new FileStore({ directory });
  const server = new Server({
    path: "/api/uploads",
    datastore: store,
    relativeLocation: true,
    namingFunction: () => randomBytes(16).toString("hex"),
    respectForwardedHeaders: false,
  });
  const find = (upload: string) => {
    const file = path.join(directory, upload);
    const there = /^[0-9a-f]{32}$/.test(upload) && statSync(file, { throwIfNoEntry: false });
    if (!there) throw new DumpError("not-found", `There is no upload ${upload}`, { upload });
    return { file, there };
  };
  return {
    server,
    async arrived(upload) {
      const { file, there } = find(upload);
      const { size, metadata } = await store.getUpload(upload);
      if (size === undefined || there.size !== size) {
        throw new DumpError(
          "bad-request",
          `The upload has not arrived whole: ${there.size} of ${size ?? "?"} bytes are here`,
          { upload, there: there.size },
        );
      }
      return { file, fileName: metadata?.filename ?? upload, bytes: size };
    },
    async arriving(upload) {
      const file = path.join(directory, upload);
      const there = /^[0-9a-f]{32}$/.test(upload) && statSync(file, { throwIfNoEntry: false });
      if (!there) return undefined;
      // Its record may go at any moment: it has been taken in, or given up.
      const record = await store.getUpload(upload).catch(() => undefined);
      return (
        record && {
          file,
          fileName: record.metadata?.filename ?? upload,
          bytes: there.size,
          totalBytes: record.size ?? there.size,
        }
      );
    },
    async kept(upload) {
      const { file, there } = find(upload);
      const hash = createHash("sha256");
      // What arrives meanwhile is not of it.
      const pieces = createReadStream(file, { highWaterMark: 1 << 20, end: there.size - 1 });
      if (there.size > 0) for await (const piece of pieces) hash.update(piece as Uint8Array);
      return { bytes: there.size, sha256: hash.digest("hex") };
    },
    async resize(upload, asked) {
      const { there } = find(upload);
      const bytes = asked ?? there.size;
      if (bytes < there.size)
        throw new DumpError("bad-request", `${there.size} bytes of it are here; it cannot have ${bytes}`, {
          upload,
          there: there.size,
        });
      await store.declareUploadLength(upload, bytes);
    },
    drop(upload) {
      if (!/^[0-9a-f]{32}$/.test(upload)) return;
      rmSync(path.join(directory, upload), { force: true });
      rmSync(path.join(directory, `${upload}.json`), { force: true });
    },
  };
}

function dropAbandoned(directory: string, kept: ReadonlySet<string>): void {
  for (const name of readdirSync(directory)) {
    const file = path.join(directory, name);
    if (kept.has(name.replace(/\.json$/, "")) || Date.now() - statSync(file).mtimeMs < ABANDONED_MS) continue;
    rmSync(file, { force: true });
  }
}
