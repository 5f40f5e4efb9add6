/** One of a few in a menu: the platform's own, which keys and readers know. */
import type { ChoiceProps } from "./segmented.tsx";
import styles from "./select.module.css";

export interface SelectProps<T extends string> extends ChoiceProps<T> {
  /** `menu` stands for segments that have no room, `more` beside them for the rest, `quiet` in a head. */
  readonly look?: "menu" | "more" | "quiet";
  /** What it is called while none of the choices is in use. */
  readonly placeholder?: string;
}

export function Select<T extends string>({
  label,
  choices,
  value,
  onChoose,
  look = "menu",
  placeholder,
}: SelectProps<T>) {
  const isChosen = choices.some((choice) => choice.value === value);
  return (
    <span className={styles.box} data-look={look} data-chosen={isChosen}>
      <select
        className={styles.select}
        aria-label={label}
        value={isChosen ? value : ""}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.target.value);
          if (chosen) onChoose(chosen.value);
        }}
      >
        {placeholder !== undefined && (
          <option value="" hidden>
            {placeholder}
          </option>
        )}
        {choices.map((choice) => (
          <option
            key={choice.value}
            value={choice.value}
            disabled={choice.unavailable !== undefined}
            title={choice.unavailable}
          >
            {choice.title}
          </option>
        ))}
      </select>
    </span>
  );
}
