/** What can be searched for, by name: in the form, and above the answer. */
import type { PatternForm, StringKind } from "../../../shared/find/index.ts";

export const FORM_TITLES: Readonly<Record<PatternForm, string>> = {
  text: "Text",
  utf16: "UTF-16 text",
  hex: "Bytes",
  regex: "Regular expression",
};

export const KIND_TITLES: Readonly<Record<StringKind, string>> = {
  path: "Paths",
  url: "URLs",
  email: "E-mail addresses",
  key: "What looks like a key",
};
