/**
 * Which strip is shown, beside the legend: another one folds other blocks away, so pages move. What is folded away is
 * counted beside the switch.
 */
import { STRIPS, type StripChoice } from "../../../shared/strip/index.ts";
import type { ApiError } from "../../api/index.ts";
import { Button, type Choice, Segmented } from "../../controls/index.ts";
import styles from "./strip-switch.module.css";

const TITLES: Readonly<Record<StripChoice, string>> = { all: "All", recorded: "Recorded", residual: "Residual" };
const CHOICES: readonly Choice<StripChoice>[] = STRIPS.map((value) => ({ value, title: TITLES[value] }));

/** How far the strip is that was chosen. */
export interface StripLaying {
  readonly isLaying: boolean;
  readonly error: ApiError | null;
  readonly retry: () => void;
}

export interface StripSwitchProps {
  readonly laying: StripLaying;
  readonly choice: StripChoice;
  /** What is on the strip that is shown. */
  readonly note: string;
  /** The selected page takes room on the strip of all pages, but not on this one. */
  readonly isSelectionFolded: boolean;
  readonly onChoose: (choice: StripChoice) => void;
}

export function StripSwitch({ laying, choice, note, isSelectionFolded, onChoose }: StripSwitchProps) {
  return (
    <section className={styles.strip} aria-label="Strip">
      <div className={styles.head}>
        <h2>Strip</h2>
        <Segmented label="Pages on the strip" choices={CHOICES} value={choice} onChoose={onChoose} />
      </div>
      <p className={styles.note} role="status">
        {laying.error ? (
          <>
            The strip could not be laid: {laying.error.message}{" "}
            <Button look="link" onPress={laying.retry}>
              Try again
            </Button>
          </>
        ) : laying.isLaying ? (
          "The strip is being laid."
        ) : (
          note
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
