/** In the head of the bytes: that those at the cursor are not the dump's, and from what they come. */
import type { InspectedPage } from "../../../shared/api/index.ts";
import styles from "./filling.module.css";

export interface FilledHeadProps {
  /** From what the page would be filled, while pages are filled. */
  readonly text: string | undefined;
  readonly page: InspectedPage | undefined;
}

export function FilledHead({ text, page }: FilledHeadProps) {
  // Beside filled pages a mapping has pages that the dump records.
  if (text === undefined || page?.state !== "absent-file") return null;
  return (
    <p className={styles.head} title={text}>
      not in the dump; {text}
    </p>
  );
}
