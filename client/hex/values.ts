/** What the bytes at the cursor mean as numbers and as a pointer. Pure; missing bytes give no value, never a guess. */
import { addressOfPage, type PageAddress } from "../../shared/memory/index.ts";
import { parseSpace, type Space } from "../../shared/snapshot/index.ts";
import type { PointedMapping } from "./bytes-source.ts";

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

/** As the pane writes it: floats with four digits. */
export function formatValue(
  kind: ValueKind,
  value: number | bigint,
  count: (value: number | bigint) => string,
): string {
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
  readonly mapping: PointedMapping;
  /** In the mapping's own space. */
  readonly page: PageAddress;
  /** 0..4095 */
  readonly offset: number;
  /** From the mapping's start. */
  readonly into: bigint;
}

/**
 * Where a pointer that stands in a space leads; `undefined` when into no mapping. In shared memory it is an address of
 * the processes that map it: the first of them that has a mapping there.
 */
export function pointedPlace(
  value: bigint,
  space: Space,
  mappings: readonly PointedMapping[],
): PointedPlace | undefined {
  if (space === "physical") return undefined;
  const isShared = parseSpace(space)?.kind === "segment";
  const processes = isShared
    ? new Set(mappings.filter((one) => one.space === space).map(({ process }) => process))
    : [space];
  const page = Number(value >> 12n);
  for (const process of processes) {
    const mapping = mappings.find(
      (one) => one.process === process && page >= one.address && page < one.address + one.pages,
    );
    if (!mapping) continue;
    return {
      mapping,
      page: (mapping.start + page - mapping.address) as PageAddress,
      offset: Number(value & 4095n),
      into: value - addressOfPage(mapping.address),
    };
  }
  return undefined;
}
