/**
 * What a printable run looks like. These are guesses by form, for filters: a run may be of several kinds, or of none.
 * Each expression is linear: no repeat stands beside another that could take the same characters.
 */

export const STRING_KINDS = ["path", "url", "email", "key"] as const;
export type StringKind = (typeof STRING_KINDS)[number];

const SECRET =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY|(?:secret|password|passwd|token|api[_-]?key|access[_-]?key)[\w-]{0,64}\s{0,8}[=:]|\beyJ[\w-]{8,}|\bAKIA[0-9A-Z]{12,}/i;

const IS_KIND: Readonly<Record<StringKind, (text: string) => boolean>> = {
  path: (text) => /(?:^|[\s"'=:(])(?:~|\.{1,2})?\/[\w.@+-]+\/[\w.@+-]/.test(text) || /\b[A-Za-z]:\\[\w.$-]/.test(text),
  url: (text) => /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s/]/i.test(text),
  email: (text) => /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24}(?![\w-])/.test(text),
  key: (text) => isSecret(text),
};

/** Whether it looks like a secret: those are masked in lists until asked for. */
export function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/** In the order of `STRING_KINDS`. */
export function stringKinds(text: string): StringKind[] {
  return STRING_KINDS.filter((kind) => IS_KIND[kind](text));
}
