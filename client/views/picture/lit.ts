/** Filters of a channel by the names of its categories, as the address and the legend write them. */
import { PROVENANCES, VERDICTS } from "../../../shared/provenance/index.ts";
import { BYTE_CLASSES } from "../../../shared/summary/index.ts";
import type { AnyChannel } from "../../viewer/contract.ts";

/** Names by code of plane `a`; empty for scales. A verdict's code is one more than its rank. */
function namesOf(channel: AnyChannel): readonly (string | null)[] {
  switch (channel) {
    case "class":
      return BYTE_CLASSES;
    case "provenance":
      return PROVENANCES;
    case "verdict":
      return [null, ...VERDICTS];
    case "value":
    case "entropy":
      return [];
    default:
      return channel satisfies never;
  }
}

/** Codes that stay lit; `null` when all do. Names that the channel does not have are passed over. */
export function litCodes(channel: AnyChannel, names: readonly string[]): ReadonlySet<number> | null {
  if (names.length === 0) return null;
  const codes = new Set<number>();
  namesOf(channel).forEach((name, code) => {
    if (name !== null && names.includes(name)) codes.add(code);
  });
  return codes.size === 0 ? null : codes;
}

/** A click lights only one, or all again; with Shift it adds or takes away. Empty is: all lit. */
export function chooseName(names: readonly string[], name: string, add: boolean): readonly string[] {
  if (!add) return names.length === 1 && names[0] === name ? [] : [name];
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
}
