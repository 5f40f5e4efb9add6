/** A source → a known set: the pages of its files are hashed, and only hashes are kept, unless bytes are asked for. */
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { DumpError } from "../../shared/errors/index.ts";
import { createPageIntake, type KnownSetRecord, openRun, type Store } from "../store/index.ts";
import { createBuildIdFinder } from "./build-id.ts";
import { createElfFinder } from "./elf-files.ts";
import { GrowingColumn } from "./growing-column.ts";
import { createFileHasher } from "./hash-files.ts";
import { buildKnownSet } from "./known-set.ts";
import { extendMembers, recordMembers } from "./members.ts";

export interface AddOptions {
  readonly signal: AbortSignal;
  /** Bytes read, of all passes together. */
  onProgress(bytes: number, total: number): void;
  /** What the file is called, when it has another name here. */
  readonly fileName?: string;
  /** Of a single file: where it lies in containers, absolute; without it, it matches no mapping. */
  readonly filePath?: string;
  /** Keep the pages too. */
  readonly withBytes?: boolean;
}

/** As it is in the catalog, with what it says of itself. Nothing has to be read again, which could fail behind the commit. */
export interface AddedKnownSet extends KnownSetRecord {
  readonly notes: readonly string[];
}

/**
 * @param place an image archive, a directory or a tar of a root file system, or a single file
 * @returns its `pages` are distinct and non-zero.
 * @throws DumpError `name-taken`, `store-busy`, and those of `openSource`
 */
export async function addKnownSet(
  store: Store,
  place: string,
  name: string,
  options: AddOptions,
): Promise<AddedKnownSet> {
  using _lock = await store.lock(`known add ${name}`);
  refuseTaken(store, name);
  const intake = options.withBytes ? createPageIntake(store.blobs, store.catalog) : undefined;
  const scratch = path.join(store.scratch, randomBytes(8).toString("hex"));
  try {
    mkdirSync(scratch);
    // Loaded when asked: every ingest looks known sets up, few commands add one.
    const { openSource } = await import("./open-source.ts");
    const { createPackageFinder, resolverOf } = await import("./packages/index.ts");
    const builder = buildKnownSet(store.blobs);
    // By row of the set.
    const numbersOfRows = new GrowingColumn();
    await using hasher = createFileHasher(
      ({ count, file, page, hashes, zero, numbers }) => {
        for (let row = 0; row < count; row++) {
          if (zero[row] !== 0) continue;
          const its = builder.addPage(file[row], page[row], hashes, row * 32);
          if (intake && its === numbersOfRows.length) numbersOfRows.push(numbers[row]);
        }
      },
      intake,
      options.signal,
    );
    await using source = await openSource(place, {
      ...options,
      name: options.fileName,
      filePath: options.filePath,
      scratch: path.join(scratch, "unpacked"),
      digest: hasher.digest,
    });
    const finder = createPackageFinder(scratch);
    await source.forEachFile(async (file, content) => {
      const number = builder.addFile(file);
      const buildId = createBuildIdFinder();
      const elf = createElfFinder(file.size);
      const ofDatabase = file.paths.find((candidate) => finder.wants(candidate, file.size));
      const whole: Uint8Array[] = [];
      const passing = passingBy(content, (chunk) => {
        buildId.push(chunk);
        elf.push(chunk);
        if (ofDatabase !== undefined) whole.push(new Uint8Array(chunk));
      });
      await hasher.addFile(number, passing);
      const id = buildId.finish();
      if (id !== null) builder.setBuildId(number, id);
      const kept = elf.finish();
      if (kept) builder.keepElf(number, kept);
      if (ofDatabase !== undefined) finder.take(ofDatabase, Buffer.concat(whole));
    });
    await hasher.finish();
    if (builder.pages === 0) {
      const called = options.fileName ?? place;
      throw new DumpError("no-image", `${called} has no page that could be known: it is empty, or nothing but zeros`, {
        path: called,
      });
    }
    const { packages, packageOf, notes } = finder.owners(source.links);
    const about = {
      layers: source.layers.map(({ digest }) => digest),
      packages,
      packageOf,
      notes: [...source.notes, ...notes],
      links: resolved(source.links, resolverOf(source.links)),
    };
    const record: KnownSetRecord = {
      name,
      source: source.kind,
      digest: source.digest,
      ...builder.finish(about, intake && { numbers: numbersOfRows.values() }),
      withBytes: intake !== undefined,
      addedAt: new Date().toISOString(),
    };
    const finished = await intake?.finish();
    commitKnownSet(store, record, finished);
    return { ...record, notes: about.notes };
  } catch (error) {
    await intake?.abandon();
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    store.sweep();
  }
}

function resolved(
  links: ReadonlyMap<string, string>,
  resolve: (path: string) => string | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    [...links.keys()].flatMap((link): [string, string][] => {
      const target = resolve(link);
      return target === undefined ? [] : [[link, target]];
    }),
  );
}

/** The same bytes, shown to somebody else too. */
async function* passingBy(
  content: AsyncIterable<Uint8Array>,
  look: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    look(chunk);
    yield chunk;
  }
}

/**
 * One transaction makes the set exist, with the pages that it keeps.
 * @param pages of its own, on their way into the store
 */
export function commitKnownSet(store: Store, record: KnownSetRecord, pages?: { commit(): void }): void {
  const run = openRun(store.blobs, "known", record.run);
  store.catalog.transaction(() => {
    pages?.commit();
    store.catalog.addKnownSet(record);
    recordMembers(store, { record, run });
    // Other sets may have the pages that came with this one.
    extendMembers(store);
  });
}

/** @throws DumpError `name-taken` */
export function refuseTaken(store: Store, name: string): void {
  if (store.catalog.knownSets().some((set) => set.name === name))
    throw new DumpError("name-taken", `There is a known set ${name} already`, { name });
}
