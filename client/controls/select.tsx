/** One of a few, folded into a menu where the window is narrow: the platform's own, which keys and readers know. */
import type { ChoiceProps } from "./segmented.tsx";
import styles from "./select.module.css";

export function Select<T extends string>({ label, choices, value, onChoose }: ChoiceProps<T>) {
  return (
    <span className={styles.box}>
      <select
        className={styles.select}
        aria-label={label}
        value={value}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.target.value);
          if (chosen) onChoose(chosen.value);
        }}
      >
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
