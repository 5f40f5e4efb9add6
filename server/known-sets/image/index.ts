/**
 * A container image's files, as the merged layers show them: what an image's known set is built from.
 * Two passes over the layers: the first one reads names, which decide what survives; the second one hands out bytes.
 */
import { DumpError } from "../../../shared/errors/index.ts";
import { compressionOf, FileSource, indexTar, unpackDump } from "../../readers/index.ts";
import { digestNote, findLayers, type ImageLayers } from "./archive.ts";
import { type LayerOptions, readLayer } from "./layer.ts";
import { type FileContent, type LayerEntry, MergedRoot } from "./merged-root.ts";

/** A name costs about 200 B: 200 MB at the limit. The largest images have some 300,000 files. */
const ENTRIES_LIMIT = 1_000_000;
/** 1 TiB. */
const LAYER_LIMIT = 2 ** 40;

export interface ImageFile {
  /** Every path of the file (`/usr/bin/x`), sorted: more than one for hard links. */
  readonly paths: readonly string[];
  readonly size: number;
  /** Number of the layer that holds it, from 0, bottom first. */
  readonly layer: number;
}

export interface OpenImage extends AsyncDisposable {
  readonly kind: "OCI image" | "docker image";
  /** `sha256:…`: the image's id. */
  readonly configDigest: string;
  /** Name and tag, where the archive has one. */
  readonly tag: string | null;
  /** Paths of regular files in the merged root. */
  readonly files: number;
  /** Sum of their sizes, each path counted. */
  readonly bytes: number;
  /** What an analyst must know: digests that differ, links that lead nowhere. */
  readonly notes: readonly string[];
  /**
   * Calls `visit` once for each file, in the order of the layers, with its bytes as chunks, which are valid until
   * the next one. Bytes that `visit` leaves are passed over.
   */
  forEachFile(visit: (file: ImageFile, content: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface ImageOptions {
  readonly signal?: AbortSignal;
  /** Bytes of layers read so far, of both passes together. */
  readonly onProgress?: (bytes: number, total: number) => void;
  /** Where to unpack an archive that is itself compressed; without it such an archive is refused. Removed by nobody. */
  readonly scratch?: string;
}

/**
 * Opens an image archive (OCI layout or docker, in a tar) and reads the names in its layers. Close it.
 * @throws DumpError `no-image`, `image-damaged`, `archive-hostile`, `limit-met`, `file-unreadable`, `cancelled`.
 */
export async function openImage(path: string, options: ImageOptions = {}): Promise<OpenImage> {
  const source = await openArchive(path, options);
  try {
    const archive = await indexTar(source);
    if (archive === null) {
      throw new DumpError("no-image", "The file is no tar archive, so no container image", { size: source.size });
    }
    if (archive.refusal !== null) throw archive.refusal;
    if (archive.trouble !== null) throw new DumpError("image-damaged", archive.trouble.message, archive.trouble.facts);
    const image = await findLayers(source, archive);
    const reading = new ImageReading(source, image, options);
    await reading.readNames();
    return reading;
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openArchive(path: string, options: ImageOptions): Promise<FileSource> {
  const source = await FileSource.open(path);
  if (compressionOf(await source.read(0, 16)) === "none") return source;
  await source.close();
  if (options.scratch === undefined) {
    throw new DumpError("no-image", "The image archive is compressed as a whole; unpack it first", { path });
  }
  await unpackDump(path, options.scratch, { signal: options.signal });
  return FileSource.open(options.scratch);
}

class ImageReading implements OpenImage {
  readonly kind: OpenImage["kind"];
  readonly configDigest: string;
  readonly tag: string | null;
  readonly notes: string[];
  files = 0;
  bytes = 0;
  readonly #source: FileSource;
  readonly #image: ImageLayers;
  readonly #options: ImageOptions;
  readonly #total: number;
  /** Per layer: the members whose bytes are some path of the merged root. */
  #surviving: Map<number, readonly string[]>[] = [];

  constructor(source: FileSource, image: ImageLayers, options: ImageOptions) {
    this.kind = image.kind;
    this.configDigest = image.configDigest;
    this.tag = image.tag;
    this.notes = [...image.notes];
    this.#source = source;
    this.#image = image;
    this.#options = options;
    this.#total = 2 * image.layers.reduce((sum, { member }) => sum + member.size, 0);
  }

  async readNames(): Promise<void> {
    const root = new MergedRoot();
    let entryCount = 0;
    let before = 0;
    for (const [number, layer] of this.#image.layers.entries()) {
      const entries: LayerEntry[] = [];
      let digest = layer.digest;
      const onDigest = (actual: string): void => {
        digest = actual;
      };
      for await (const { index, path, kind, size, target } of readLayer(
        this.#source,
        layer,
        this.#reading(before),
        onDigest,
      )) {
        if (++entryCount > ENTRIES_LIMIT) {
          throw new DumpError("limit-met", `The image has more than ${ENTRIES_LIMIT} files and directories`, {
            limit: ENTRIES_LIMIT,
          });
        }
        if (kind === "file") entries.push({ kind, path, content: { layer: number, index, size } });
        else if (kind === "hard link") entries.push({ kind, path, target });
        else entries.push({ kind, path });
      }
      before += layer.member.size;
      if (layer.digest?.startsWith("sha256:") && digest !== null && digest !== layer.digest) {
        this.notes.push(digestNote(layer.member.name, digest));
      }
      root.applyLayer(entries);
    }
    this.notes.push(...root.notes.slice(0, 20));
    this.#keep(root.files());
  }

  async forEachFile(visit: (file: ImageFile, content: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void> {
    let before = this.#total / 2;
    for (const [number, layer] of this.#image.layers.entries()) {
      const surviving = this.#surviving[number];
      if (surviving.size > 0) {
        let left = surviving.size;
        for await (const { index, size, content } of readLayer(this.#source, layer, this.#reading(before))) {
          const paths = surviving.get(index);
          if (paths === undefined) continue;
          await visit({ paths, size, layer: number }, content);
          if (--left === 0) break;
        }
      }
      before += layer.member.size;
    }
    this.#options.onProgress?.(this.#total, this.#total);
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #keep(files: ReadonlyMap<FileContent, readonly string[]>): void {
    this.#surviving = this.#image.layers.map(() => new Map());
    for (const [{ layer, index, size }, paths] of files) {
      this.#surviving[layer].set(index, paths);
      this.files += paths.length;
      this.bytes += size * paths.length;
    }
  }

  #reading(before: number): LayerOptions {
    return {
      signal: this.#options.signal,
      limit: LAYER_LIMIT,
      onProgress: (bytes) => this.#options.onProgress?.(before + bytes, this.#total),
    };
  }
}
