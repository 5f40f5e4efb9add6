/** How much of an arriving dump is here, where a snapshot has its explanation. */
import { Progress } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import styles from "./arriving.module.css";
import type { Seen } from "./seen.ts";
import { stageText } from "./stages.ts";

export function ArrivalBar({ seen, narrow }: { seen: Seen; narrow: boolean }) {
  const { here, recorded } = seen.picture;
  return (
    <section className={styles.bar} aria-label="Arrival" data-region="explanation">
      <div className={styles.lead}>
        <strong>
          {formatPlural(here, "page")} so far<span> of {formatCount(recorded)}</span>
        </strong>
        <span>{stageText(seen)}</span>
      </div>
      <div className={styles.middle}>
        <Progress label="Pages that are here" part={here} whole={recorded} />
        {!narrow && <p>Nothing is explained yet: what these pages are to other dumps is known with the commit.</p>}
      </div>
    </section>
  );
}
