/** A single file as the source of a known set: a library, a program, a kernel. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import path from "node:path";
import { DumpError } from "../../shared/errors/index.ts";
import { FileSource } from "../readers/index.ts";
import { FILE_LIMIT, type KnownSource, type SourceFile, type SourceOptions } from "./source.ts";

const CHUNK = 256 * 1024;
const UNPLACED =
  "Where the file lies in containers was not told: its pages are found wherever they are, but no mapping is known to be of it";

/**
 * @param options `name`: what the file is called, when it has another name here; `filePath`: where it lies in containers
 * @throws DumpError `file-unreadable`
 */
export async function openFile(
  place: string,
  { signal, onProgress, name, filePath }: SourceOptions & { readonly name?: string; readonly filePath?: string },
): Promise<KnownSource> {
  const source = await FileSource.open(place);
  const size = source.size;
  await source.close();
  if (size > FILE_LIMIT)
    throw new DumpError("limit-met", `${place} has ${size} bytes; the limit is ${FILE_LIMIT}`, { limit: FILE_LIMIT });
  // Where it lies in containers nothing but a person can tell.
  const file: SourceFile = { paths: [filePath ?? `/${path.basename(name ?? place)}`], size, layer: 0 };
  let digest: string | null = null;

  async function* bytes(): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    let done = 0;
    for await (const piece of createReadStream(place, { highWaterMark: CHUNK, end: Math.max(0, size - 1), signal })) {
      const chunk = piece as Uint8Array;
      hash.update(chunk);
      done += chunk.length;
      yield chunk;
      onProgress?.(done, size);
    }
    if (done < size) throw changed(place, size, done);
    digest = `sha256:${hash.digest("hex")}`;
  }

  return {
    kind: "file",
    get digest() {
      return digest;
    },
    get layers() {
      return [{ digest }];
    },
    files: 1,
    bytes: size,
    links: new Map(),
    notes: [filePath === undefined ? UNPLACED : `That it lies at ${filePath} in containers was told by who added it`],
    forEachFile: (visit) => visit(file, size === 0 ? nothing() : bytes()),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A file that shrinks while it is read. */
export function changed(place: string, size: number, there: number): DumpError {
  return new DumpError("file-changed", `${place} was changed while it was read`, { path: place, bytes: size, there });
}
