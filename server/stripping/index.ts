/** Public face of `stripping`: what of a snapshot is the system's, with the evidence. */
export { type FilePage, type FilePageCheck, filePages, setsByPath } from "./file-pages.ts";
