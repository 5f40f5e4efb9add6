/** Stores in which there is something to do, and the commands that do it: what is killed, starved and disturbed. */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync, zstdDecompressSync } from "node:zlib";
import { addKnownSet } from "../../server/known-sets/index.ts";
import { collectGarbage, deleteSnapshot, openStore, type Store } from "../../server/store/index.ts";
import { finish, ingest, samplePath } from "../ingest/temporary-store.ts";
import { FOLDERS, toldBy } from "./whole.ts";

const PAGE = 4096;
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

export interface Scene {
  readonly name: string;
  readonly args: readonly string[];
  /** The store before; it is copied, never used itself. */
  readonly store: string;
  /** Snapshots before, and after each commit that the command makes, sorted. */
  readonly outcomes: readonly (readonly string[])[];
  /** Of a hundred moments, how many are its. */
  readonly share: number;
}

export interface Scenes {
  readonly all: readonly Scene[];
  /** As `expectWhole` wants them. */
  readonly contents: ReadonlyMap<string, string>;
  scene(name: string): Scene;
}

/** A raw image of pages that are functions of their numbers: `noise` bytes of each do not compress. */
function rawImage(numbers: Iterable<number>, noise: number): Buffer {
  const pages: Buffer[] = [];
  for (const number of numbers) {
    const page = Buffer.alloc(PAGE, number % 251);
    let state = (number + 1) * 2654435761;
    for (let at = 0; at < noise; at += 4) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      page.writeInt32LE(state | 0, at);
    }
    page.writeUInt32LE(number, 0);
    pages.push(page);
  }
  return Buffer.concat(pages);
}

function* range(start: number, end: number): Generator<number> {
  for (let number = start; number < end; number++) yield number;
}

/** Makes all scenes below `folder`. */
export async function makeScenes(folder: string): Promise<Scenes> {
  const contents = new Map<string, string>();
  const dump = (name: string, bytes: Buffer): string => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    const content = name.endsWith(".gz")
      ? gunzipSync(bytes)
      : name.endsWith(".zst")
        ? zstdDecompressSync(bytes)
        : bytes;
    contents.set(name, createHash("sha256").update(content).digest("hex"));
    return file;
  };
  const sample = (name: string) => dump(name, readFileSync(samplePath("podman", name)));
  const make = async (name: string, fill: (store: Store) => Promise<void>): Promise<string> => {
    const directory = path.join(folder, name);
    const store = openStore(directory);
    await fill(store);
    store.close();
    return directory;
  };
  const raw = (store: Store, file: string, container: string) => ingest(store, file, container, { asRaw: true });

  const tiny = sample("tiny-t0.tar");
  const packed = dump("tiny-t1.tar.gz", gzipSync(readFileSync(samplePath("podman", "tiny-t1.tar"))));
  const [app0, app1] = [sample("app-t0.tar.zst"), sample("app-t1.tar.zst")];
  const [waiting, awaited] = [sample("tiny-inc.tar"), sample("tiny-pre.tar")];
  // A pack takes 16,384 pages; the second is stored as it is.
  const large = dump("large.raw", rawImage(range(1_000_000, 1_016_900), 64));
  const [a, b, c] = [range(0, 600), [...range(500, 600), ...range(2000, 2050)], range(3000, 3300)].map((numbers, i) =>
    dump(`${"abc"[i]}.raw`, rawImage(numbers, 1024)),
  );

  // Only the folders, so that making the catalog is watched too.
  const blank = path.join(folder, "blank");
  for (const kind of FOLDERS) mkdirSync(path.join(blank, kind), { recursive: true });
  const one = await make("one", async (store) => void (await ingest(store, app0, "app")));
  const orphan = await make("orphan", async (store) => void (await ingest(store, waiting, "tiny")));
  const unfinished = await make("unfinished", async (store) => void (await ingest(store, tiny, "tiny")));
  const two = await make("two", async (store) => {
    await ingest(store, app0, "app");
    await ingest(store, tiny, "tiny");
    await finish(store);
    await ingest(store, app1, "app");
  });
  // A pack of which a sixth is needed, one that nobody needs, two that are not finished.
  const garbage = await make("garbage", async (store) => {
    const first = await raw(store, a, "first");
    const gone = await raw(store, c, "gone");
    await finish(store);
    await raw(store, b, "second");
    await ingest(store, tiny, "tiny");
    deleteSnapshot(store, first.snapshot);
    deleteSnapshot(store, gone.snapshot);
  });

  // A set whose pages nobody else needs, one that has pages of both snapshots, and a pack that no longer is needed.
  const image = samplePath("images", "layers-oci.tar");
  const known = await make("known", async (store) => {
    await ingest(store, tiny, "tiny");
    await addKnownSet(store, samplePath("images", "tiny-oci.tar"), "tiny", { ...quiet, withBytes: true });
    const gone = await raw(store, c, "gone");
    await finish(store);
    deleteSnapshot(store, gone.snapshot);
  });

  const ingestOf = (file: string, container: string, ...more: string[]) => [
    "ingest",
    file,
    "--container",
    container,
    ...more,
    "--json",
  ];
  const scene = (name: string, share: number, store: string, args: string[], ...commits: string[][]): Scene => {
    const before = store === blank ? [] : toldBy(store).snapshots;
    return { name, share, store, args, outcomes: [before, ...commits.map((labels) => labels.sort())] };
  };
  const all = [
    scene("first ingest", 13, blank, ingestOf(tiny, "tiny"), ["tiny/t0"]),
    scene("compressed ingest", 10, blank, ingestOf(packed, "tiny"), ["tiny/t0"]),
    scene("next ingest", 11, one, ingestOf(app1, "app", "--parent", "app/t0"), ["app/t0", "app/t1"]),
    scene("ingest of two packs", 6, blank, ingestOf(large, "large", "--format", "raw"), ["large/t0"]),
    scene(
      "ingest of an awaited parent",
      10,
      orphan,
      ingestOf(awaited, "tiny"),
      ["tiny/t0", "tiny/t1"],
      ["tiny/t0", "tiny/t1", "tiny/t2"],
    ),
    scene(
      "ingests beside each other",
      8,
      blank,
      ["ingest-beside", a, "first", c, "second"],
      ["first/t0"],
      ["second/t0"],
      ["first/t0", "second/t0"],
    ),
    scene("delete", 8, two, ["delete", "app/t0", "--json"], ["tiny/t0", "app/t1"]),
    scene("gc", 10, garbage, ["gc", "--json"]),
    scene("known add with bytes", 8, known, ["known", "add", image, "--name", "layers", "--with-bytes", "--json"]),
    scene("known remove", 4, known, ["known", "remove", "tiny", "--json"]),
    scene("gc beside a known set", 4, known, ["gc", "--json"]),
    scene("gc that only finishes", 8, unfinished, ["gc", "--json"]),
  ];
  return {
    all,
    contents,
    scene(name) {
      const found = all.find((one) => one.name === name);
      if (!found) throw new Error(`there is no scene ${name}`);
      return found;
    },
  };
}

/** A fresh copy of the scene's store. */
export function setUp(scene: Scene, directory: string): string {
  cpSync(scene.store, directory, { recursive: true });
  return directory;
}

/** What `gc` has left to do: nothing when it was run to its end. */
export async function garbageIn(directory: string): Promise<{ readonly packs: number; readonly unfinished: boolean }> {
  const store = openStore(directory);
  try {
    const { packsRemoved, packsRewritten } = await collectGarbage(store);
    return { packs: packsRemoved + packsRewritten, unfinished: store.catalog.hasUnfinished() };
  } finally {
    store.close();
  }
}
