/**
 * rpm's database until 4.15 (`Packages`): a hash table of Berkeley DB, versions 8 to 10, in either byte order. Page 0
 * says how large pages are and how many buckets there are; a bucket is a chain of pages of pairs, key and value, packed
 * from the page's end downwards; a value too large for its page is a chain of overflow pages. It comes from an image:
 * every page is taken once at most, so no chain can loop, and no more is read than the file has.
 * @see https://github.com/rpm-software-management/rpm lib/backend/bdb_ro.c
 * @see https://github.com/berkeleydb/libdb src/dbinc/db_page.h
 */

const HASH_MAGIC = 0x061561;
const VERSIONS = { first: 8, last: 10 };
const META_SIZE = 512;
/** `PAGE`: lsn, u32 page number @8, u32 previous @12, u32 next @16, u16 entries @20, u16 free or length @22, type @25. */
const PAGE_HEADER_SIZE = 26;
const PAGE_SIZES = { least: 512, most: 65536 };
/** `P_HASH_UNSORTED`, the only one of version 8, and `P_HASH`. */
const HASH_PAGES = [2, 13];
const OVERFLOW_PAGE = [7];
/** Of the types of an item, those that rpm makes: `H_KEYDATA`, and `H_OFFPAGE` with u32 first page @4, u32 length @8. */
const ON_PAGE = 1;
const OFF_PAGE = 3;
const OFF_PAGE_SIZE = 12;

/** What page 0 says; all of it may be wrong. */
interface Meta {
  readonly littleEndian: boolean;
  readonly pageSize: number;
  readonly buckets: number;
  /** By the number of bits in a bucket's number: what is added to that to have its page's. */
  readonly spares: readonly number[];
}

/**
 * @param lost told what cannot be read
 * @returns blobs of headers, by bucket; views of `bytes` where they lie in one piece
 */
export function* readBerkeleyDb(bytes: Uint8Array, lost: (what: string) => void): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = readMeta(view, lost);
  if (!meta) return;
  const { littleEndian, pageSize, spares } = meta;
  const u16 = (at: number) => view.getUint16(at, littleEndian);
  const u32 = (at: number) => view.getUint32(at, littleEndian);
  const pages = Math.floor(bytes.length / pageSize);
  const taken = new Uint8Array(pages);

  /** Where a page begins in the file; `undefined` for one that cannot be what it is to be, which has been told. */
  function takePage(page: number, types: readonly number[]): number | undefined {
    const at = page * pageSize;
    if (page >= pages) lost(`page ${page} is not in the file, which has ${pages}`);
    else if (taken[page]) lost(`page ${page} is of two chains`);
    else if (u32(at + 8) !== page || !types.includes(bytes[at + 25])) lost(`page ${page} is damaged`);
    else {
      taken[page] = 1;
      return at;
    }
    return undefined;
  }

  function overflowing(first: number, length: number): Uint8Array | undefined {
    const parts: Uint8Array[] = [];
    let left = length;
    for (let page = first; left > 0; ) {
      const at = takePage(page, OVERFLOW_PAGE);
      if (at === undefined) return undefined;
      const size = u16(at + 22);
      if (size === 0 || size > Math.min(left, pageSize - PAGE_HEADER_SIZE)) {
        lost(`page ${page} has ${size} bytes of a value of which ${left} are left`);
        return undefined;
      }
      parts.push(bytes.subarray(at + PAGE_HEADER_SIZE, at + PAGE_HEADER_SIZE + size));
      left -= size;
      page = u32(at + 16);
    }
    return Buffer.concat(parts);
  }

  function itemAt(start: number, end: number): Uint8Array | undefined {
    if (bytes[start] === ON_PAGE) return bytes.subarray(start + 1, end);
    if (bytes[start] === OFF_PAGE && end - start === OFF_PAGE_SIZE) return overflowing(u32(start + 4), u32(start + 8));
    lost(`at byte ${start} is no item that rpm makes`);
    return undefined;
  }

  function* valuesOn(at: number): Generator<Uint8Array> {
    const items = u16(at + 20);
    const table = at + PAGE_HEADER_SIZE;
    const itemsStart = PAGE_HEADER_SIZE + items * 2;
    if (items % 2 !== 0 || itemsStart > pageSize) return lost(`the page at byte ${at} cannot have ${items} items`);
    let end = pageSize;
    for (let i = 0; i < items; i += 2) {
      const key = u16(table + i * 2);
      const value = u16(table + i * 2 + 2);
      if (!(itemsStart <= value && value < key && key < end))
        return lost(`the items of the page at byte ${at} overlap`);
      if (!isLastNumber(bytes.subarray(at + key, at + end))) {
        const found = itemAt(at + value, at + key);
        if (found) yield found;
      }
      end = value;
    }
  }

  // Each has a page of its own at least.
  const buckets = Math.min(meta.buckets, pages);
  if (buckets < meta.buckets) lost(`it is to have ${meta.buckets} buckets, in ${pages} pages`);
  for (let bucket = 0; bucket < buckets; bucket++) {
    let page = bucket + spares[32 - Math.clz32(bucket)];
    do {
      const at = takePage(page, HASH_PAGES);
      if (at === undefined) break;
      yield* valuesOn(at);
      page = u32(at + 16);
    } while (page !== 0);
  }
}

function readMeta(view: DataView, lost: (what: string) => void): Meta | undefined {
  const refuse = (what: string) => void lost(what);
  if (view.byteLength < META_SIZE) return refuse(`it has ${view.byteLength} bytes, too few for a Berkeley DB`);
  const littleEndian = view.getUint32(12, true) === HASH_MAGIC;
  if (!littleEndian && view.getUint32(12) !== HASH_MAGIC)
    return refuse("it does not begin as a hash table of Berkeley DB does");
  const u32 = (at: number) => view.getUint32(at, littleEndian);
  const version = u32(16);
  if (version < VERSIONS.first || version > VERSIONS.last)
    return refuse(`it is a hash table of version ${version}, and ${VERSIONS.first} to ${VERSIONS.last} are known`);
  const pageSize = u32(20);
  if (pageSize < PAGE_SIZES.least || pageSize > PAGE_SIZES.most || (pageSize & (pageSize - 1)) !== 0)
    return refuse(`its pages cannot have ${pageSize} bytes`);
  // Encryption @24, checksums and partitions @26 change the form of all pages.
  if (view.getUint8(24) !== 0 || view.getUint8(26) !== 0) return refuse("it is encrypted, checksummed or partitioned");
  return {
    littleEndian,
    pageSize,
    buckets: u32(72) + 1,
    spares: Array.from({ length: 32 }, (_, bits) => u32(96 + bits * 4)),
  };
}

/** Whether a key is 0, under which rpm keeps the last number that it has given to a package. */
function isLastNumber(key: Uint8Array): boolean {
  return key.length === 5 && key[0] === ON_PAGE && key.every((byte, i) => i === 0 || byte === 0);
}
