/**
 * The numbers that must not be mixed up: addresses, page addresses, the store's page numbers, positions in the strip.
 * `bigint` lives at the edges (parsing, display); inside, page addresses and file offsets are exact `number`s.
 */
declare const unit: unique symbol;
type Branded<T, U extends string> = T & { readonly [unit]: U };

/** Bytes of a page, on every architecture; never the page size of a host. */
export const PAGE_SIZE = 4096;

/** Any unsigned 64-bit value. */
export type Address = Branded<bigint, "address">;
/** An address divided by 4096: below 2^52, exact in a double. */
export type PageAddress = Branded<number, "pageAddress">;
/** The store's dense number of a distinct page, never reused. */
export type PageNumber = Branded<number, "pageNumber">;
/** The place of a page in a strip, counted in pages. */
export type Position = Branded<number, "position">;
/** A byte offset in a file: a safe integer. */
export type FileOffset = Branded<number, "fileOffset">;

export function address(value: bigint): Address {
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError(`${value} is not an unsigned 64-bit address`);
  return value as Address;
}

/** @throws RangeError when `value` is not the address of a page. */
export function pageAddress(value: bigint): PageAddress {
  if ((value & 4095n) !== 0n) throw new RangeError(`0x${value.toString(16)} is not aligned to 4096`);
  return Number(address(value) >> 12n) as PageAddress;
}

/** The page in which an address lies. */
export function pageAddressOf(value: Address): PageAddress {
  return Number(value >> 12n) as PageAddress;
}

export function addressOfPage(page: PageAddress, offset = 0): Address {
  return ((BigInt(page) << 12n) + BigInt(offset)) as Address;
}

export function pageNumber(value: number): PageNumber {
  return value as PageNumber;
}

export function position(value: number): Position {
  return value as Position;
}

/** @throws RangeError above 2^53 − 1 or below 0. */
export function fileOffset(value: number | bigint): FileOffset {
  const offset = Number(value);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError(`${value} is not a file offset`);
  return offset as FileOffset;
}

/** Lower-case hexadecimal with `0x`, no leading zeros: the form of JSON, URLs and the clipboard. */
export function formatAddress(value: Address): string {
  return `0x${value.toString(16)}`;
}

/** Reads hexadecimal, with or without `0x`, blanks allowed between groups; `undefined` for anything else. */
export function parseAddress(text: string): Address | undefined {
  const digits = text.replace(/\s+/g, "").toLowerCase().replace(/^0x/, "");
  if (!/^[0-9a-f]{1,16}$/.test(digits)) return undefined;
  return BigInt(`0x${digits}`) as Address;
}
