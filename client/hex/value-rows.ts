/** What is read at the cursor of one side, row by row: numbers, a pointer, times, text. Pure; what is not there is told apart from what means nothing. */
import { formatCount, formatOffset, formatTimeOnly } from "../format/index.ts";
import type { Place } from "../viewer/contract.ts";
import type { PointedMapping } from "./bytes-source.ts";
import { type TimeReading, textAt, timesAt } from "./readings.ts";
import { decodeValue, formatValue, pointedPlace, VALUE_KINDS } from "./values.ts";

/** One piece of a row, and in small what it was read as, or the same otherwise. */
export interface ReadText {
  readonly text: string;
  readonly as?: string;
}

export interface ValueRow {
  readonly name: string;
  /** Several points in time may be read from the same bytes; none where they mean nothing. */
  readonly texts: readonly ReadText[];
  /** What is compared with the other side, which may be more than what is written; `null` where there are no bytes for it. */
  readonly exact: string | null;
  /** Where a pointer leads. */
  readonly target?: Place;
  /** In sentences. */
  readonly hint?: string;
}

export interface ReadSide {
  readonly byteOrder: "little" | "big";
  readonly pointed: readonly PointedMapping[];
}

const TEXT_ENCODINGS = ["utf-8", "utf-16"] as const;

/** @param bytes from the cursor on, `null` while they are read; each row needs as many as its kind has. */
export function valueRows(
  bytes: Uint8Array | null,
  cursor: Place | null,
  { byteOrder, pointed }: ReadSide,
): ValueRow[] {
  const held = bytes ?? new Uint8Array();
  const numbers = VALUE_KINDS.map((name): ValueRow => {
    const value = decodeValue(name, held, byteOrder);
    if (value === undefined) return { name, texts: [], exact: null };
    const text = formatValue(name, value, formatCount);
    if (name !== "u64") return { name, texts: [{ text }], exact: `${text} ${value}` };
    // Most often an address: in hexadecimal too.
    const hex = `0x${value.toString(16)}`;
    return { name, texts: [{ text, as: hex }], exact: hex, hint: hex };
  });
  return [
    ...numbers,
    pointerRow(held, cursor, { byteOrder, pointed }),
    timeRow(held, byteOrder),
    ...TEXT_ENCODINGS.map((name): ValueRow => {
      const text = textAt(name, held, byteOrder);
      return {
        name,
        texts: text === "" ? [] : [{ text }],
        exact: held.length === 0 ? null : text,
        // Whole, where it has no room.
        ...(text !== "" && { hint: text }),
      };
    }),
  ];
}

function pointerRow(bytes: Uint8Array, cursor: Place | null, { byteOrder, pointed }: ReadSide): ValueRow {
  const name = "pointer";
  const pointer = decodeValue("u64", bytes, byteOrder);
  if (typeof pointer !== "bigint" || !cursor) return { name, texts: [], exact: null };
  const found = pointedPlace(pointer, cursor.space, pointed);
  const text = found
    ? `${found.mapping.name} ${formatOffset(found.into, 1)}`
    : cursor.space === "physical"
      ? "physical: not followed"
      : "into no mapping";
  return {
    name,
    texts: [{ text }],
    exact: text,
    ...(!found &&
      cursor.space === "physical" && { hint: "Memory here is physical; pointers are addresses of a process." }),
    ...(found && { target: { space: found.mapping.space, page: found.page, offset: found.offset } }),
  };
}

/** A time takes at least four bytes. */
const LEAST_TIME = 4;

function timeRow(bytes: Uint8Array, byteOrder: "little" | "big"): ValueRow {
  const times = timesAt(bytes, byteOrder);
  const texts = times.map(({ unit, time }) => ({ text: formatTimeOnly(new Date(time).toISOString()), as: unit }));
  return {
    name: "time",
    texts,
    exact: bytes.length < LEAST_TIME ? null : texts.map(({ text, as }) => `${text} ${as}`).join(", "),
    hint: times.map(timeSentence).join(" ") || "No time between 1990 and 2100",
  };
}

function timeSentence({ unit, time }: TimeReading): string {
  return `${formatTimeOnly(new Date(time).toISOString())} UTC, read as ${unit}.`;
}

/** Whether both sides have bytes for a row, and read other things from them. */
export function isReadOtherwise(a: ValueRow, b: ValueRow): boolean {
  return a.exact !== null && b.exact !== null && a.exact !== b.exact;
}
