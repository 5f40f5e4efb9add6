/** What is searched for, as a person writes it. */

export const PATTERN_FORMS = ["text", "utf16", "hex", "regex"] as const;
/** `text`: its UTF-8; `utf16`: its UTF-16, little-endian; `hex`: bytes with wildcards; `regex`: over bytes. */
export type PatternForm = (typeof PATTERN_FORMS)[number];

export interface Pattern {
  readonly form: PatternForm;
  readonly text: string;
  /** Of the letters A to Z; says nothing in `hex`. */
  readonly ignoreCase: boolean;
}
