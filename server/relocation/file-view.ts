/** Bounded reads of a hostile file: what does not lie in it is `undefined`, never an exception or a wrong number. */

export class FileView {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = littleEndian;
  }

  holds(offset: number, length: number): boolean {
    return offset >= 0 && length >= 0 && offset + length <= this.bytes.length;
  }

  u16(offset: number): number | undefined {
    return this.holds(offset, 2) ? this.#view.getUint16(offset, this.#little) : undefined;
  }

  u32(offset: number): number | undefined {
    return this.holds(offset, 4) ? this.#view.getUint32(offset, this.#little) : undefined;
  }

  /** `undefined` above 2^53 − 1 too. */
  u64(offset: number): number | undefined {
    if (!this.holds(offset, 8)) return undefined;
    const value = Number(this.#view.getBigUint64(offset, this.#little));
    return Number.isSafeInteger(value) ? value : undefined;
  }

  /** Signed; `undefined` outside ±(2^53 − 1) too. */
  i64(offset: number): number | undefined {
    if (!this.holds(offset, 8)) return undefined;
    const value = Number(this.#view.getBigInt64(offset, this.#little));
    return Number.isSafeInteger(value) ? value : undefined;
  }

  /** `width` 4 or 8. */
  word(offset: number, width: number): number | undefined {
    return width === 8 ? this.u64(offset) : this.u32(offset);
  }
}
