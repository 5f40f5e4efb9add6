/**
 * Which files of its image a container had changed, removed, or mounted something over when it was checkpointed: the
 * engine's `rootfs-diff.tar` (of containerd a compressed layer with whiteouts), the list `deleted.files` beside it, and
 * CRIU's list of mounts.
 * @see docs/formats/criu.md
 */
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import type { ByteSource } from "../contract.ts";
import { Losses } from "../losses.ts";
import { indexRootTar, indexTar, type TarMember } from "../tar/index.ts";
import { compressionOf, decompress, unpackLimit, withinLimit } from "../unpack/index.ts";
import { type ImageContext, MAGIC, messages } from "./image-file.ts";
import { parseMountpoint } from "./messages.ts";

export interface ChangedFiles {
  /** @param path from the container's root, `/usr/bin/x` */
  has(path: string): boolean;
}

const CHUNK = 256 * 1024;
/** A list longer than this is not believed to be one. */
const LIST_LIMIT = 16 << 20;
/** A name costs about 200 B: 200 MB at the limit. No container has changed so many files. */
const NAMES_LIMIT = 1_000_000;
/** Of each mount namespace one. */
const MOUNTS = /^(checkpoint\/)?mountpoints-\d+\.img$/;
const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

const NONE: ChangedFiles = { has: () => false };
const ANY: ChangedFiles = { has: () => true };

/** @returns none of what is no checkpoint; any file, where what the engine wrote cannot be read: then nobody knows. */
export async function readChangedFiles(source: ByteSource): Promise<ChangedFiles> {
  const archive = await indexTar(source);
  if (archive === null || archive.refusal !== null) return NONE;
  const [difference, list] = [archive.file("rootfs-diff.tar"), archive.file("deleted.files")];
  const changed = new Set<string>();
  const opaque = new Set<string>();
  try {
    for await (const { name, isDirectory } of difference ? membersOf(source, difference) : []) {
      const path = pathOf(name);
      const slash = path.lastIndexOf("/");
      const [folder, file] = [path.slice(0, slash), path.slice(slash + 1)];
      if (file === OPAQUE) opaque.add(folder);
      else if (file.startsWith(WHITEOUT)) changed.add(`${folder}/${file.slice(WHITEOUT.length)}`);
      else if (!isDirectory) changed.add(path);
      if (changed.size + opaque.size > NAMES_LIMIT) return ANY;
    }
    for (const name of list ? await namesOf(source, list) : []) changed.add(pathOf(name));
    for await (const place of mountsOf(source, archive.members)) changed.add(place);
  } catch {
    return ANY;
  }
  return {
    has(path) {
      if (changed.has(path)) return true;
      for (let end = path.lastIndexOf("/"); end >= 0; end = end > 0 ? path.lastIndexOf("/", end - 1) : -1) {
        const folder = path.slice(0, end);
        // A folder that was removed, is a link or a file now, or has a file system of its own.
        if (changed.has(folder) || opaque.has(folder)) return true;
      }
      return false;
    },
  };
}

/** Places but the root at which a file system or a file is mounted. @throws DumpError `dump-damaged`, `dump-cut` */
async function* mountsOf(source: ByteSource, members: readonly TarMember[]): AsyncGenerator<string> {
  const context: ImageContext = { source, losses: new Losses(false), byteOrder: "little" };
  for (const member of members) {
    if (!MOUNTS.test(member.name.replace(/^\.\//, ""))) continue;
    for await (const { bytes } of messages(context, member, MAGIC.mountpoints)) {
      const place = pathOf(parseMountpoint(bytes) ?? "");
      if (place !== "/") yield place;
    }
  }
}

interface Member {
  readonly name: string;
  readonly isDirectory: boolean;
}

async function* membersOf(source: ByteSource, { offset, size, stored }: TarMember): AsyncGenerator<Member> {
  if (stored < size) throw new Error("the archive ends in it");
  const inside: ByteSource = {
    size,
    read: (at, length) => source.read(offset + at, Math.max(0, Math.min(length, size - at))),
  };
  if (compressionOf(await inside.read(0, 16)) !== "none") {
    yield* packedMembers(inside);
    return;
  }
  const index = await indexRootTar(inside);
  // An empty tar is two blocks of zeros, in which no header is.
  if (index === null) return;
  if (index.refusal !== null || index.trouble !== null) throw index.refusal ?? new Error("it is damaged");
  for (const { name, kind } of index.members) yield { name, isDirectory: kind === "directory" };
}

async function* packedMembers(source: ByteSource): AsyncGenerator<Member> {
  async function* stored(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < source.size; at += CHUNK) yield await source.read(at, CHUNK);
  }
  const { bytes } = await decompress(stored());
  const limit = unpackLimit();
  const tar = extract();
  const input = Readable.from(withinLimit(bytes, limit, () => new Error(`it unpacks to more than ${limit} bytes`)));
  input.on("error", (error) => tar.destroy(error));
  input.pipe(tar);
  for await (const entry of tar) {
    yield { name: entry.header.name, isDirectory: entry.header.type === "directory" };
    entry.resume();
  }
}

async function namesOf(source: ByteSource, { offset, size, stored }: TarMember): Promise<readonly string[]> {
  if (size > LIST_LIMIT || stored < size) throw new Error("it is no list of names");
  const names: unknown = JSON.parse(new TextDecoder().decode(await source.read(offset, size)));
  if (!Array.isArray(names)) throw new Error("it is no list of names");
  return names.map(String);
}

/** From the root, without doubled slashes. */
function pathOf(name: string): string {
  return `/${name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/")}`;
}
