/**
 * Printable runs of a stream of pages: of ASCII, and of UTF-16LE at either parity. Pages that follow each other in
 * memory are fed one after another, so a run goes on over their border; a break ends it.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { FoundRun } from "./protocol.ts";

/** Characters kept of a run; its length is counted on. */
const LONGEST_TEXT = 512;

export interface RunScanner {
  /** The page at page address `page`, known in [from, to), which goes on where the one before ended unless told otherwise. */
  feed(page: number, bytes: Uint8Array, from: number, to: number): void;
  /** What comes next is somewhere else. */
  break(): void;
  /** Where the first run begins that may go on. */
  open(): Pick<FoundRun, "page" | "offset"> | undefined;
}

interface OpenRun {
  readonly encoding: FoundRun["encoding"];
  page: number;
  offset: number;
  length: number;
  readonly text: Uint8Array;
}

const IS_PRINTABLE = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte <= 0x7e) || byte === 0x09 ? 1 : 0,
);

export function createRunScanner(leastLength: number, onRun: (run: FoundRun) => void): RunScanner {
  const open = (encoding: FoundRun["encoding"]): OpenRun => ({
    encoding,
    page: 0,
    offset: 0,
    length: 0,
    text: new Uint8Array(LONGEST_TEXT),
  });
  const ascii = open("ascii");
  /** By the parity of a character's second byte. */
  const wide = [open("utf-16le"), open("utf-16le")];
  let before = 0;

  const extend = (run: OpenRun, page: number, offset: number, byte: number) => {
    if (run.length === 0) {
      run.page = page;
      run.offset = offset;
    }
    if (run.length < LONGEST_TEXT) run.text[run.length] = byte;
    run.length++;
  };
  const close = (run: OpenRun) => {
    if (run.length >= leastLength) {
      const { encoding, page, offset, length } = run;
      const text = Buffer.from(run.text.subarray(0, Math.min(length, LONGEST_TEXT))).toString("latin1");
      onRun({ page, offset, encoding, length, text });
    }
    run.length = 0;
  };

  return {
    feed(page, bytes, from, to) {
      for (let i = from; i < to; i++) {
        const byte = bytes[i];
        if (IS_PRINTABLE[byte] === 1) extend(ascii, page, i, byte);
        else if (ascii.length > 0) close(ascii);
        const run = wide[i & 1];
        if (byte === 0 && IS_PRINTABLE[before] === 1)
          extend(run, i === 0 ? page - 1 : page, i === 0 ? PAGE_SIZE - 1 : i - 1, before);
        else if (run.length > 0) close(run);
        before = byte;
      }
    },
    break() {
      close(ascii);
      for (const run of wide) close(run);
      before = 0;
    },
    open() {
      const [first] = [ascii, ...wide]
        .filter(({ length }) => length > 0)
        .sort((x, y) => x.page - y.page || x.offset - y.offset);
      return first && { page: first.page, offset: first.offset };
    },
  };
}
