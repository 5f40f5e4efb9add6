/**
 * A container image's files, as the merged layers show them: what an image's known set is built from. A tar of a root
 * file system is read as an image of one layer, which it is.
 * Two passes over the layers: the first one reads names, which decide what survives; the second one hands out bytes.
 */
import { createHash } from "node:crypto";
import { DumpError } from "../../../shared/errors/index.ts";
import { type FileSource, indexTar } from "../../readers/index.ts";
import {
  ENTRIES_LIMIT,
  FILE_LIMIT,
  type KnownSource,
  type SourceFile,
  type SourceLayer,
  type SourceOptions,
} from "../source.ts";
import { digestNote, findLayers, type ImageLayers } from "./archive.ts";
import { type LayerOptions, readLayer } from "./layer.ts";
import { type FileContent, type LayerEntry, MergedRoot } from "./merged-root.ts";

/**
 * Reads the names in the layers of an image archive (OCI layout or docker, in a tar). The image closes the source, when
 * it is closed or cannot be read.
 * @throws DumpError `no-image`, `image-damaged`, `archive-hostile`, `limit-met`, `file-unreadable`, `cancelled`.
 */
export async function openImage(source: FileSource, options: SourceOptions = {}): Promise<KnownSource> {
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

/**
 * Reads the names in a tar of a root file system, which is closed with what is returned, as by `openImage`.
 * @throws DumpError `image-damaged`, `archive-hostile`, `limit-met`, `file-unreadable`, `cancelled`.
 */
export async function openRootTar(source: FileSource, options: SourceOptions = {}): Promise<KnownSource> {
  const member = { name: "of the root file system", offset: 0, size: source.size };
  const layers = [{ member, digest: null }];
  const reading = new ImageReading(
    source,
    { kind: "root file system", configDigest: null, layers, notes: [] },
    options,
  );
  try {
    await reading.readNames();
    return reading;
  } catch (error) {
    await source.close();
    throw error;
  }
}

class ImageReading implements KnownSource {
  readonly kind: ImageLayers["kind"];
  layers: readonly SourceLayer[] = [];
  readonly notes: string[];
  links: ReadonlyMap<string, string> = new Map();
  files = 0;
  bytes = 0;
  readonly #source: FileSource;
  readonly #image: ImageLayers;
  readonly #options: SourceOptions;
  readonly #total: number;
  readonly #digests: Promise<readonly string[]>;
  /** Per layer: the members whose bytes are some path of the merged root. */
  #surviving: Map<number, readonly string[]>[] = [];

  constructor(source: FileSource, image: ImageLayers, options: SourceOptions) {
    this.kind = image.kind;
    this.notes = [...image.notes];
    this.#source = source;
    this.#image = image;
    this.#options = options;
    const digestOf = options.digestOf ?? ((offset, size) => digestWithin(source, offset, size));
    this.#digests = Promise.all(
      image.layers.map(async ({ member }) => `sha256:${await digestOf(member.offset, member.size)}`),
    );
    // Awaited behind the files; a failure of these must not leave it unobserved.
    this.#digests.catch(() => undefined);
    this.#total = 2 * image.layers.reduce((sum, { member }) => sum + member.size, 0);
  }

  get digest(): string | null {
    // Of a tar that is one layer, the layer is all there is to name.
    return this.#image.configDigest ?? this.layers[0]?.digest ?? null;
  }

  async readNames(): Promise<void> {
    const root = new MergedRoot();
    let entryCount = 0;
    let before = 0;
    for (const [number, layer] of this.#image.layers.entries()) {
      const entries: LayerEntry[] = [];
      const reading = { ...this.#reading(before), onNote: (note: string) => void this.notes.push(note) };
      for await (const { index, path, kind, size, target } of readLayer(this.#source, layer, reading)) {
        if (++entryCount > ENTRIES_LIMIT) {
          throw new DumpError("limit-met", `The image has more than ${ENTRIES_LIMIT} files and directories`, {
            limit: ENTRIES_LIMIT,
          });
        }
        if (kind === "file") entries.push({ kind, path, content: { layer: number, index, size } });
        else if (kind === "hard link" || kind === "symbolic link") entries.push({ kind, path, target });
        else entries.push({ kind, path });
      }
      before += layer.member.size;
      root.applyLayer(entries);
    }
    this.notes.push(...root.notes.slice(0, 20));
    const { files, links } = root.contents();
    this.links = links;
    this.#keep(files);
  }

  async forEachFile(visit: (file: SourceFile, content: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void> {
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
    const digests = await this.#digests;
    this.layers = digests.map((digest) => ({ digest }));
    for (const [i, { digest, member }] of this.#image.layers.entries())
      if (digest?.startsWith("sha256:") && digest !== digests[i]) this.notes.push(digestNote(member.name, digests[i]));
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
      limit: FILE_LIMIT,
      onProgress: (bytes) => this.#options.onProgress?.(before + bytes, this.#total),
    };
  }
}

async function digestWithin(source: FileSource, offset: number, size: number): Promise<string> {
  const hash = createHash("sha256");
  const chunk = new Uint8Array(Math.min(1 << 20, size));
  for (let done = 0; done < size; ) {
    const got = await source.readInto(chunk.subarray(0, Math.min(chunk.length, size - done)), offset + done);
    if (got === 0) break;
    hash.update(chunk.subarray(0, got));
    done += got;
  }
  return hash.digest("hex");
}
