/**
 * A directory as the root file system of a known set. Links are never followed, devices and sockets are left out, and
 * so is whatever else is mounted below: /proc of a running system has files without end.
 */
import { constants, type Dirent } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink } from "node:fs/promises";
import { DumpError } from "../../shared/errors/index.ts";
import { changed } from "./file.ts";
import { ENTRIES_LIMIT, FILE_LIMIT, type KnownSource, type SourceFile, type SourceOptions } from "./source.ts";

const CHUNK = 256 * 1024;
/** The kernel's longest path has 4,096 characters, so 2,048 directories; nobody makes more than some thirty. */
const DEPTH_LIMIT = 256;
/** Of what was left out, so many are named. */
const NOTES_LIMIT = 20;

interface FoundFile extends SourceFile {
  /** Names are bytes: one that is no UTF-8 must open all the same. */
  readonly place: Buffer;
}

interface Walk {
  readonly byContent: Map<string, { paths: string[]; place: Buffer; size: number }>;
  readonly links: Map<string, string>;
  readonly notes: string[];
  leftOut: number;
  entries: number;
}

/** @throws DumpError `limit-met`, `file-unreadable`, `cancelled` */
export async function openDirectory(root: string, options: SourceOptions = {}): Promise<KnownSource> {
  const walk: Walk = { byContent: new Map(), links: new Map(), notes: [], leftOut: 0, entries: 0 };
  const { dev } = await lstat(`${root}/.`, { bigint: true });
  await walkDirectory(Buffer.from(root), "", 0, dev, walk, options.signal);
  if (walk.leftOut > NOTES_LIMIT) walk.notes.push(`${walk.leftOut - NOTES_LIMIT} more were left out.`);
  const files: FoundFile[] = [...walk.byContent.values()].map(({ paths, place, size }) => ({
    paths: paths.sort(),
    place,
    size,
    layer: 0,
  }));
  files.sort((x, y) => (x.paths[0] < y.paths[0] ? -1 : 1));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  return {
    kind: "directory",
    digest: null,
    layers: [{ digest: null }],
    files: files.reduce((sum, { paths }) => sum + paths.length, 0),
    bytes: files.reduce((sum, { paths, size }) => sum + size * paths.length, 0),
    links: walk.links,
    notes: walk.notes,
    async forEachFile(visit) {
      let done = 0;
      for (const file of files) {
        if (options.signal?.aborted) throw new DumpError("cancelled", "Reading the directory was cancelled");
        const opened = await openFound(file);
        if (opened === undefined) walk.notes.push(`${file.paths[0]} cannot be read.`);
        else {
          await using handle = opened;
          await visit(file, bytesOf(file, handle));
        }
        done += file.size;
        options.onProgress?.(done, total);
      }
    },
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function walkDirectory(
  place: Buffer,
  path: string,
  depth: number,
  device: bigint,
  walk: Walk,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal?.aborted) throw new DumpError("cancelled", "Reading the directory was cancelled");
  if (depth > DEPTH_LIMIT)
    throw new DumpError("limit-met", `${path} lies deeper than ${DEPTH_LIMIT} directories`, { limit: DEPTH_LIMIT });
  const leaveOut = (what: string) => {
    if (++walk.leftOut <= NOTES_LIMIT) walk.notes.push(what);
  };
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(place, { withFileTypes: true, encoding: "buffer" });
  } catch (cause) {
    if (depth === 0) throw new DumpError("file-unreadable", `${place} cannot be read`, { path: `${place}` }, { cause });
    leaveOut(`${path} cannot be read.`);
    return;
  }
  for (const { name } of entries) {
    if (++walk.entries > ENTRIES_LIMIT)
      throw new DumpError("limit-met", `The directory has more than ${ENTRIES_LIMIT} files and directories`, {
        limit: ENTRIES_LIMIT,
      });
    const entryPath = `${path}/${name.toString()}`;
    const entryPlace = Buffer.concat([place, Buffer.from("/"), name]);
    const status = await lstat(entryPlace, { bigint: true });
    if (status.isSymbolicLink()) walk.links.set(entryPath, await readlink(entryPlace));
    else if (status.isDirectory()) {
      if (status.dev !== device) leaveOut(`${entryPath} is another file system.`);
      else await walkDirectory(entryPlace, entryPath, depth + 1, device, walk, signal);
    } else if (status.isFile() && status.dev === device) {
      if (status.size > FILE_LIMIT) {
        leaveOut(`${entryPath} has ${status.size} bytes, more than ${FILE_LIMIT}, and was left out.`);
        continue;
      }
      const key = `${status.ino}`;
      const there = walk.byContent.get(key);
      if (there) there.paths.push(entryPath);
      else walk.byContent.set(key, { paths: [entryPath], place: entryPlace, size: Number(status.size) });
    }
  }
}

/** @returns `undefined` for a file that may not be read; the rest of the directory is known all the same. */
async function openFound({ place }: FoundFile): Promise<FileHandle | undefined> {
  try {
    // What was a file a moment ago may be a link by now.
    return await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "EACCES" || cause.code === "EPERM"))
      return undefined;
    throw new DumpError("file-unreadable", `${place} cannot be opened`, { path: `${place}` }, { cause });
  }
}

async function* bytesOf({ place, size }: FoundFile, file: FileHandle): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(Math.min(CHUNK, Math.max(1, size)));
  for (let done = 0; done < size; ) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, size - done), done);
    if (bytesRead === 0) throw changed(`${place}`, size, done);
    done += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
