/** Public face of `api`: typed requests, server state, tiles, bytes, uploads. */
export { whenAnsweredAgain } from "./answering.ts";
export { fetchArrivingBytes, fetchBytes, MAX_BYTES } from "./bytes.ts";
export { askAgainWhenAnswered, followArriving, followLibrary } from "./events.ts";
export {
  comparedPageQuery,
  createQueryClient,
  LIBRARY_KEY,
  type PictureDifferenceQuery,
  snapshotQuery,
  useArriving,
  useArrivingPage,
  useChannelCodes,
  useComparedCodes,
  useComparedPage,
  useComparedSelection,
  useComparison,
  useFilling,
  useFollowedProvenance,
  useJointStrip,
  useKnownSet,
  useLibrary,
  useLibraryActs,
  useNoteActs,
  useNotes,
  usePage,
  usePictureDifference,
  useReceipts,
  useSnapshot,
  useStrip,
  useStripping,
  useTampering,
} from "./queries.ts";
export { ApiError, asApiError, isAbort, requestJson, requestLines, urlOf } from "./request.ts";
export { arrivingTiles, comparisonTiles, type SnapshotTiles, snapshotTiles } from "./tiles.ts";
export { type LocalUpload, type UploadPurpose, Uploads } from "./uploads.ts";
