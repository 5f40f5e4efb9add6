/** `dumpscope read`: bytes of a range on standard output, or the first address that has none. */
import { createFillings, fillingSentence } from "../../filling/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import {
  askedRange,
  bytesOfRanges,
  filledOfRanges,
  placedRanges,
  RANGE_OPTIONS,
  RANGE_USAGE,
} from "../memory-range.ts";
import { escapeControls, plural } from "../words.ts";

export const read: Command = {
  name: "read",
  usage: `SNAPSHOT ${RANGE_USAGE} [--filled]`,
  summary: "bytes of a range on standard output",
  positionals: 1,
  options: RANGE_OPTIONS,
  async run(line, signal) {
    const reference = line.positional(0, "SNAPSHOT");
    const asked = askedRange(line);
    const store = openDataStore();
    try {
      const record = store.snapshot(reference);
      const ranges = placedRanges(store, record, asked);
      const filling = line.flag("filled") ? await createFillings(store, createKnownSets(store)).of(record) : undefined;
      // Everything is looked at before the first byte leaves: a range with absent pages gives none.
      for (const _ of bytesOfRanges(store, record, ranges, filling)) signal.throwIfAborted();
      // Standard output is the bytes', so what is not the dump's is said beside it, and before.
      for (const filled of filledOfRanges(ranges, filling))
        process.stderr.write(
          line.json
            ? `${JSON.stringify({ filled })}\n`
            : `${filled.address}: ${plural(filled.bytes, "byte")} not in the dump. ${escapeControls(fillingSentence(filled.source, filled.offset))}\n`,
        );
      for (const bytes of bytesOfRanges(store, record, ranges, filling)) {
        signal.throwIfAborted();
        if (!process.stdout.write(bytes)) await new Promise((resolve) => process.stdout.once("drain", resolve));
      }
      return 0;
    } finally {
      store.close();
    }
  },
};
