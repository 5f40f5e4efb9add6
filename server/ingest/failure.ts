/** Failures of the machine in the words of the store: a full disk, a bad sector, a cancelled job. */
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import { ENDED_EARLY } from "../page-workers/index.ts";

/** @returns a DumpError for what it knows, else the error as it was */
export function asStoreError(error: unknown, signal?: AbortSignal): unknown {
  if (isDumpError(error)) return error;
  if (signal?.aborted) return new DumpError("cancelled", "The operation was cancelled", {}, { cause: error });
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new DumpError("disk-full", `The disk is full: ${message}`, {}, { cause: error });
    case "EIO":
    case "EROFS":
    case "EMFILE":
      return new DumpError("io-failed", `The disk failed: ${message}`, { errno: code }, { cause: error });
    case ENDED_EARLY:
      return new DumpError("file-changed", `The file was cut while it was read: ${message}`, {}, { cause: error });
    case "EACCES":
    case "EPERM":
    case "ENOENT":
    case "ENOTDIR":
    case "EISDIR":
    case "ENAMETOOLONG":
    case "ELOOP":
      return new DumpError("file-unreadable", message, { errno: code }, { cause: error });
    default:
      return error;
  }
}
