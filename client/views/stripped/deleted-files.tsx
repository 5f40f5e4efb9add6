/** Of the pages left to files those that no image has, because their file was deleted. */
import type { Stripping } from "../../../shared/api/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import sidebar from "../sidebar/sidebar.module.css";
import styles from "./stripped.module.css";

export function DeletedFiles({ ofDeletedFiles, fromGhost }: Pick<Stripping, "ofDeletedFiles" | "fromGhost">) {
  if (ofDeletedFiles === 0) return null;
  return (
    <section className={sidebar.section} aria-label="Deleted files">
      <p className={styles.note}>
        {formatPlural(ofDeletedFiles, "page")} left to file {ofDeletedFiles === 1 ? "is" : "are"} of deleted files,
        which are no image's.{" "}
        {fromGhost > 0 && `The dump carries ${formatCount(fromGhost)} of them: Filled shows them.`}
      </p>
    </section>
  );
}
