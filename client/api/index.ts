/** Public face of `api`: typed requests, server state, tiles, bytes, uploads. */
export { fetchBytes, MAX_BYTES } from "./bytes.ts";
export { followLibrary } from "./events.ts";
export {
  comparedPageQuery,
  createQueryClient,
  LIBRARY_KEY,
  type PictureDifferenceQuery,
  useComparedPage,
  useComparison,
  useKnownSet,
  useLibrary,
  useLibraryActs,
  usePage,
  usePictureDifference,
  useReceipts,
  useSnapshot,
} from "./queries.ts";
export { ApiError, asApiError, isAbort, requestJson, urlOf } from "./request.ts";
export { comparisonTiles, snapshotTiles } from "./tiles.ts";
export { type LocalUpload, type UploadPurpose, Uploads } from "./uploads.ts";
