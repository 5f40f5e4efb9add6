/** Public face of `manifest`: which page is where, as columns over a chunk of a mapping. */
export { CHUNK_PAGES, decodeChunk, encodeChunk, type ManifestColumns, NO_PAGE, ZERO_PAGE } from "./columns.ts";
