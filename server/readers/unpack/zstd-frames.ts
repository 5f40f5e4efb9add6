/**
 * Finds where zstd frames begin and end, by their headers and block headers, without decoding anything.
 * Needed because Node's decoder takes exactly one frame: what follows the first one fails there, and it knows no
 * skippable frames (tried on 24.21); `zstd -T`, `pzstd` and zstd:chunked write many.
 * @see https://www.rfc-editor.org/rfc/rfc8878
 */
import { DumpError } from "../../../shared/errors/index.ts";
import { isSkippable, ZSTD_MAGIC } from "./compression.ts";

/** The limit of `zstd --long=27`, and what the decoder keeps in memory for one frame. */
export const WINDOW_LIMIT = 128 * 1024 * 1024;

/** Longest frame header: magic 4, descriptor 1, window 1, dictionary 4, content size 8. */
const HEADER_LIMIT = 18;

/** Bytes of a frame, in order; `last` ends it. */
export interface FramePiece {
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

type Place =
  /** Collecting a header of `need` bytes; `need` grows as its first bytes tell more. */
  | { readonly at: "frame" | "block" | "skippable"; need: number }
  /** `left` bytes to pass on (or over), then `next`. */
  | { readonly at: "content"; left: number; readonly next: "block" | "checksum" | "end" }
  | { readonly at: "skipped"; left: number };

export class ZstdFrames {
  #place: Place = { at: "frame", need: 4 };
  readonly #header = new Uint8Array(HEADER_LIMIT);
  #collected = 0;
  #checksum = false;
  #offset = 0;

  /** Whether the bytes so far end where a frame ends. */
  get complete(): boolean {
    return this.#place.at === "frame" && this.#collected === 0;
  }

  /** Bytes taken so far. */
  get offset(): number {
    return this.#offset;
  }

  /** @throws DumpError `dump-damaged`, `dump-unsupported` (dictionary), `limit-met` (window). */
  *push(chunk: Uint8Array): Generator<FramePiece> {
    let position = 0;
    while (position < chunk.length) {
      const place = this.#place;
      if (place.at === "content" || place.at === "skipped") {
        const taken = Math.min(place.left, chunk.length - position);
        const bytes = chunk.subarray(position, position + taken);
        position += taken;
        this.#offset += taken;
        place.left -= taken;
        if (place.at === "skipped") {
          if (place.left === 0) this.#expect("frame", 4);
          continue;
        }
        const ends = place.left === 0 && place.next === "end";
        if (place.left === 0) this.#follow(place.next);
        if (taken > 0 || ends) yield { bytes, last: ends };
        continue;
      }
      this.#header[this.#collected++] = chunk[position++];
      this.#offset++;
      if (this.#collected < place.need) continue;
      yield* this.#headerComplete(place);
    }
  }

  *#headerComplete(place: Extract<Place, { need: number }>): Generator<FramePiece> {
    const header = this.#header;
    if (place.at === "skippable") {
      const length = u32(header, 4);
      if (length === 0) this.#expect("frame", 4);
      else this.#place = { at: "skipped", left: length };
      this.#collected = 0;
      return;
    }
    if (place.at === "block") {
      const bits = header[0] | (header[1] << 8) | (header[2] << 16);
      const last = (bits & 1) === 1;
      const type = (bits >> 1) & 3;
      if (type === 3) throw this.#damaged("a block of the reserved type");
      const size = type === 1 ? 1 : bits >>> 3;
      const next = last ? (this.#checksum ? "checksum" : "end") : "block";
      const bytes = header.slice(0, 3);
      if (size === 0) {
        this.#follow(next);
        yield { bytes, last: next === "end" };
      } else {
        this.#place = { at: "content", left: size, next };
        this.#collected = 0;
        yield { bytes, last: false };
      }
      return;
    }
    if (this.#collected === 4) {
      const magic = u32(header, 0);
      if (isSkippable(magic)) {
        this.#place = { at: "skippable", need: 8 };
        return;
      }
      if (magic !== ZSTD_MAGIC) throw this.#damaged("bytes that begin no frame");
      place.need = 5;
      return;
    }
    const descriptor = header[4];
    const single = (descriptor & 0x20) !== 0;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6];
    const need = 5 + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
    if (this.#collected < need) {
      place.need = need;
      return;
    }
    this.#checkHeader(single, dictionaryBytes, sizeBytes);
    this.#checksum = (descriptor & 4) !== 0;
    const bytes = header.slice(0, need);
    this.#expect("block", 3);
    yield { bytes, last: false };
  }

  #checkHeader(single: boolean, dictionaryBytes: number, sizeBytes: number): void {
    const header = this.#header;
    let position = 5;
    let window = 0;
    if (!single) {
      const base = 2 ** (10 + (header[position] >> 3));
      window = base + (base / 8) * (header[position] & 7);
      position++;
    }
    const dictionary = littleEndian(header, position, dictionaryBytes);
    if (dictionary !== 0) {
      throw new DumpError("dump-unsupported", `The zstd stream needs dictionary ${dictionary}`, { dictionary });
    }
    if (single) window = littleEndian(header, position + dictionaryBytes, sizeBytes);
    if (window > WINDOW_LIMIT) {
      throw new DumpError(
        "limit-met",
        `The zstd stream needs a window of ${window} bytes; the limit is ${WINDOW_LIMIT} (zstd --long=27)`,
        { window, limit: WINDOW_LIMIT },
      );
    }
  }

  #expect(at: "frame" | "block" | "skippable", need: number): void {
    this.#place = { at, need };
    this.#collected = 0;
  }

  #follow(next: "block" | "checksum" | "end"): void {
    if (next === "block") this.#expect("block", 3);
    else if (next === "end") this.#expect("frame", 4);
    else {
      this.#place = { at: "content", left: 4, next: "end" };
      this.#collected = 0;
    }
  }

  #damaged(what: string): DumpError {
    return new DumpError("dump-damaged", `The zstd stream has ${what} at byte ${this.#offset - this.#collected}`, {
      offset: this.#offset - this.#collected,
    });
  }
}

function u32(bytes: Uint8Array, offset: number): number {
  return littleEndian(bytes, offset, 4);
}

function littleEndian(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[offset + i];
  return value;
}
