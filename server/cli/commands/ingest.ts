/** `dumpscope ingest`: one dump into the store. */
import { existsSync } from "node:fs";
import { DumpError } from "../../../shared/errors/index.ts";
import type { IngestProgress, IngestResult } from "../../ingest/index.ts";
import { beginFileDigest, startPageWorkers } from "../../page-workers/index.ts";
import { type Command, parseHex } from "../command.ts";
import { bytes, count, escapeControls, plural } from "../words.ts";

export const ingest: Command = {
  name: "ingest",
  usage: "FILE --container NAME [--parent SNAPSHOT|none] [--format raw [--base HEX]] [--keep-cut]",
  summary: "reads a dump, explains it, keeps what is new",
  positionals: 1,
  options: {
    container: { value: "NAME", help: "the container whose next snapshot it becomes" },
    parent: { value: "SNAPSHOT|none", help: "explained against this one; without it the container's latest" },
    format: { value: "raw", help: "take it as raw memory, whatever it looks like" },
    base: { value: "HEX", help: "first address of a raw image" },
    "keep-cut": { help: "keep what is there of a dump that is cut; the rest is missing" },
  },
  async run(line, signal) {
    const file = line.positional(0, "FILE");
    const format = line.text("format");
    if (format !== undefined && format !== "raw")
      throw new DumpError("usage", `--format takes raw; other formats are recognised by content`);
    if (line.text("base") !== undefined && format !== "raw")
      throw new DumpError("usage", "--base is the first address of a raw image; it goes with --format raw");
    const base = parseHex(line.text("base") ?? "0", "--base");
    if (base % 4096n !== 0n) throw new DumpError("usage", "--base takes an address divisible by 0x1000");
    const container = line.name("container");
    // They start, and the digest begins, while the rest is loaded and the store is opened.
    await using stack = new AsyncDisposableStack();
    const workers = stack.adopt(startPageWorkers(), (threads) => threads.close());
    const digest = existsSync(file) ? stack.use(beginFileDigest(file, workers)) : undefined;
    const { ingestDump } = await import("../../ingest/index.ts");
    const { openDataStore } = await import("../data-store.ts");
    const store = stack.adopt(openDataStore(), (opened) => opened.close());
    const request = {
      file,
      digest,
      container,
      parent: line.text("parent"),
      asRaw: format === "raw",
      base,
      keepCut: line.flag("keep-cut"),
    };
    const options = { signal, workers, onProgress: progressLine() };
    const result = await ingestDump(store, request, options);
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    line.print({ ...resultObject(result), ingestedAgain: result.again.map(resultObject) }, [
      ...resultLines(result),
      ...result.again.map(
        ({ snapshot }) =>
          `${snapshot.container}/${snapshot.name} (${snapshot.id}): ${snapshot.file}, which waited for this parent, was ingested again`,
      ),
    ]);
    for (const { snapshot, error } of result.stillWaiting) {
      process.stderr.write(
        `${escapeControls(`${snapshot.container}/${snapshot.name} still waits for its parent: ${String(error)}`)}\n`,
      );
    }
    return 0;
  },
};

/** What --json prints of one ingest; lists of other ingests are added by the caller. */
function resultObject(result: IngestResult) {
  const { snapshot } = result;
  return {
    snapshot: snapshot.id,
    name: snapshot.name,
    container: snapshot.container,
    parent: snapshot.parent,
    pagesParent: snapshot.pagesParent,
    format: result.format,
    processes: result.processes,
    mappings: result.mappings,
    pages: result.pages,
    distinctPages: result.distinctPages,
    provenance: result.provenance,
    bytesRead: result.bytesRead,
    bytesStored: result.bytesStored,
    pagesProcessed: result.pagesProcessed,
    sha256: result.sha256,
  };
}

function resultLines(result: IngestResult): string[] {
  const { snapshot, pages, provenance } = result;
  const { absent } = pages;
  return [
    `${snapshot.container}/${snapshot.name} (${snapshot.id}), ${result.format}, ${plural(result.processes, "process", "processes")}, ${result.mappings === null ? "mappings not in the dump" : plural(result.mappings, "mapping")}`,
    `recorded  ${count(pages.present)} present, ${count(pages.zero)} zero, ${count(pages.inParent)} in the parent; ${count(result.distinctPages)} distinct`,
    `absent    ${count(absent.file)} left to files, ${count(absent.untouched)} untouched, ${count(absent.excluded)} excluded, ${count(absent.missing)} missing`,
    `explained ${count(provenance.zero)} zero, ${count(provenance.unchanged)} unchanged, ${count(provenance.known)} known, ${count(provenance.moved)} moved, ${count(provenance.shared)} shared`,
    `left      ${count(provenance.new)} new at most: relocated and alike pages are not looked for yet`,
    `read ${bytes(result.bytesRead)}, processed ${plural(result.pagesProcessed, "page")}, stored ${bytes(result.bytesStored)}`,
    `sha256 ${result.sha256}`,
  ];
}

/** One line on standard error, ten times a second at most, when a person is looking. */
function progressLine(): (progress: IngestProgress) => void {
  if (!process.stderr.isTTY) return () => undefined;
  const started = performance.now();
  let last = 0;
  return ({ phase, bytes: done, totalBytes, pages, newPages }) => {
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    const rate = done / Math.max(0.001, (now - started) / 1000);
    const left = Math.max(0, (totalBytes - done) / Math.max(1, rate));
    process.stderr.write(
      `\r\u001b[K${phase} ${bytes(done)} of ${bytes(totalBytes)}, ${count(pages)} pages, ${count(newPages)} new, ${bytes(rate)}/s, ${left.toFixed(0)} s left`,
    );
  };
}
