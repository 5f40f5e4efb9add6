/**
 * Refusals of the upload protocol as problems. Its library answers with sentences of plain text; the status and the
 * headers of the protocol stay, because its clients go by them.
 */
import type { Request, Response } from "express";
import type { Logger } from "pino";
import { DumpError, type ErrorCode } from "../../shared/errors/index.ts";
import { problemOf } from "../jobs/index.ts";

const CODES: Readonly<Record<number, ErrorCode>> = {
  403: "refused",
  404: "not-found",
  410: "not-found",
  413: "limit-met",
};

/** Before the protocol answers: a refusal is held back until its end, and then told in the form of all others. */
export function tellRefusalsAsProblems(request: Request, response: Response, log: Logger): void {
  // An answer to HEAD has no body to say it in.
  if (request.method === "HEAD") return;
  const writeHead = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => Response;
  const write = response.write.bind(response) as (piece: unknown, ...rest: unknown[]) => boolean;
  const end = response.end.bind(response) as (...rest: unknown[]) => Response;
  let refused: number | undefined;
  let text = "";

  // Each of the three has several forms; here they pass on what they are given.
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    if (status < 400) return writeHead(status, ...rest);
    refused = status;
    const headers = rest.find((value) => Array.isArray(value)) ?? [];
    for (let i = 0; i + 1 < headers.length; i += 2) {
      if (!/^content-(type|length)$/i.test(String(headers[i]))) response.setHeader(headers[i], headers[i + 1]);
    }
    return response;
  }) as Response["writeHead"];
  response.write = ((piece: unknown, ...rest: unknown[]) => {
    if (refused === undefined) return write(piece, ...rest);
    text += piece instanceof Uint8Array ? Buffer.from(piece).toString() : String(piece);
    return true;
  }) as Response["write"];
  response.end = ((...rest: unknown[]) => {
    if (refused === undefined) return end(...rest);
    const status = refused;
    refused = undefined;
    const why = text.trim() || `The upload was refused with status ${status}`;
    log.warn({ method: request.method, path: request.path, status }, `upload refused: ${why}`);
    const problem = problemOf(new DumpError(status >= 500 ? "io-failed" : (CODES[status] ?? "bad-request"), why));
    const body = Buffer.from(JSON.stringify({ ...problem, status }));
    writeHead(status, { "Content-Type": "application/problem+json; charset=utf-8", "Content-Length": body.length });
    return end(body, ...rest.filter((value) => typeof value === "function"));
  }) as Response["end"];
}
