/** A process that takes raw dumps in beside each other: `FILE CONTAINER FILE CONTAINER …`; to be killed by a test. */
import { createIngestGroup, ingestDump } from "../../server/ingest/index.ts";
import { openStore } from "../../server/store/index.ts";

const words = process.argv.slice(2);
const store = openStore(process.env.DUMPSCOPE_DATA ?? "");
const group = createIngestGroup(store);
const options = { signal: new AbortController().signal, onProgress: () => undefined };
await Promise.all(
  Array.from({ length: words.length / 2 }, (_, i) => {
    const [file, container] = words.slice(i * 2, i * 2 + 2);
    return ingestDump(store, { file, container, asRaw: true, base: 0n, keepCut: false }, options, group);
  }),
);
store.close();
