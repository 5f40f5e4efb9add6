/** `dumpscope known`: known sets, from images, file systems, files and clean dumps. */
import { existsSync } from "node:fs";
import { DumpError, isDumpError } from "../../../shared/errors/index.ts";
import { addBaseline, addKnownSet, removeKnownSet } from "../../known-sets/index.ts";
import type { KnownSetRecord, SnapshotRecord, Store } from "../../store/index.ts";
import { type Command, openDataStore } from "../command.ts";
import { plural, table } from "../words.ts";

export const known: Command = {
  name: "known",
  usage: "add IMAGE.tar|DIR|FILE|SNAPSHOT --name NAME [--with-bytes] | list | remove NAME",
  summary: "pages of an image's files, or of a clean dump, explain pages of every snapshot",
  positionals: 2,
  options: {
    name: { value: "NAME", help: "what the known set is called" },
    "with-bytes": { help: "keep its pages too, not their hashes alone" },
  },
  async run(line, signal) {
    const action = line.positional(0, "add, list or remove");
    if (action !== "add" && action !== "list" && action !== "remove")
      throw new DumpError("usage", `known takes add, list or remove, not ${action}`);
    if (action === "list" && line.positionals.length > 1)
      throw new DumpError("usage", `known list takes no argument, not ${line.positionals[1]}`);
    if (action !== "add" && line.text("name") !== undefined)
      throw new DumpError("usage", `known ${action} takes no --name`);
    if (action !== "add" && line.flag("with-bytes"))
      throw new DumpError("usage", `known ${action} takes no --with-bytes`);
    const store = openDataStore();
    try {
      if (action === "list") {
        const sets = store.catalog.knownSets();
        line.print(
          {
            known: sets.map(({ name, source, digest, files, pages, addedAt }) => ({
              name,
              source,
              digest,
              files,
              pages,
              addedAt,
            })),
          },
          sets.length === 0
            ? ["no known sets"]
            : table(
                ["name", "source", "files", "distinct pages"],
                sets.map((set) => [set.name, set.source, set.files, set.pages]),
              ),
        );
        return 0;
      }
      if (action === "remove") {
        const name = line.positional(1, "NAME");
        await removeKnownSet(store, name);
        line.print({ removed: name }, [`${name} removed`]);
        return 0;
      }
      const what = line.positional(1, "IMAGE.tar, DIR, FILE or SNAPSHOT");
      const name = line.name("name");
      const set = await add(store, what, name, { signal, withBytes: line.flag("with-bytes") });
      line.print({ name, source: set.source, digest: set.digest, files: set.files, pages: set.pages }, [
        `${name}: ${set.source}, ${plural(set.files, "file")}, ${plural(set.pages, "distinct page")}`,
      ]);
      return 0;
    } finally {
      store.close();
    }
  },
};

/** A file of that name goes before a snapshot: `./app/t0` and `app/t0` may both be there. */
function add(
  store: Store,
  what: string,
  name: string,
  options: { readonly signal: AbortSignal; readonly withBytes: boolean },
): Promise<KnownSetRecord> {
  if (existsSync(what)) return addKnownSet(store, what, name, { ...options, onProgress: () => undefined });
  const snapshot = snapshotOf(store, what);
  if (snapshot) return addBaseline(store, snapshot, name, options);
  throw new DumpError("not-found", `There is no file, directory or snapshot ${what}`, { asked: what });
}

function snapshotOf(store: Store, reference: string): SnapshotRecord | undefined {
  try {
    return store.snapshot(reference);
  } catch (error) {
    if (isDumpError(error) && error.code === "not-found") return undefined;
    throw error;
  }
}
