/** Public face of `manifest`: which page is where, as columns over a chunk of a mapping. */
export { CHUNK_PAGES, decodeChunk, encodeChunk, type ManifestColumns } from "./columns.ts";
export { decodePages, encodePages, NO_PAGE, ZERO_PAGE } from "./page-column.ts";
