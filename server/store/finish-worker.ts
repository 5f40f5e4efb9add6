/** Makes summaries and final forms of packs, one at a time. */
import { answerRequests } from "../threads/index.ts";
import { createFileBlobs } from "./blobs.ts";
import { type FromFinishWorker, packDensely, summarisePack, type ToFinishWorker } from "./final-form.ts";

answerRequests(async ({ kind, id, directory, pack }: ToFinishWorker): Promise<FromFinishWorker> => {
  const blobs = createFileBlobs(directory);
  try {
    return { kind: "made", id, name: await (kind === "summarise" ? summarisePack : packDensely)(blobs, pack) };
  } finally {
    blobs.close();
  }
});
