/** What a known set is made from, whatever form it came in: files with their paths, and the links between paths. */

/** `snapshot` is the one source without files: its pages are in the store already (`add-baseline.ts`). */
export type SourceKind = "OCI image" | "docker image" | "root file system" | "directory" | "file";

export interface SourceFile {
  /** Every path of the file (`/usr/bin/x`), sorted: more than one for hard links. */
  readonly paths: readonly string[];
  readonly size: number;
  /** Number of the layer that holds it, from 0, bottom first; 0 where there are no layers. */
  readonly layer: number;
}

export interface SourceLayer {
  /** `sha256:…` of the layer as it is stored; `null` of a directory, which has none. */
  readonly digest: string | null;
}

export interface KnownSource extends AsyncDisposable {
  readonly kind: SourceKind;
  /** `sha256:…`: an image's id (of its configuration), a file's own digest; `null` of a directory. */
  readonly digest: string | null;
  /** Bottom first; known when all files have been visited, as the digest is where it is a layer's. */
  readonly layers: readonly SourceLayer[];
  /** Paths of regular files. */
  readonly files: number;
  /** Sum of their sizes, each path counted. */
  readonly bytes: number;
  /** Symbolic links: path (`/lib`) → what it says (`usr/lib`), which may lead anywhere or nowhere. */
  readonly links: ReadonlyMap<string, string>;
  /** What an analyst must know: digests that differ, links that lead nowhere, what was left out. */
  readonly notes: readonly string[];
  /**
   * Calls `visit` once for each file with its bytes as chunks, which are valid until the next one. Bytes that `visit`
   * leaves are passed over.
   */
  forEachFile(visit: (file: SourceFile, content: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface SourceOptions {
  readonly signal?: AbortSignal;
  /** Bytes read so far, of all passes together. */
  readonly onProgress?: (bytes: number, total: number) => void;
  /** Where to unpack a file that is itself compressed; without it such an image is refused. Removed by nobody. */
  readonly scratch?: string;
  /** SHA-256 of a range of the file, computed elsewhere; without it beside the reading. */
  readonly digestOf?: (offset: number, size: number) => Promise<string>;
}

/** 1 TiB: no file of a system is longer, unless it is all holes; pages of a file are told by 32-bit numbers. */
export const FILE_LIMIT = 2 ** 40;

/** A name costs about 200 B: 200 MB at the limit. The largest images have some 300,000 files. */
export const ENTRIES_LIMIT = 1_000_000;
