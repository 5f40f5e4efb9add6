/**
 * Page hashes of one ingest → page numbers, in typed arrays: 32 B key + 4 B number + at most 8 B of slots a page, so a
 * table of 2^19 pages is 22 MiB.
 */
const EMPTY = -1;

export interface HashTable {
  readonly size: number;
  /** Row of the hash at `offset` of `hashes`, or −1. */
  find(hashes: Uint8Array, offset: number): number;
  /** Adds a hash that `find` did not find. */
  add(hashes: Uint8Array, offset: number, value: number): void;
  value(row: number): number;
  /** Rows in the order of their hashes; keys and values share memory with the table. */
  sorted(): { readonly rows: Uint32Array; readonly keys: Uint8Array; readonly values: Uint32Array };
  clear(): void;
}

export function createHashTable(): HashTable {
  let keys = new Uint8Array(1024 * 32);
  let values = new Uint32Array(1024);
  let slots = new Int32Array(2048).fill(EMPTY);
  let size = 0;

  const slotOf = (bytes: Uint8Array, offset: number) =>
    (bytes[offset] | (bytes[offset + 1] << 8) | (bytes[offset + 2] << 16) | (bytes[offset + 3] << 24)) &
    (slots.length - 1);

  function equals(row: number, bytes: Uint8Array, offset: number): boolean {
    for (let i = 0; i < 32; i++) if (keys[row * 32 + i] !== bytes[offset + i]) return false;
    return true;
  }

  function grow(): void {
    const nextKeys = new Uint8Array(keys.length * 2);
    nextKeys.set(keys);
    keys = nextKeys;
    const nextValues = new Uint32Array(values.length * 2);
    nextValues.set(values);
    values = nextValues;
    slots = new Int32Array(values.length * 2).fill(EMPTY);
    for (let row = 0; row < size; row++) place(row);
  }

  function place(row: number): void {
    let slot = slotOf(keys, row * 32);
    while (slots[slot] !== EMPTY) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = row;
  }

  /** Moves a row down to its place among the ones before, which its first bits may leave open. */
  function settle(rows: Uint32Array, i: number): void {
    for (let at = i; at > 0 && compare(rows[at - 1], rows[at]) > 0; at--)
      [rows[at - 1], rows[at]] = [rows[at], rows[at - 1]];
  }

  function compare(x: number, y: number): number {
    for (let i = 0; i < 32; i++) if (keys[x * 32 + i] !== keys[y * 32 + i]) return keys[x * 32 + i] - keys[y * 32 + i];
    return 0;
  }

  return {
    get size() {
      return size;
    },
    find(hashes, offset) {
      for (let slot = slotOf(hashes, offset); slots[slot] !== EMPTY; slot = (slot + 1) & (slots.length - 1)) {
        if (equals(slots[slot], hashes, offset)) return slots[slot];
      }
      return -1;
    },
    add(hashes, offset, value) {
      if (size === values.length) grow();
      keys.set(hashes.subarray(offset, offset + 32), size * 32);
      values[size] = value;
      place(size);
      size++;
    },
    value: (row) => values[row],
    sorted() {
      // The row and as much of the key as a double holds beside it: sorted as numbers, not by calling a comparison.
      const view = new DataView(keys.buffer, keys.byteOffset);
      const span = 2 ** Math.ceil(Math.log2(size + 1));
      const unused = Math.max(1, (span * 2 ** 32) / 2 ** 53);
      const order = new Float64Array(size);
      for (let row = 0; row < size; row++) order[row] = Math.floor(view.getUint32(row * 32) / unused) * span + row;
      order.sort();
      const rows = new Uint32Array(size);
      for (let i = 0; i < size; i++) rows[i] = order[i] % span;
      for (let i = 1; i < size; i++) settle(rows, i);
      return { rows, keys, values };
    },
    clear() {
      size = 0;
      slots.fill(EMPTY);
    },
  };
}
