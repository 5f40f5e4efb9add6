/** The other end of a thread: it answers each request, and tells what failed in the form in which `Threads` rejects. */
import { parentPort } from "node:worker_threads";

interface Failed {
  readonly kind: "failed";
  readonly id: number;
  readonly message: string;
  readonly code: string | undefined;
}

/**
 * @param answer of one request; what it throws is told
 * @param transferOf memory of an answer that is the asker's from then on
 * @throws Error outside a worker thread
 */
export function answerRequests<To extends { readonly id: number }, From>(
  answer: (message: To) => From | Promise<From>,
  transferOf: (answer: From) => ArrayBuffer[] = () => [],
): void {
  const port = parentPort;
  if (!port) throw new Error("this module runs as a worker thread only");
  port.on("message", async (message: To) => {
    try {
      const answered = await answer(message);
      port.postMessage(answered, transferOf(answered));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
      const failed: Failed = {
        kind: "failed",
        id: message.id,
        message: error instanceof Error ? error.message : String(error),
        code,
      };
      port.postMessage(failed);
    }
  });
}
