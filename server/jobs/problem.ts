/** An error in the form in which it is kept and sent: without a status, which is the HTTP face's. */
import type { Problem } from "../../shared/api/index.ts";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";

export function problemOf(error: unknown): Omit<Problem, "status"> {
  const known = isDumpError(error)
    ? error
    : new DumpError("internal", error instanceof Error ? error.message : String(error));
  return {
    type: `dumpscope:${known.code}`,
    title: known.code.replaceAll("-", " "),
    detail: known.message,
    code: known.code,
    advice: known.advice,
    facts: known.facts,
  };
}
