/** Printable runs of a page, with a guess whether one is a secret: secrets are masked in lists until asked for. */
import { isSecret } from "../../shared/find/index.ts";

const SHORTEST = 6;
const MOST = 64;
const LONGEST = 512;

export interface FoundString {
  readonly offset: number;
  readonly text: string;
  readonly secret: boolean;
}

/** Runs of printable ASCII and tabs of 6 bytes and more, at most 64 of them. */
export function stringsOf(page: Uint8Array): FoundString[] {
  const found: FoundString[] = [];
  let start = -1;
  for (let i = 0; i <= page.length && found.length < MOST; i++) {
    const isPrintable = i < page.length && ((page[i] >= 0x20 && page[i] <= 0x7e) || page[i] === 0x09);
    if (isPrintable) {
      if (start < 0) start = i;
      continue;
    }
    if (start >= 0 && i - start >= SHORTEST) {
      const text = Buffer.from(page.subarray(start, Math.min(i, start + LONGEST))).toString("latin1");
      found.push({ offset: start, text, secret: isSecret(text) });
    }
    start = -1;
  }
  return found;
}
