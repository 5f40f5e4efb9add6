/** Makes summaries and final forms of packs, one at a time. */
import { parentPort } from "node:worker_threads";
import { createFileBlobs } from "./blobs.ts";
import { type FromFinishWorker, packDensely, summarisePack, type ToFinishWorker } from "./final-form.ts";

const port = parentPort;
if (!port) throw new Error("finish-worker runs as a worker thread only");

port.on("message", async ({ kind, id, directory, pack }: ToFinishWorker) => {
  let answer: FromFinishWorker;
  const blobs = createFileBlobs(directory);
  try {
    answer = { kind: "made", id, name: await (kind === "summarise" ? summarisePack : packDensely)(blobs, pack) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    answer = { kind: "failed", id, message: error instanceof Error ? error.message : String(error), code };
  } finally {
    blobs.close();
  }
  port.postMessage(answer);
});
