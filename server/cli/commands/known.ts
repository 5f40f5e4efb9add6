/** `dumpscope known`: known sets, from images, file systems, files and clean dumps. */
import { existsSync } from "node:fs";
import { FilePathSchema } from "../../../shared/api/index.ts";
import { DumpError, isDumpError } from "../../../shared/errors/index.ts";
import {
  type AddedKnownSet,
  addBaseline,
  addKnownSet,
  createKnownSets,
  describeKnownSet,
  imageOf,
  removeKnownSet,
} from "../../known-sets/index.ts";
import type { SnapshotRecord, Store } from "../../store/index.ts";
import type { Command, CommandLine } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { plural, table } from "../words.ts";

export const known: Command = {
  name: "known",
  usage: "add IMAGE.tar|DIR|FILE|SNAPSHOT --name NAME [--with-bytes] [--path PATH] | list | show NAME | remove NAME",
  summary: "pages of an image's files, or of a clean dump, explain pages of every snapshot",
  positionals: 2,
  options: {
    name: { value: "NAME", help: "what the known set is called" },
    "with-bytes": { help: "keep its pages too, not their hashes alone" },
    path: { value: "PATH", help: "where a single file lies in containers, as /usr/lib/libc.so.6" },
  },
  async run(line, signal) {
    const action = line.positional(0, "add, list, show or remove");
    if (action !== "add" && action !== "list" && action !== "show" && action !== "remove")
      throw new DumpError("usage", `known takes add, list, show or remove, not ${action}`);
    if (action === "list" && line.positionals.length > 1)
      throw new DumpError("usage", `known list takes no argument, not ${line.positionals[1]}`);
    if (action !== "add" && line.text("name") !== undefined)
      throw new DumpError("usage", `known ${action} takes no --name`);
    if (action !== "add" && line.flag("with-bytes"))
      throw new DumpError("usage", `known ${action} takes no --with-bytes`);
    if (action !== "add" && line.text("path") !== undefined)
      throw new DumpError("usage", `known ${action} takes no --path`);
    const filePath = filePathOf(line);
    const store = openDataStore();
    try {
      if (action === "list") {
        list(line, store);
        return 0;
      }
      if (action === "show") {
        show(line, store, line.positional(1, "NAME"));
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
      const set = await add(store, what, name, { signal, withBytes: line.flag("with-bytes"), filePath });
      const { source, digest, files, pages, withBytes, notes } = set;
      line.print({ name, source, digest, files, pages, withBytes, notes }, [
        `${name}: ${set.source}, ${plural(set.files, "file")}, ${plural(set.pages, "distinct page")}`,
        ...notes.map((note) => `note: ${note}`),
      ]);
      return 0;
    } finally {
      store.close();
    }
  },
};

/** @throws DumpError `usage` */
function filePathOf(line: CommandLine): string | undefined {
  const parsed = FilePathSchema.optional().safeParse(line.text("path"));
  if (!parsed.success) throw new DumpError("usage", `--path: ${parsed.error.issues[0].message}`);
  return parsed.data;
}

function list(line: CommandLine, store: Store): void {
  const known = createKnownSets(store);
  const snapshots = store.catalog.snapshots();
  const sets = known.sets().map((set) => {
    const { name, source, digest, files, pages, addedAt, withBytes = false } = set.record;
    return { name, source, digest, files, pages, withBytes, imageOf: imageOf(known, set, snapshots), addedAt };
  });
  line.print(
    { known: sets },
    sets.length === 0
      ? ["no known sets"]
      : table(
          ["name", "source", "files", "distinct pages", "bytes", "image of"],
          sets.map((set) => [
            set.name,
            set.source,
            set.files,
            set.pages,
            set.withBytes ? "kept" : "no",
            set.imageOf.join(", "),
          ]),
        ),
  );
}

/** @throws DumpError `not-found` */
function show(line: CommandLine, store: Store, name: string): void {
  const known = createKnownSets(store);
  const set = known.sets().find(({ record }) => record.name === name);
  if (!set) throw new DumpError("not-found", `There is no known set ${name}`, { name });
  const detail = describeKnownSet(known, set, store.catalog.snapshots());
  const { layers, packages, buildIds, notes } = detail;
  line.print(detail, [
    `${name}: ${detail.source}, ${plural(detail.files, "file")}, ${plural(detail.pages, "distinct page")}`,
    `digest    ${detail.digest ?? "none"}`,
    `added     ${detail.addedAt}`,
    `bytes     ${detail.withBytes ? "kept" : "not kept, hashes only"}`,
    `image of  ${detail.imageOf.join(", ") || "no container here"}`,
    ...notes.map((note) => `note: ${note}`),
    ...titled(
      ["layer", "files", "pages"],
      layers.map((layer) => [layer.digest ?? "none", layer.files, layer.pages]),
    ),
    ...titled(
      ["package", "version", "kind", "files", "pages"],
      packages.map((each) => [each.name, each.version, each.kind, each.files, each.pages]),
    ),
    ...titled(
      ["ELF file", "build-id"],
      buildIds.map(({ path, buildId }) => [path, buildId]),
    ),
  ]);
}

function titled(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return rows.length === 0 ? [] : ["", ...table(header, rows)];
}

/** A file of that name goes before a snapshot: `./app/t0` and `app/t0` may both be there. */
function add(
  store: Store,
  what: string,
  name: string,
  options: { readonly signal: AbortSignal; readonly withBytes: boolean; readonly filePath: string | undefined },
): Promise<AddedKnownSet> {
  if (existsSync(what)) return addKnownSet(store, what, name, { ...options, onProgress: () => undefined });
  const snapshot = snapshotOf(store, what);
  if (snapshot && options.filePath !== undefined)
    throw new DumpError("usage", `--path is for a single file, and ${what} is a snapshot`);
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
