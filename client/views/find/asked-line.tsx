/** What was searched for: what the answer below is an answer to, when something else stands in the form by now. */
import styles from "./find.module.css";
import type { Wanted } from "./follow-search.ts";
import { FORM_TITLES, KIND_TITLES } from "./wanted-titles.ts";

/** A pattern may have 64 KiB; nobody reads more of it on one line. */
const MOST_SHOWN = 200;

export function AskedLine({ wanted }: { wanted: Wanted }) {
  return <p className={styles.asked}>{wantedText(wanted)}</p>;
}

/** `Text “AKIA”, whatever its case` */
export function wantedText(wanted: Wanted): string {
  if (wanted.kind === "strings")
    return `${wanted.of ? KIND_TITLES[wanted.of] : "Strings"} of at least ${wanted.leastLength} characters`;
  const { form, text, ignoreCase } = wanted;
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  return `${FORM_TITLES[form]} “${shown}”${ignoreCase ? ", whatever its case" : ""}`;
}
