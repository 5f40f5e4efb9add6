/**
 * What a known set can be made from, told apart by content: a directory, an image archive, a tar of a root file system,
 * anything else as a single file. A dump is none of these, and is refused with what to do instead.
 */
import { readdir, stat } from "node:fs/promises";
import { DumpError } from "../../shared/errors/index.ts";
import {
  compressionOf,
  FileSource,
  firstMembers,
  indexTar,
  recogniseDump,
  type TarIndex,
  unpackDump,
} from "../readers/index.ts";
import { openDirectory } from "./directory.ts";
import { openFile } from "./file.ts";
import { openImage, openRootTar } from "./image/index.ts";
import type { KnownSource, SourceOptions } from "./source.ts";

/** A tar with one of these at its top is a root file system: no form of image archive has them. */
const ROOT_DIRECTORIES: ReadonlySet<string> = new Set(
  "bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var".split(" "),
);
/** At the top of an image, of OCI or docker. */
const IMAGE_FILES = ["index.json", "manifest.json"];
/** The first names decide where they can; else all names are read. */
const FIRST_MEMBERS = 16;

export interface OpenOptions extends Omit<SourceOptions, "digestOf"> {
  readonly name?: string;
  readonly filePath?: string;
  /** SHA-256 of a range of a file, computed in another thread. */
  readonly digest?: (file: string, offset: number, size: number) => Promise<string>;
}

/**
 * Close what is returned.
 * @param place a directory or a file
 * @param name what the file is called; its own name when left out
 * @param filePath where a single file lies in containers; directly in the root, when left out
 * @throws DumpError `no-image` for a dump, `bad-request` for a `filePath` of more than one file; those of the image reader
 */
export async function openSource(
  place: string,
  { name, filePath, digest, ...asked }: OpenOptions = {},
): Promise<KnownSource> {
  const there = await stat(place).catch((cause: unknown) => {
    throw new DumpError("file-unreadable", `${place} cannot be read`, { path: place }, { cause });
  });
  const called = name ?? place;
  if (there.isDirectory()) {
    refusePath(filePath, called, "directory");
    await refuseUnpackedImage(place);
    return openDirectory(place, asked);
  }
  const { source, content } = await openUnpacked(place, asked);
  const options: SourceOptions = {
    ...asked,
    ...(digest && { digestOf: (offset, size) => digest(content, offset, size) }),
  };
  const kind = await kindOf(source, called);
  if (kind !== "file" && filePath !== undefined) {
    await source.close();
    refusePath(filePath, called, kind);
  }
  switch (kind) {
    case "image":
      return openImage(source, options);
    case "root file system":
      return openRootTar(source, options);
    default:
      // Pages are those of the file as it is, compressed or not.
      await source.close();
      return openFile(place, { ...asked, name, filePath });
  }
}

/** @throws DumpError `bad-request` */
function refusePath(filePath: string | undefined, called: string, kind: string): void {
  if (filePath === undefined) return;
  const message = `${called} is no single file but ${kind === "image" ? "an" : "a"} ${kind}, which has paths of its own: ${filePath} cannot be its path`;
  throw new DumpError("bad-request", message, { path: called, kind });
}

async function openUnpacked(
  place: string,
  { scratch, signal }: SourceOptions,
): Promise<{ readonly source: FileSource; readonly content: string }> {
  const source = await FileSource.open(place);
  if (compressionOf(await source.read(0, 16)) === "none" || scratch === undefined) return { source, content: place };
  await source.close();
  await unpackDump(place, scratch, { signal });
  return { source: await FileSource.open(scratch), content: scratch };
}

/** Closes the source when it throws. */
async function kindOf(source: FileSource, called: string): Promise<"image" | "root file system" | "file"> {
  try {
    const names = await firstMembers(source, FIRST_MEMBERS);
    if (names?.some((name) => ROOT_DIRECTORIES.has(topOf(name)))) return "root file system";
    const archive = names === null ? null : await indexTar(source);
    if (archive !== null && isImage(archive)) return "image";
    await refuseDump(source, called);
    return archive === null ? "file" : "root file system";
  } catch (error) {
    await source.close();
    throw error;
  }
}

function topOf(name: string): string {
  return name.split("/").find((part) => part !== "" && part !== ".") ?? "";
}

function isImage(archive: TarIndex): boolean {
  return IMAGE_FILES.some((name) => archive.file(name) !== undefined);
}

/** An image that was unpacked would be a root file system of blobs, which no page of a container is of. @throws DumpError `no-image` */
async function refuseUnpackedImage(place: string): Promise<void> {
  const names = new Set(await readdir(place));
  if (!IMAGE_FILES.some((name) => names.has(name)) || [...names].some((name) => ROOT_DIRECTORIES.has(name))) return;
  const message = `${place} is an unpacked image, no root file system: pack it into a tar again, and add that`;
  throw new DumpError("no-image", message, { path: place });
}

/** @throws DumpError `no-image` */
async function refuseDump(source: FileSource, called: string): Promise<void> {
  // What is no dump, or a broken one, is refused by whoever reads it as what it is.
  const reader = source.size === 0 ? undefined : await recogniseDump(source, { asRaw: false }).catch(() => undefined);
  if (reader === undefined) return;
  throw new DumpError("no-image", `${called} is a dump (${reader.name}), no container image and no file of one`, {
    path: called,
  });
}
