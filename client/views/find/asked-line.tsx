/** What was searched for: what the answer below is an answer to, when something else stands in the form by now. */
import type { StringKind } from "../../../shared/find/index.ts";
import styles from "./find.module.css";
import type { Wanted } from "./follow-search.ts";

const FORM_WORDS = { text: "Text", utf16: "UTF-16 text", hex: "Bytes", regex: "Regular expression" };
const KIND_WORDS: Readonly<Record<StringKind, string>> = {
  path: "Paths",
  url: "URLs",
  email: "E-mail addresses",
  key: "What looks like a key",
};
/** A pattern may have 64 KiB; nobody reads more of it on one line. */
const MOST_SHOWN = 200;

export function AskedLine({ wanted }: { wanted: Wanted }) {
  return <p className={styles.asked}>{wantedText(wanted)}</p>;
}

/** `Text “AKIA”, whatever its case` */
export function wantedText(wanted: Wanted): string {
  if (wanted.kind === "strings")
    return `${wanted.of ? KIND_WORDS[wanted.of] : "Strings"} from ${wanted.leastLength} characters`;
  const { form, text, ignoreCase } = wanted;
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  return `${FORM_WORDS[form]} “${shown}”${ignoreCase ? ", whatever its case" : ""}`;
}
