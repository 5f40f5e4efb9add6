/**
 * Numbers and texts as bytes, one after another: non-negative integers below 2^53 in groups of seven bits, the lowest
 * first, each but the last with bit 7 set (LEB128).
 */
import { DumpError } from "../../shared/errors/index.ts";

export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** A safe integer, not negative. */
  number(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) + 0x80);
    this.byte(rest);
  }

  /** An integer between −2^52 and 2^52, both excluded. */
  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  bytes(value: Uint8Array): void {
    this.number(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** `undefined` is told from an empty text. */
  text(value: string | undefined): void {
    this.byte(value === undefined ? 0 : 1);
    if (value !== undefined) this.bytes(new TextEncoder().encode(value));
  }

  /** What was written; the writer must not be used afterwards. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote. Every method throws `store-damaged` where the bytes end or no such value stands. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    if (this.left < 1) this.refuse("they end early");
    return this.#bytes[this.#at++];
  }

  number(): number {
    let value = 0;
    for (let unit = 1; unit < 2 ** 53; unit *= 0x80) {
      const byte = this.byte();
      value += (byte % 0x80) * unit;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : this.refuse("a number is above 2^53");
    }
    return this.refuse("a number is above 2^53");
  }

  signed(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A number of rows that each take at least one byte, so that no claim allocates more than the bytes allow. */
  count(): number {
    const count = this.number();
    return count <= this.left ? count : this.refuse(`${count} rows are claimed, ${this.left} bytes are left`);
  }

  /** A copy. */
  bytes(): Uint8Array {
    const length = this.count();
    this.#at += length;
    return new Uint8Array(this.#bytes.subarray(this.#at - length, this.#at));
  }

  text(): string | undefined {
    return this.byte() === 0 ? undefined : new TextDecoder().decode(this.bytes());
  }

  refuse(what: string): never {
    throw new DumpError("store-damaged", `The description of an ELF file is damaged: ${what}`, { offset: this.#at });
  }
}
