/** Public face of `stripping`: what of a snapshot is the system's, with the evidence. */
export { type FileContents, fileContents } from "./file-contents.ts";
export { type FilePage, type FilePageCheck, filePages, setsByPath } from "./file-pages.ts";
export { alikeTo, relocatedWords, relocationOf } from "./reasons.ts";
export {
  type FileStrip,
  type MappingStrip,
  type PackageStrip,
  type StripReport,
  stripReport,
} from "./report.ts";
export { newestUnstripped, type StripOptions, stripAhead, stripSnapshot } from "./strip.ts";
export { type PageWays, pageWays } from "./ways.ts";
