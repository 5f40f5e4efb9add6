/**
 * Places by a symbol of a mapped file: `malloc`, `malloc+0x10`, `libc.so.6!malloc`. The server knows the symbols of the
 * files that known sets have; where it has none of some, the answer names them, because the symbol may be theirs.
 */
import type { FoundSymbols } from "../../../shared/api/index.ts";
import { type Address, parseAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { requestJson } from "../../api/index.ts";
import { formatHex, formatPlural } from "../../format/index.ts";
import { type Answer, type Atlas, addressOf, inPicture, placeAt } from "./places.ts";

export interface WrittenSymbol {
  readonly name: string;
  readonly file: string | undefined;
  /** Bytes behind the symbol. */
  readonly offset: bigint;
}

/** `undefined` for what is no symbol's name: those of C++ and Rust are written as they are in the file. */
export function parseSymbol(text: string): WrittenSymbol | undefined {
  const [, file, name, digits] =
    /^\s*(?:([^\s!]+)!)?([A-Za-z_$.][\w$.@]{0,4000}?)(?:\s*\+\s*((?:0x)?[0-9a-f]{1,8}))?\s*$/i.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { name, file, offset: digits === undefined ? 0n : (parseAddress(digits) ?? 0n) };
}

/** @throws ApiError */
export function requestSymbols(snapshot: string, { name, file }: WrittenSymbol): Promise<FoundSymbols> {
  const query = { name, ...(file === undefined ? {} : { file }) };
  return requestJson("symbols", { parameters: { snapshot }, query });
}

/** @throws ApiError */
export async function findSymbol(snapshot: string, written: WrittenSymbol, atlas: Atlas): Promise<Answer> {
  return answerOf(await requestSymbols(snapshot, written), written, atlas);
}

export function answerOf(found: FoundSymbols, { name, file, offset }: WrittenSymbol, atlas: Atlas): Answer {
  const { symbols, symbolCount } = found;
  const own = symbols.find(({ pid }) => atlas.cursor?.space === `p${pid}`) ?? symbols[0];
  if (!own) {
    const nobody =
      file === undefined ? "No mapped file that is known defines" : `No mapped ${file} that is known defines`;
    return { answer: "elsewhere", sentence: `${nobody} “${name}”.${withoutText(found)}`, nearest: null };
  }
  const address = ((parseAddress(own.address) ?? 0n) + offset) as Address;
  const answer = inPicture(placeAt(own.space as Space, address), atlas);
  const places = new Set(symbols.map(({ space, address: start }) => `${space} ${start}`)).size;
  const others = symbolCount > symbols.length ? symbolCount - 1 : places - 1;
  const title = `${name}${own.version === null ? "" : `@${own.version}`} in ${own.path.slice(own.path.lastIndexOf("/") + 1)}`;
  const said = others > 0 ? `${title}; ${formatPlural(others, "more place has", "more places have")} that name` : title;
  if (answer.answer === "place") return { ...answer, said };
  if (answer.answer === "no-address") return answer;
  return {
    ...answer,
    sentence: `${title}, ${formatHex(addressOf(placeAt(own.space as Space, address)))}: ${answer.sentence}`,
  };
}

function withoutText({ without, withoutCount }: FoundSymbols): string {
  if (withoutCount === 0) return "";
  const names = without.slice(0, 3).map((path) => path.slice(path.lastIndexOf("/") + 1));
  const more = withoutCount - names.length;
  const list = `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return ` The symbols of ${list} are not here: add the image of the container as a known set.`;
}
