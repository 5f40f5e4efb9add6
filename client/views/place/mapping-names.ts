/**
 * Places by the name of a mapping, as backtraces, loaders and file viewers write them: `libc.so.6` is where it begins,
 * `libc.so.6+0x1c0` counts from the address at which the file is loaded, `libc.so.6@0x28000` is a byte of the file.
 */
import { type Address, PAGE_SIZE, parseAddress } from "../../../shared/memory/index.ts";
import { formatHex, formatPlural } from "../../format/index.ts";
import type { Answer, Atlas, PlacedMapping } from "./places.ts";

type FindInProcess = (value: Address, pid: number | undefined, atlas: Atlas) => Answer;

/** @returns `no-address` for what is no mapping's name: it may be a symbol's */
export function findByName(text: string, atlas: Atlas, find: FindInProcess): Answer {
  const whole = named(text, atlas);
  if (whole.length > 0) return find(firstOf(whole[0]), whole[0].pid, atlas);
  const [, name = "", sign, digits = ""] = /^(.+?)\s*([+@])\s*((?:0x)?[0-9a-f\s]+)$/i.exec(text) ?? [];
  const value = parseAddress(digits);
  const mappings = named(name, atlas);
  if (value === undefined || mappings.length === 0) return { answer: "no-address" };
  return sign === "+" ? fromLoad(mappings, value, atlas, find) : inFile(mappings, value, atlas, find);
}

/** The mappings of one process that have a name, or a path that ends so, ascending; the cursor's process goes first. */
function named(name: string, atlas: Atlas): PlacedMapping[] {
  if (name === "") return [];
  const { maps, cursor } = atlas;
  const fits = maps.filter(
    (mapping) => mapping.name === name || mapping.path === name || mapping.path?.endsWith(`/${name}`),
  );
  const pid = fits.find((mapping) => cursor !== null && cursor.space === `p${mapping.pid}`)?.pid ?? fits[0]?.pid;
  return fits.filter((mapping) => mapping.pid === pid).toSorted((a, b) => (firstOf(a) < firstOf(b) ? -1 : 1));
}

function firstOf({ address }: PlacedMapping): Address {
  return parseAddress(address) ?? (0n as Address);
}

function fromLoad(mappings: readonly PlacedMapping[], value: bigint, atlas: Atlas, find: FindInProcess): Answer {
  const [first] = mappings;
  if (first.path === null && mappings.length > 1)
    return {
      answer: "elsewhere",
      sentence: `${formatPlural(mappings.length, "mapping")} of process ${first.pid} are called ${first.name}: write an address.`,
      nearest: null,
    };
  const base = first.path === null ? firstOf(first) : firstOf(first) - BigInt(first.offset);
  const sum = base + value;
  return sum < 0n || sum >= 1n << 64n ? { answer: "no-address" } : find(sum as Address, first.pid, atlas);
}

function inFile(mappings: readonly PlacedMapping[], value: bigint, atlas: Atlas, find: FindInProcess): Answer {
  // A page of the file may be mapped twice: what is mapped to be run goes first.
  const holding = mappings.filter(
    ({ path, offset, pages }) =>
      path !== null && value >= BigInt(offset) && value < BigInt(offset) + BigInt(pages) * BigInt(PAGE_SIZE),
  );
  const mapping = holding.find(({ permissions }) => permissions[2] === "x") ?? holding[0];
  if (!mapping)
    return {
      answer: "elsewhere",
      sentence: `Process ${mappings[0].pid} has not mapped byte ${formatHex(value as Address)} of ${mappings[0].name}.`,
      nearest: null,
    };
  return find((firstOf(mapping) + value - BigInt(mapping.offset)) as Address, mapping.pid, atlas);
}
