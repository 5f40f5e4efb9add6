/** Places by a symbol in a comparison: as B has it; what B has not, as A has it. */
import type { FoundSymbols } from "../../../shared/api/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import type { Answer, Atlas } from "../place/places.ts";
import { answerOf, requestSymbols, type WrittenSymbol } from "../place/symbol-places.ts";

export interface BothSnapshots {
  /** Ids. */
  readonly a: string;
  readonly b: string;
  /** As heads call A. */
  readonly nameOfA: string;
  /** What the joint strip calls a space of A. */
  readonly spaceOf: (space: string) => Space | undefined;
}

/** @throws ApiError */
export async function findSymbolOfBoth(sides: BothSnapshots, written: WrittenSymbol, atlas: Atlas): Promise<Answer> {
  const inB = await requestSymbols(sides.b, written);
  if (inB.symbols.length > 0) return answerOf(inB, written, atlas);
  const inA = await requestSymbols(sides.a, written);
  return answerOfBoth(inB, inA, sides, written, atlas);
}

/** @param inB without a symbol */
export function answerOfBoth(
  inB: FoundSymbols,
  inA: FoundSymbols,
  { nameOfA, spaceOf }: Pick<BothSnapshots, "nameOfA" | "spaceOf">,
  written: WrittenSymbol,
  atlas: Atlas,
): Answer {
  if (inA.symbols.length > 0) {
    const symbols = inA.symbols.map((symbol) => ({ ...symbol, space: spaceOf(symbol.space) ?? symbol.space }));
    const answer = answerOf({ ...inA, symbols }, written, atlas);
    return answer.answer === "place" ? { ...answer, said: `${answer.said}, only in ${nameOfA}` } : answer;
  }
  const without = [...new Set([...inB.without, ...inA.without])];
  // Each list may be cut: there are at least so many.
  const withoutCount = Math.max(without.length, inB.withoutCount, inA.withoutCount);
  return answerOf({ ...inB, without, withoutCount }, written, atlas);
}
