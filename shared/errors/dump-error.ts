/**
 * Errors that a person meets. The code is the union's key, the facts say where, the table says what to do.
 * Only the faces know exit codes and HTTP status numbers.
 */

/** One line per code: what to do next. */
export const ADVICE = {
  // Input
  "unknown-format": "Check the file. To keep it as raw bytes, ask for it: --format raw, or “Keep as raw bytes”.",
  "dump-empty": "The file has no bytes. Copy it again.",
  "dump-cut":
    "Copy the file again and compare checksums, or ask to keep what is there: --keep-cut, or “Keep what is there”.",
  "file-changed": "Ingest the file again when nothing writes to it.",
  "dump-damaged": "Copy the file again and compare checksums.",
  "dump-unsupported": "This version cannot read it. Report the field and value named here.",
  "dump-encrypted": "Decrypt the dump first.",
  "received-already": "Open the snapshot named here, or add the file again.",
  "limit-met": "Raise the limit named here if the dump is trusted.",
  "archive-hostile": "The archive names places outside itself. Nothing of it was written. Check where it comes from.",
  "image-damaged": "Export the image again and compare checksums.",
  "no-image":
    "An image is added as one archive (podman save --format oci-archive -o image.tar NAME, or docker save -o image.tar NAME). A dump is ingested; its snapshot can be added as a baseline.",
  // Requests
  "not-found": "Look at what there is: dumpscope snapshots, dumpscope known list.",
  "baseline-needed": "Remove the known set first, dumpscope known remove NAME, or keep the snapshot.",
  "name-taken": "Choose another name, or remove the one that has it.",
  "bad-request": "Correct the request.",
  "pattern-invalid": "Write a pattern of at least one byte and at most 64 KiB.",
  "bytes-invalid": "Write bytes as pairs of hexadecimal digits, ? for any digit: de ad ?? 4?.",
  "regex-invalid": "Write it again: literals, classes, groups, | and * + ? {m,n} are understood.",
  "page-absent":
    "Read a range in which all pages are recorded, or with --filled what a known set or the dump's own files have of pages left to files.",
  "address-unmapped": "Look at the snapshot's mappings.",
  "note-unbound": "Put the note on a page that the dump records and that is not all zero.",
  usage: "dumpscope --help lists commands and options.",
  // The store
  "store-busy": "Wait until the other operation has ended, then run it again.",
  "store-version": "Use the version of Dumpscope that wrote this store, or another DUMPSCOPE_DATA.",
  "store-damaged": "Run dumpscope verify; it names the snapshots that are hurt.",
  "disk-full": "Free the space named here, then run it again. Nothing was stored.",
  "io-failed": "Check the disk, then run it again. Nothing was stored.",
  "file-unreadable": "Check the path and its permissions.",
  "port-taken": "Choose another port: --port, or DUMPSCOPE_PORT.",
  cancelled: "Nothing was stored. Run it again when you want to.",
  refused: "Open Dumpscope by the address it prints at start.",
  internal: "This is a mistake of Dumpscope. Report the message.",
} as const;

export type ErrorCode = keyof typeof ADVICE;
/** Where it happened, by name: member, offset, address, needed, there, … Values are shown as they are. */
export type ErrorFacts = Readonly<Record<string, string | number>>;

const PATTERN_CODES: ReadonlySet<string> = new Set<ErrorCode>(["pattern-invalid", "bytes-invalid", "regex-invalid"]);

/** What a person asked to find is no pattern: nothing was searched. */
export function isPatternCode(code: string): boolean {
  return PATTERN_CODES.has(code);
}

export class DumpError extends Error {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  /** @param message one sentence without a full stop's worth of advice: what happened, and where. */
  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = "DumpError";
    this.code = code;
    this.facts = facts;
  }

  get advice(): string {
    return ADVICE[this.code];
  }
}

export function isDumpError(error: unknown): error is DumpError {
  return error instanceof DumpError;
}
