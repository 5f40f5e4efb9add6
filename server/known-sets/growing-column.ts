/** A column of 32-bit numbers that grows: 4 bytes a row, where an array of numbers costs 8 and a copy at each growth. */
export class GrowingColumn {
  #values = new Uint32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  at(row: number): number {
    return this.#values[row];
  }

  /** Shares memory with the column until it grows. */
  values(): Uint32Array {
    return this.#values.subarray(0, this.#length);
  }
}
