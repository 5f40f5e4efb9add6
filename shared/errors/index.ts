/** Public face of `errors`: codes, what to do, and the error type that carries both. */
export { ADVICE, DumpError, type ErrorCode, type ErrorFacts, isDumpError, isPatternCode } from "./dump-error.ts";
