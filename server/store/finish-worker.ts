/** Makes the final form of packs: each read and checked page by page, packed densely, summarised. One at a time. */
import { parentPort } from "node:worker_threads";
import { createFileBlobs } from "./blobs.ts";
import { type FromFinishWorker, finishPack, type ToFinishWorker } from "./finish-pack.ts";

const port = parentPort;
if (!port) throw new Error("finish-worker runs as a worker thread only");

port.on("message", async ({ id, directory, pack }: ToFinishWorker) => {
  let answer: FromFinishWorker;
  const blobs = createFileBlobs(directory);
  try {
    answer = { kind: "finished", id, ...(await finishPack(blobs, pack)) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    answer = { kind: "failed", id, message: error instanceof Error ? error.message : String(error), code };
  } finally {
    blobs.close();
  }
  port.postMessage(answer);
});
