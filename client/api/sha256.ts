/**
 * SHA-256 piece by piece (FIPS 180-4). The platform's own takes a whole message at once, and only on an origin that it
 * calls secure; a dump is larger than memory, and the server may listen on a plain address of the house.
 */
const BLOCK = 64;

/** The first 32 bits of the fractional parts of square and cube roots of primes. */
const primes = firstPrimes(64);
const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const ROUNDS = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

export class Sha256 {
  readonly #state = Int32Array.from(START);
  readonly #words = new Int32Array(64);
  readonly #rest = new Uint8Array(BLOCK);
  #inRest = 0;
  #bytes = 0;

  update(piece: Uint8Array): void {
    this.#bytes += piece.length;
    let at = 0;
    if (this.#inRest > 0) {
      at = Math.min(BLOCK - this.#inRest, piece.length);
      this.#rest.set(piece.subarray(0, at), this.#inRest);
      this.#inRest += at;
      if (this.#inRest < BLOCK) return;
      this.#blocks(this.#rest, 0, BLOCK);
    }
    const end = piece.length - ((piece.length - at) % BLOCK);
    this.#blocks(piece, at, end);
    this.#rest.set(piece.subarray(end));
    this.#inRest = piece.length - end;
  }

  /** Hexadecimal. Nothing can be added after it. */
  digest(): string {
    const bytes = this.#bytes;
    const padding = new Uint8Array(((this.#inRest < 56 ? 56 : 120) - this.#inRest) | 0);
    padding[0] = 0x80;
    const length = new DataView(new ArrayBuffer(8));
    length.setBigUint64(0, BigInt(bytes) * 8n);
    this.update(padding);
    this.update(new Uint8Array(length.buffer));
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #blocks(piece: Uint8Array, from: number, to: number): void {
    const w = this.#words;
    const state = this.#state;
    for (let block = from; block < to; block += BLOCK) {
      for (let i = 0, at = block; i < 16; i++, at += 4)
        w[i] = (piece[at] << 24) | (piece[at + 1] << 16) | (piece[at + 2] << 8) | piece[at + 3];
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15];
        const y = w[i - 2];
        const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + low + w[i - 7] + high) | 0;
      }
      // Taking the array apart by a pattern makes the whole three times as slow.
      let a = state[0];
      let b = state[1];
      let c = state[2];
      let d = state[3];
      let e = state[4];
      let f = state[5];
      let g = state[6];
      let h = state[7];
      for (let i = 0; i < 64; i++) {
        const high = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const one = (h + high + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0;
        const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + one) | 0;
        d = c;
        c = b;
        b = a;
        a = (one + two) | 0;
      }
      state[0] += a;
      state[1] += b;
      state[2] += c;
      state[3] += d;
      state[4] += e;
      state[5] += f;
      state[6] += g;
      state[7] += h;
    }
  }
}

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

/** Doubles hold these roots to 2^-49, and 32 bits behind the point are asked for. */
function fraction(root: number): number {
  return ((root % 1) * 2 ** 32) | 0;
}
