/** Public face of `api`: every request and answer of the server as a zod schema; OpenAPI is generated from these. */

export * from "./arriving.ts";
export * from "./compared-selection.ts";
export * from "./comparison.ts";
export * from "./filling.ts";
export * from "./find.ts";
export * from "./library.ts";
export * from "./links.ts";
export * from "./notes.ts";
export { type Problem, ProblemSchema } from "./problem.ts";
export { decodeRangeBytes, encodeRangeBytes, FILLED_STATE, type RangeBytes } from "./range-bytes.ts";
export { ROUTES, type Route, type RouteName, routePath } from "./routes.ts";
export * from "./selection.ts";
export * from "./snapshot.ts";
export * from "./stripping.ts";
export * from "./symbols.ts";
export * from "./tampering.ts";
