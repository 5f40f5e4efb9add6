/** Public face of `memory`: branded numbers for places, and half-open ranges. */
export { bisect } from "./bisect.ts";
export {
  type Address,
  address,
  addressOfPage,
  type FileOffset,
  fileOffset,
  formatAddress,
  PAGE_SIZE,
  type PageAddress,
  type PageNumber,
  type Position,
  pageAddress,
  pageAddressOf,
  pageNumber,
  parseAddress,
  position,
} from "./numbers.ts";
export type { Range } from "./range.ts";
