/** Filters of a channel by the names of its categories, as the address and the legend write them. */
import {
  COUNT_PARTS,
  HIT_CODES,
  KIND_CLASSES,
  MOST_CODE,
  OTHER_FILES,
  PERMISSION_CLASSES,
} from "../../../shared/channel/index.ts";
import { PROVENANCES, VERDICTS } from "../../../shared/provenance/index.ts";
import { BYTE_CLASSES } from "../../../shared/summary/index.ts";
import type { AnyChannel } from "../../viewer/contract.ts";

/** Codes of plane `a` that a name stands for; none for a name that the channel does not have. */
function codesOf(channel: AnyChannel, name: string): readonly number[] {
  switch (channel) {
    case "class":
      return indexIn(BYTE_CLASSES, name);
    case "provenance":
      return indexIn(PROVENANCES, name);
    case "verdict":
      // A verdict's code is one more than its rank.
      return indexIn(VERDICTS, name).map((rank) => rank + 1);
    case "permissions":
      return indexIn(PERMISSION_CLASSES, name);
    case "kind":
      return indexIn(KIND_CLASSES, name);
    case "file": {
      if (name === "none") return [0];
      if (name === "other") return [OTHER_FILES];
      return numbers(name, /^(\d)$/).filter((code) => code > 0 && code < OTHER_FILES);
    }
    case "changes": {
      const part = COUNT_PARTS.findIndex((least) => String(least) === name);
      return part < 0 ? [] : range(COUNT_PARTS[part], COUNT_PARTS[part + 1] ?? MOST_CODE + 1);
    }
    case "first-seen": {
      const [last] = numbers(name, /^upto(\d{1,3})$/);
      if (last !== undefined) return range(0, Math.min(last, MOST_CODE) + 1);
      return numbers(name, /^t(\d{1,3})$/).filter((code) => code <= MOST_CODE);
    }
    case "hits":
      return indexIn(HIT_CODES, name);
    case "value":
    case "entropy":
    case "entropy-max":
    case "zeros":
    case "ascii":
      return [];
    default:
      return channel satisfies never;
  }
}

function indexIn(names: readonly string[], name: string): number[] {
  const index = names.indexOf(name);
  return index < 0 ? [] : [index];
}

function numbers(text: string, pattern: RegExp): number[] {
  const match = pattern.exec(text);
  return match ? [Number(match[1])] : [];
}

/** [from, to) */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Whether a channel has a category of that name. */
export function isNameOf(channel: AnyChannel, name: string): boolean {
  return codesOf(channel, name).length > 0;
}

/** Codes that stay lit; `null` when all do. Names that the channel does not have are passed over. */
export function litCodes(channel: AnyChannel, names: readonly string[]): ReadonlySet<number> | null {
  const codes = new Set(names.flatMap((name) => codesOf(channel, name)));
  return codes.size === 0 ? null : codes;
}

/** A click lights only one, or all again; with Shift it adds or takes away. Empty is: all lit. */
export function chooseName(names: readonly string[], name: string, add: boolean): readonly string[] {
  if (!add) return names.length === 1 && names[0] === name ? [] : [name];
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
}
