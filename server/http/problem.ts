/** Errors on the wire. Only this face knows status numbers. */
import type { Response } from "express";
import type { ErrorCode } from "../../shared/errors/index.ts";
import { problemOf } from "../jobs/index.ts";

const STATUS: Readonly<Record<ErrorCode, number>> = {
  "unknown-format": 422,
  "dump-empty": 422,
  "dump-cut": 422,
  "file-changed": 409,
  "dump-damaged": 422,
  "dump-unsupported": 422,
  "dump-encrypted": 422,
  "received-already": 409,
  "limit-met": 413,
  "archive-hostile": 422,
  "image-damaged": 422,
  "no-image": 422,
  "not-found": 404,
  "baseline-needed": 409,
  "name-taken": 409,
  "bad-request": 400,
  "pattern-invalid": 400,
  "bytes-invalid": 400,
  "regex-invalid": 400,
  "page-absent": 404,
  "address-unmapped": 404,
  "note-unbound": 409,
  usage: 400,
  "store-busy": 409,
  "store-version": 500,
  "store-damaged": 500,
  "disk-full": 507,
  "io-failed": 500,
  "file-unreadable": 404,
  "port-taken": 500,
  cancelled: 409,
  refused: 403,
  internal: 500,
};

export function statusOf(code: string): number {
  return STATUS[code as ErrorCode] ?? 500;
}

export function sendProblem(response: Response, error: unknown): void {
  const problem = problemOf(error);
  response
    .status(statusOf(problem.code))
    .type("application/problem+json")
    .send(JSON.stringify({ ...problem, status: statusOf(problem.code) }));
}
