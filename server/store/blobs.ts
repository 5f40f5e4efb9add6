/**
 * Blobs: immutable files named by the SHA-256 of their content, in one folder per kind. A blob is written under a
 * temporary name, synced, and renamed; a name therefore always stands for the whole content. What a blob itself holds
 * hashes of need not be hashed once more: a pack's name covers its page hashes, and these its frames (`pack.ts`).
 * The surprise: putting a content that is there already costs nothing and gives the same name.
 */
import { createHash, type Hash, randomBytes } from "node:crypto";
import {
  closeSync,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { DumpError } from "../../shared/errors/index.ts";

export const BLOB_KINDS = ["packs", "summaries", "manifests", "index", "originals", "known", "likeness"] as const;
export type BlobKind = (typeof BLOB_KINDS)[number];

const sync = promisify(fsync);

/** SHA-256 of the blob, or of the parts of it that vouch for the rest; hexadecimal. */
export type BlobName = string;

/** Bytes appended one after another; `finish` syncs and names them, `abandon` leaves nothing behind. */
export interface BlobWriter {
  readonly bytes: number;
  append(bytes: Uint8Array): void;
  /** Bytes for which something under the name vouches: the name is not made of them. */
  appendVouched(bytes: Uint8Array): void;
  finish(): BlobName;
  /** As `finish`, while the disk is waited for elsewhere. */
  finishBeside(): Promise<BlobName>;
  abandon(): void;
}

export interface Blobs {
  create(kind: BlobKind): BlobWriter;
  /** @throws DumpError `store-damaged` when the blob is not there or shorter. */
  read(kind: BlobKind, name: BlobName, offset: number, length: number): Uint8Array;
  /** @throws DumpError `store-damaged` when the blob is not there. */
  size(kind: BlobKind, name: BlobName): number;
  list(kind: BlobKind): BlobName[];
  delete(kind: BlobKind, name: BlobName): void;
  /** SHA-256 of the bytes as they are on disk now, read in pieces. */
  digest(kind: BlobKind, name: BlobName): Promise<BlobName>;
  /** Removes what was never finished. @returns bytes freed. */
  sweepUnfinished(): number;
  close(): void;
}

const OPEN_FILES = 64;

/** Blobs as files below `directory`. */
export function createFileBlobs(directory: string): Blobs {
  for (const kind of BLOB_KINDS) mkdirSync(path.join(directory, kind), { recursive: true });
  // Least recently used last; a descriptor costs little, but dumps of a thousand packs must not run out of them.
  const open_ = new Map<string, number>();
  const place = (kind: BlobKind, name: BlobName) => path.join(directory, kind, name);

  function descriptor(kind: BlobKind, name: BlobName): number {
    const key = `${kind}/${name}`;
    let fd = open_.get(key);
    if (fd !== undefined) {
      open_.delete(key);
    } else {
      fd = present(kind, name, (file) => openSync(file, "r"));
      if (open_.size >= OPEN_FILES) {
        const [oldest, oldFd] = open_.entries().next().value as [string, number];
        open_.delete(oldest);
        closeSync(oldFd);
      }
    }
    open_.set(key, fd);
    return fd;
  }

  /** @throws DumpError `store-damaged` when the blob is not there: packs are given another form, under another name. */
  function present<T>(kind: BlobKind, name: BlobName, act: (file: string) => T): T {
    try {
      return act(place(kind, name));
    } catch (cause) {
      // Of a disk that fails, or too many open files, the blob is none the worse.
      if (!(cause instanceof Error && "code" in cause && cause.code === "ENOENT")) throw cause;
      const blob = `${kind}/${name}`;
      throw new DumpError("store-damaged", `${blob} is not in the store`, { blob }, { cause });
    }
  }

  function forget(key: string): void {
    const fd = open_.get(key);
    if (fd === undefined) return;
    open_.delete(key);
    closeSync(fd);
  }

  return {
    create: (kind) => createWriter(path.join(directory, kind)),
    read(kind, name, offset, length) {
      const bytes = new Uint8Array(length);
      let done = 0;
      const fd = descriptor(kind, name);
      while (done < length) {
        const got = naming(place(kind, name), () => readSync(fd, bytes, done, length - done, offset + done));
        if (got === 0) {
          const facts = { blob: `${kind}/${name}`, offset, needed: length, there: done };
          throw new DumpError(
            "store-damaged",
            `${kind}/${name} ends at byte ${offset + done}; ${length} bytes from ${offset} were needed`,
            facts,
          );
        }
        done += got;
      }
      return bytes;
    },
    size: (kind, name) => present(kind, name, (file) => statSync(file).size),
    list: (kind) => readdirSync(path.join(directory, kind)).filter((name) => /^[0-9a-f]{64}$/.test(name)),
    delete(kind, name) {
      forget(`${kind}/${name}`);
      rmSync(place(kind, name), { force: true });
    },
    async digest(kind, name) {
      const hash = createHash("sha256");
      await using file = await open(place(kind, name), "r");
      for await (const piece of file.createReadStream({ highWaterMark: 1 << 20, autoClose: false })) hash.update(piece);
      return hash.digest("hex");
    },
    sweepUnfinished() {
      let freed = 0;
      for (const kind of BLOB_KINDS) {
        for (const name of readdirSync(path.join(directory, kind))) {
          if (!name.endsWith(".unfinished")) continue;
          const file = path.join(directory, kind, name);
          freed += statSync(file).size;
          rmSync(file, { force: true });
        }
      }
      return freed;
    },
    close() {
      for (const fd of open_.values()) closeSync(fd);
      open_.clear();
    },
  };
}

function createWriter(folder: string): BlobWriter {
  const temporary = path.join(folder, `${randomBytes(8).toString("hex")}.unfinished`);
  const fd = openSync(temporary, "wx");
  const hash: Hash = createHash("sha256");
  let bytes = 0;
  let isOpen = true;
  const release = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  const rename = () => {
    const name = hash.digest("hex");
    const target = path.join(folder, name);
    if (exists(target)) {
      rmSync(temporary);
      return name;
    }
    renameSync(temporary, target);
    syncFolder(folder);
    return name;
  };
  const write = (piece: Uint8Array) => {
    let done = 0;
    while (done < piece.length) done += naming(temporary, () => writeSync(fd, piece, done, piece.length - done));
    bytes += piece.length;
  };
  return {
    get bytes() {
      return bytes;
    },
    append(piece) {
      write(piece);
      hash.update(piece);
    },
    appendVouched: write,
    finish() {
      naming(temporary, () => fsyncSync(fd));
      release();
      return rename();
    },
    async finishBeside() {
      try {
        await sync(fd);
      } catch (error) {
        throw named(error, temporary);
      } finally {
        release();
      }
      return rename();
    },
    abandon() {
      release();
      rmSync(temporary, { force: true });
    },
  };
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Node.js names no file in what fails on a descriptor. */
function naming<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw named(error, file);
  }
}

function named(error: unknown, file: string): unknown {
  if (error instanceof Error) error.message += ` '${file}'`;
  return error;
}

/** A rename is durable only when its folder is. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    naming(folder, () => fsyncSync(fd));
  } finally {
    closeSync(fd);
  }
}
