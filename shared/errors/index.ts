/** Public face of `errors`: codes, what to do, and the error type that carries both. */
export { ADVICE, DumpError, type ErrorCode, type ErrorFacts, isDumpError } from "./dump-error.ts";
