/** What SQLite says of a disk that is full or fails, or of a file that is none of its own, in the words of the store. */
import { DumpError } from "../../shared/errors/index.ts";

const IO_ERROR = 10;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;
/** Its shared memory is a file of some kilobytes beside the catalog: it can be made, or there is no room. */
const NO_SHARED_MEMORY = 4874;

/**
 * @param place `the catalog in /data`
 * @returns a DumpError for what it knows, else the error as it was
 */
export function asDiskError(error: unknown, place: string): unknown {
  if (!(error instanceof Error && "errcode" in error)) return error;
  const extended = Number(error.errcode);
  if (extended === NO_SHARED_MEMORY) return full(place, error);
  switch (extended & 0xff) {
    case FULL:
      return full(place, error);
    case IO_ERROR:
      return new DumpError("io-failed", `The disk failed under ${place}: ${error.message}`, {}, { cause: error });
    case CORRUPT:
    case NOT_A_DATABASE:
      return new DumpError("store-damaged", `Opening ${place} failed: ${error.message}`, {}, { cause: error });
    default:
      return error;
  }
}

/** Of a commit: there was no room for all of it, so that its last frame, which makes it one, is not in the log. */
export function isCut(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === FULL;
}

function full(place: string, cause: Error): DumpError {
  return new DumpError("disk-full", `The disk is full: no room for ${place}`, {}, { cause });
}
