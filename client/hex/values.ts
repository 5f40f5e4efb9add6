/** What the bytes at the cursor mean as numbers and as a pointer. Pure; missing bytes give no value, never a guess. */
import { addressOfPage, type PageAddress } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { HexMapping } from "./bytes-source.ts";

export const VALUE_KINDS = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64"] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

const SIZE: Readonly<Record<ValueKind, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f32: 4,
  f64: 8,
};

/** @param bytes from the cursor on; fewer than 8 where memory ends. */
export function decodeValue(
  kind: ValueKind,
  bytes: Uint8Array,
  byteOrder: "little" | "big",
): number | bigint | undefined {
  if (bytes.length < SIZE[kind]) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = byteOrder === "little";
  switch (kind) {
    case "u8":
      return view.getUint8(0);
    case "i8":
      return view.getInt8(0);
    case "u16":
      return view.getUint16(0, little);
    case "i16":
      return view.getInt16(0, little);
    case "u32":
      return view.getUint32(0, little);
    case "i32":
      return view.getInt32(0, little);
    case "u64":
      return view.getBigUint64(0, little);
    case "i64":
      return view.getBigInt64(0, little);
    case "f32":
      return view.getFloat32(0, little);
    case "f64":
      return view.getFloat64(0, little);
    default:
      return kind satisfies never;
  }
}

/** As the pane writes it: u64 in hexadecimal, because it is most often an address; floats with four digits. */
export function formatValue(
  kind: ValueKind,
  value: number | bigint,
  count: (value: number | bigint) => string,
): string {
  if (kind === "u64") return `0x${value.toString(16)}`;
  if (kind === "f32" || kind === "f64") return formatFloat(Number(value));
  return count(value);
}

function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "infinity" : "−infinity";
  if (value === 0) return Object.is(value, -0) ? "−0" : "0";
  const size = Math.abs(value);
  const text = size >= 1e-3 && size < 1e6 ? String(Number(value.toPrecision(6))) : value.toExponential(3);
  return text.replace(/^-/, "−");
}

export interface PointedPlace {
  /** Index in the mappings given. */
  readonly mapping: number;
  readonly page: PageAddress;
  /** 0..4095 */
  readonly offset: number;
  /** From the mapping's start. */
  readonly into: bigint;
}

/** Where a pointer leads within a space; `undefined` when into no mapping. */
export function pointedPlace(
  value: bigint,
  space: Space,
  mappings: readonly Pick<HexMapping, "space" | "start" | "pages">[],
): PointedPlace | undefined {
  if (space === "physical") return undefined;
  const page = Number(value >> 12n) as PageAddress;
  const mapping = mappings.findIndex((one) => one.space === space && page >= one.start && page < one.start + one.pages);
  if (mapping < 0) return undefined;
  return { mapping, page, offset: Number(value & 4095n), into: value - addressOfPage(mappings[mapping].start) };
}
