/** Masks the part of a text that is a secret; how long it is stays visible up to a limit. */

const DOT = "·";
const MOST_DOTS = 20;
/** Of a long value so much is left, to tell one key from another. */
const LEFT_OPEN = 4;
const LONG = 16;

export function maskSecret(text: string): string {
  const header = /^-----BEGIN [A-Z0-9 ]+-----/.exec(text);
  if (header) return `${header[0]} ${DOT.repeat(4)}`;
  const assignment = /^[^=:]{1,64}[=:]\s*/.exec(text);
  const open = assignment ? assignment[0].length : 0;
  const value = text.length - open;
  const keep = open + (value >= LONG ? LEFT_OPEN : 0);
  return text.slice(0, keep) + DOT.repeat(Math.min(MOST_DOTS, Math.max(4, text.length - keep)));
}
