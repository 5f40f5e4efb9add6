/**
 * Worker threads that answer requests: how work is spread, not what the work is. A request goes to the worker it
 * names, so that what a worker keeps between requests stays useful; answers come in any order.
 */
import { Worker } from "node:worker_threads";

/** What a thread keeps lies in typed arrays; its garbage need not be let grow. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

interface Message {
  readonly kind: string;
  readonly id: number;
}

export interface Threads<To extends Message, From extends Message> {
  readonly size: number;
  /** Whether a worker has ended by itself: requests to it fail, and whoever keeps the threads starts others. */
  readonly isBroken: boolean;
  request(worker: number, message: To): Promise<Exclude<From, { kind: "failed" }>>;
  close(): Promise<void>;
}

interface Waiting<From> {
  readonly worker: number;
  resolve(answer: From): void;
  reject(error: Error): void;
}

/** @param file module of the worker, which answers each message with one of the same `id`; `failed` rejects. */
export function startThreads<To extends Message, From extends Message>(file: URL, size: number): Threads<To, From> {
  type Answer = Exclude<From, { kind: "failed" }>;
  const waiting = new Map<number, Waiting<Answer>>();
  let isClosed = false;
  let broken: Error | undefined;
  const workers = Array.from({ length: size }, (_, index) => {
    const worker = new Worker(file, { resourceLimits: LIMITS });
    worker.on("message", (answer: From) => {
      const request = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (answer.kind === "failed") request?.reject(failure(answer));
      else request?.resolve(answer as Answer);
    });
    const fail = (error: Error) => {
      broken ??= error;
      for (const [id, request] of waiting) {
        if (request.worker !== index) continue;
        waiting.delete(id);
        request.reject(error);
      }
    };
    worker.on("error", fail);
    worker.on("exit", (code) => {
      if (!isClosed) fail(new Error(`a worker thread ended with status ${code}`));
    });
    return worker;
  });
  return {
    size,
    get isBroken() {
      return broken !== undefined;
    },
    request: (worker, message) =>
      new Promise((resolve, reject) => {
        if (broken) {
          reject(broken);
          return;
        }
        waiting.set(message.id, { worker, resolve, reject });
        workers[worker].postMessage(message);
      }),
    async close() {
      isClosed = true;
      await Promise.all(workers.map((worker) => worker.terminate()));
      for (const request of waiting.values()) request.reject(new Error("the worker threads were closed"));
      waiting.clear();
    },
  };
}

function failure(answer: Message): Error {
  const message = "message" in answer ? String(answer.message) : "a worker failed";
  const code = "code" in answer && answer.code !== undefined ? String(answer.code) : undefined;
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}
