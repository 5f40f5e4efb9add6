/**
 * rpm's own database of packages (`Packages.db`), as SUSE has it: pages of slots, which say where blobs are, in blocks of
 * 16 bytes. Little-endian: `RpmP`, u32 version 0, u32 generation, u32 pages of slots, u32 next number; a slot is `Slot`,
 * u32 number, u32 first block (0: free), u32 blocks; a blob is `BlbS`, u32 number, u32 time, u32 length, its bytes, zeros,
 * u32 Adler-32 of all before, u32 length, `BlbE`. It comes from an image: every field is checked, and blobs must not
 * overlap, so that no more is read than the file has.
 * @see https://github.com/rpm-software-management/rpm lib/backend/ndb/rpmpkg.c
 */

const MAGIC = magicOf("RpmP");
const SLOT_MAGIC = magicOf("Slot");
const BLOB_MAGIC = magicOf("BlbS");
const BLOB_END_MAGIC = magicOf("BlbE");
/** It takes the room of the first two slots. */
const HEADER_SIZE = 32;
const SLOT_SIZE = 16;
const SLOT_PAGE_SIZE = 4096;
const BLOCK_SIZE = 16;
const BLOB_HEAD_SIZE = 16;
const BLOB_TAIL_SIZE = 12;

/**
 * @param lost told what cannot be read
 * @returns blobs of headers by their place, as rpm lists them; views of `bytes`
 */
export function* readNdb(bytes: Uint8Array, lost: (what: string) => void): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number) => view.getUint32(at, true);
  if (bytes.length < HEADER_SIZE || u32(0) !== MAGIC) return lost("it does not begin as an ndb does");
  if (u32(4) !== 0) return lost(`it is an ndb of version ${u32(4)}, and only version 0 is known`);
  const slotsEnd = u32(12) * SLOT_PAGE_SIZE;
  if (slotsEnd === 0 || slotsEnd > bytes.length) lost(`its slots end at byte ${slotsEnd}, the file at ${bytes.length}`);

  // By first block; 0 is none, for there is the header. 4 bytes per 16 of the file, and in order without sorting.
  const slots = new Uint32Array(Math.ceil(bytes.length / BLOCK_SIZE));
  const slotsThere = Math.min(slotsEnd, bytes.length) - SLOT_SIZE;
  for (let at = HEADER_SIZE; at <= slotsThere; at += SLOT_SIZE) {
    const block = u32(at + 8);
    if (u32(at) !== SLOT_MAGIC) lost(`at byte ${at} is no slot`);
    else if (block === 0) continue;
    else if (block >= slots.length) lost(`the slot at byte ${at} names a blob at byte ${block * BLOCK_SIZE}`);
    else if (slots[block] !== 0) lost(`the slots at bytes ${slots[block]} and ${at} name the same blob`);
    else slots[block] = at;
  }

  let previousEnd = slotsEnd;
  for (let block = 0; block < slots.length; block++) {
    if (slots[block] === 0) continue;
    const at = block * BLOCK_SIZE;
    const end = at + u32(slots[block] + 12) * BLOCK_SIZE;
    if (at < previousEnd || end > bytes.length || end - at < BLOB_HEAD_SIZE + BLOB_TAIL_SIZE) {
      lost(`the blob at byte ${at} cannot end at ${end}`);
      continue;
    }
    previousEnd = end;
    const length = u32(at + 12);
    const tail = end - BLOB_TAIL_SIZE;
    const whole =
      u32(at) === BLOB_MAGIC &&
      u32(at + 4) === u32(slots[block] + 4) &&
      // What is left of the last block are zeros.
      Math.ceil((BLOB_HEAD_SIZE + length + BLOB_TAIL_SIZE) / BLOCK_SIZE) === (end - at) / BLOCK_SIZE &&
      u32(tail + 4) === length &&
      u32(tail + 8) === BLOB_END_MAGIC &&
      u32(tail) === adler32(bytes.subarray(at, tail));
    if (whole) yield bytes.subarray(at + BLOB_HEAD_SIZE, at + BLOB_HEAD_SIZE + length);
    else lost(`the blob at byte ${at} is damaged`);
  }
}

function magicOf(text: string): number {
  return new DataView(new TextEncoder().encode(text).buffer).getUint32(0, true);
}

/** @see RFC 1950, 8.2 */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    // As many as keep both sums within 32 bits.
    const end = Math.min(at + 5552, bytes.length);
    for (; at < end; at++) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
