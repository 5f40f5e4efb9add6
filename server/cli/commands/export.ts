/** `dumpscope export`: the dump as it arrived, digest checked; or the bytes of a range of its memory. */
import { createHash } from "node:crypto";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { DumpError } from "../../../shared/errors/index.ts";
import { exportDump } from "../../export/index.ts";
import { createFillings, type Filling, filledListName, filledListText, fillingSentence } from "../../filling/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import type { SnapshotRecord, Store } from "../../store/index.ts";
import { asWriteError, type Command, type CommandLine } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import {
  askedRange,
  bytesOfRanges,
  filledOfRanges,
  placedRanges,
  RANGE_OPTIONS,
  RANGE_USAGE,
} from "../memory-range.ts";
import { bytes, escapeControls, plural } from "../words.ts";

export const exportCommand: Command = {
  name: "export",
  usage: `SNAPSHOT --out FILE [${RANGE_USAGE} [--filled]]`,
  summary: "the dump byte for byte, digest checked; or a range of its memory",
  positionals: 1,
  options: { out: { value: "FILE", help: "written only when it is whole, and its digest right" }, ...RANGE_OPTIONS },
  async run(line, signal) {
    const reference = line.positional(0, "SNAPSHOT");
    const out = line.required("out");
    const isRange = ["pid", "shm", "address", "length"].some((name) => line.text(name) !== undefined);
    if (!isRange && !line.flag("physical") && line.flag("filled"))
      throw new DumpError("usage", "A dump is given back as it arrived; --filled needs a range of its memory");
    const store = openDataStore();
    try {
      const record = store.snapshot(reference);
      if (isRange || line.flag("physical")) await exportRange(line, store, record, out, signal);
      else await exportWhole(line, store, record, out, signal);
      return 0;
    } finally {
      store.close();
    }
  },
};

async function exportWhole(
  line: CommandLine,
  store: Store,
  record: SnapshotRecord,
  out: string,
  signal: AbortSignal,
): Promise<void> {
  const { written } = await writeWhole(out, exportDump(store, record), signal, async () => undefined);
  const sha256 = record.unpackedSha256 ?? record.sha256;
  line.print({ snapshot: record.id, out, bytes: written, sha256, arrivedSha256: record.sha256 }, [
    `${record.container}/${record.name} → ${out}, ${bytes(written)}`,
    `sha256 ${sha256}${record.unpackedSha256 === null ? "" : ` (uncompressed; it arrived as ${record.sha256})`}`,
  ]);
}

/** With `--filled` a list of what is not the dump's lies beside the file, so that nobody takes it for evidence. */
async function exportRange(
  line: CommandLine,
  store: Store,
  record: SnapshotRecord,
  out: string,
  signal: AbortSignal,
): Promise<void> {
  const asked = askedRange(line);
  const ranges = placedRanges(store, record, asked);
  const filling: Filling | undefined = line.flag("filled")
    ? await createFillings(store, createKnownSets(store)).of(record)
    : undefined;
  const filled = filledOfRanges(ranges, filling);
  const list = filling ? filledListName(out) : null;
  const { written, sha256 } = await writeWhole(
    out,
    bytesOfRanges(store, record, ranges, filling),
    signal,
    async (whole) => {
      if (list === null) return;
      const told = { snapshot: record.id, out, bytes: whole.written, sha256: whole.sha256, filled };
      await writeFile(list, filledListText(told)).catch((error: unknown) => {
        throw asWriteError(error, list);
      });
    },
  );
  const notOfDump = filled.reduce((sum, one) => sum + one.bytes, 0);
  line.print({ snapshot: record.id, out, bytes: written, sha256, filled, list }, [
    `${record.container}/${record.name} → ${out}, ${bytes(written)}`,
    `sha256 ${sha256}`,
    ...(list === null ? [] : [`${plural(notOfDump, "byte")} of it not in the dump; ${list} lists them`]),
    ...filled.map(
      (one) => `  ${one.address} ${bytes(one.bytes)}: ${escapeControls(fillingSentence(one.source, one.offset))}`,
    ),
  ]);
}

interface Whole {
  readonly written: number;
  readonly sha256: string;
}

/**
 * Nothing is there until all of it is.
 * @param beside writes what has to be there before
 */
async function writeWhole(
  out: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal,
  beside: (whole: Whole) => Promise<void>,
): Promise<Whole> {
  const unfinished = `${out}.unfinished`;
  const hash = createHash("sha256");
  let written = 0;
  const file = await open(unfinished, "w").catch((error: unknown) => {
    throw asWriteError(error, out);
  });
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted();
      await file.write(piece);
      hash.update(piece);
      written += piece.length;
    }
    await file.sync();
    const whole = { written, sha256: hash.digest("hex") };
    await beside(whole);
    await rename(unfinished, out).catch((error: unknown) => {
      throw asWriteError(error, out);
    });
    return whole;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
