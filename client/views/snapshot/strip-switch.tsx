/**
 * Which strip is shown, beside the legend: another one folds other blocks away, so pages move. What is folded away is
 * counted beside the switch.
 */
import { BLOCK_PAGES, STRIPS, type Strip, type StripChoice } from "../../../shared/strip/index.ts";
import { Button, type Choice, Segmented } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import styles from "./strip-switch.module.css";
import type { ChosenStrip } from "./use-chosen-strip.ts";

const TITLES: Readonly<Record<StripChoice, string>> = { all: "All", recorded: "Recorded", residual: "Residual" };
const CHOICES: readonly Choice<StripChoice>[] = STRIPS.map((value) => ({ value, title: TITLES[value] }));

export interface StripSwitchProps {
  readonly chosen: ChosenStrip;
  readonly choice: StripChoice;
  /** The strip of all pages. */
  readonly all: Strip;
  /** The selected page is in the snapshot, but not on this strip. */
  readonly isSelectionFolded: boolean;
  readonly onChoose: (choice: StripChoice) => void;
}

export function StripSwitch({ chosen, choice, all, isSelectionFolded, onChoose }: StripSwitchProps) {
  return (
    <section className={styles.strip} aria-label="Strip">
      <div className={styles.head}>
        <h2>Strip</h2>
        <Segmented label="Pages on the strip" choices={CHOICES} value={choice} onChoose={onChoose} />
      </div>
      <p className={styles.note} role="status">
        {chosen.error ? (
          <>
            The strip could not be laid: {chosen.error.message}{" "}
            <Button look="link" onPress={chosen.retry}>
              Try again
            </Button>
          </>
        ) : chosen.isLaying ? (
          "The strip is being laid."
        ) : (
          noteOf(chosen, all)
        )}
        {isSelectionFolded && (
          <>
            {" "}
            The selected page is not on it.{" "}
            <Button look="link" onPress={() => onChoose("all")}>
              Show all
            </Button>
          </>
        )}
      </p>
    </section>
  );
}

/** Pages of memory that a strip has room for, without padding. */
function pagesOn(strip: Strip): number {
  let pages = 0;
  for (const { runs, pages: size } of strip.mappings)
    for (const run of runs) pages += Math.min(run.blocks * BLOCK_PAGES, size - run.block * BLOCK_PAGES);
  return pages;
}

function noteOf({ laid: { choice, strip, pages } }: ChosenStrip, all: Strip): string {
  if (choice === "all" || pages === null) return `${formatPlural(pagesOn(all), "page")}, recorded or left to files.`;
  const folded = pagesOn(all) - pagesOn(strip);
  return `${formatCount(pages)} ${choice} ${pages === 1 ? "page" : "pages"}, in blocks of ${BLOCK_PAGES}; ${formatCount(folded)} folded away.`;
}
