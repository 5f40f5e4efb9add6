/** Answers of lines of JSON, each sent when it is there; who leaves ends the work behind them. */
import { once } from "node:events";
import type { Response } from "express";
import type { Logger } from "pino";
import { isDumpError } from "../../shared/errors/index.ts";
import { problemOf } from "../jobs/index.ts";
import { signalOfLeaving } from "./leaving.ts";

/** Progress is told at most so often. */
const TELL_MS = 100;

/**
 * @param lines as they come; those of the kind `progress` may be left out. Its signal fires when the client has left.
 * @param carry hands what such a line has told, and no other will, on to the next one of the kind `progress` or `done`
 */
export async function sendLines<Line extends { readonly kind: string }>(
  response: Response,
  log: Logger,
  lines: (gone: AbortSignal) => AsyncIterable<Line>,
  carry: (leftOut: Line, line: Line) => Line = (_, line) => line,
): Promise<void> {
  let told = 0;
  let leftOut: Line | undefined;
  await streamLines(response, log, async (send, gone) => {
    for await (const line of lines(gone)) {
      if (line.kind !== "progress" && line.kind !== "done") {
        await send(line);
        continue;
      }
      const whole: Line = leftOut ? carry(leftOut, line) : line;
      leftOut = undefined;
      if (line.kind === "progress" && performance.now() - told <= TELL_MS) leftOut = whole;
      else {
        if (line.kind === "progress") told = performance.now();
        await send(whole);
      }
    }
  });
}

/** @param tell sends each line when it has it, and ends with the last; its signal fires when the client has left. */
export async function streamLines(
  response: Response,
  log: Logger,
  tell: (send: (line: object) => Promise<void>, gone: AbortSignal) => Promise<void>,
): Promise<void> {
  const gone = signalOfLeaving(response);
  const send = async (line: object) => {
    if (!response.headersSent) response.set({ "Content-Type": "application/x-ndjson", "X-Accel-Buffering": "no" });
    if (!response.write(`${JSON.stringify(line)}\n`)) await once(response, "drain", { signal: gone });
  };
  try {
    await tell(send, gone);
  } catch (error) {
    if (gone.aborted) return;
    // Before the first line it is an answer of its own.
    if (!response.headersSent) throw error;
    if (!isDumpError(error)) log.error({ err: error }, "an answer of lines failed");
    await send({ kind: "failed", problem: problemOf(error) });
  }
  response.end();
}
