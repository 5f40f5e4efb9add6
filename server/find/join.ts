/**
 * Findings of single pages become matches: pages that follow each other in one space are fed in order, with what was
 * found in each. Nothing is joined over a page that is absent, or over bytes that are not known.
 */
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";

/** A match by its first byte. */
export interface Match {
  /** Page address. */
  readonly page: number;
  readonly offset: number;
  readonly length: number;
}

export interface FedPage {
  readonly address: number;
  readonly from: number;
  readonly to: number;
  readonly counts: boolean;
}

interface Chain {
  readonly page: number;
  readonly offset: number;
  /** Alignment that the next page has to have. */
  next: number;
  counts: boolean;
}

export interface MaskedJoin {
  /** Matches that are complete with this page, in order. */
  feed(page: FedPage, alignments: Int32Array): Match[];
  /** Where the first match begins that may be complete with the next page. */
  open(): Pick<Match, "page" | "offset"> | undefined;
}

/** Joins alignments (`masked-search.ts`) of a pattern of `length` bytes. Space by space: a new space needs a new one. */
export function createMaskedJoin(length: number): MaskedJoin {
  let chains: Chain[] = [];
  let next = -1;
  return {
    feed({ address, from, to, counts }, alignments) {
      const matches: Match[] = [];
      if (address !== next || from !== 0) chains = [];
      const going: Chain[] = [];
      for (const chain of chains) {
        if (!has(alignments, chain.next)) continue;
        chain.counts ||= counts;
        if (length - chain.next > PAGE_SIZE) {
          chain.next += PAGE_SIZE;
          going.push(chain);
        } else if (chain.counts) matches.push({ page: chain.page, offset: chain.offset, length });
      }
      chains = going;
      for (let i = lastNotAbove(alignments, 0); i >= 0; i--) {
        const offset = -alignments[i];
        if (offset + length > PAGE_SIZE) chains.push({ page: address, offset, next: PAGE_SIZE - offset, counts });
        else if (counts) matches.push({ page: address, offset, length });
      }
      next = to === PAGE_SIZE ? address + 1 : -1;
      return matches;
    },
    open: () => chains[0],
  };
}

function has(sorted: Int32Array, value: number): boolean {
  return sorted[lastNotAbove(sorted, value)] === value;
}

/** Index of the last value ≤ `limit`, or −1. */
function lastNotAbove(sorted: Int32Array, limit: number): number {
  return bisect(sorted.length, (i) => sorted[i] <= limit) - 1;
}

/** What `RegexJoin` needs of a page and its neighbour: start and length of each match from a byte of the first on. */
export type AskPair = (start: number) => Promise<Int32Array>;

/**
 * The matches of a regular expression that begin in a page.
 * @param finding as `searchAlone` answers; @param resume where the search goes on: behind a match of the page before.
 * @returns start and length of each.
 */
export async function regexMatches(finding: Int32Array, resume: number, from: number, ask: AskPair): Promise<number[]> {
  if (finding.length === 0) return [];
  const first = Math.max(resume, from);
  const open = finding[0];
  const kept: number[] = [];
  for (let i = 1; i < finding.length; i += 2) {
    const [start, length] = [finding[i], finding[i + 1]];
    if (start + length <= first) continue;
    // A match that began on the page before ends amid this one, so all from there on is to be seen anew.
    if (start < first) return [...(await ask(first))];
    kept.push(start, length);
  }
  if (open < 0) return kept;
  return [...kept, ...(await ask(Math.max(open, first)))];
}
