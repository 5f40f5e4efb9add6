/** One of a few, side by side: a radio group with one tab stop, arrows choose. */
import { type KeyboardEvent, useRef } from "react";
import styles from "./segmented.module.css";

export interface Choice<T extends string> {
  readonly value: T;
  readonly title: string;
  /** Why it cannot be chosen now: a sentence. */
  readonly unavailable?: string;
}

export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

export function Segmented<T extends string>({ label, choices, value, onChoose }: ChoiceProps<T>) {
  const group = useRef<HTMLDivElement>(null);
  // One tab stop also where what is in use stands elsewhere.
  const stop = choices.some((choice) => choice.value === value) ? value : choices[0]?.value;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = choices.findIndex((choice) => choice.value === stop);
    const next = (index + step + choices.length) % choices.length;
    // One that cannot be chosen is reached all the same: it says why.
    if (choices[next].unavailable === undefined) onChoose(choices[next].value);
    group.current?.querySelectorAll<HTMLElement>("[role=radio]")[next]?.focus();
  };
  return (
    <div ref={group} className={styles.segments} role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {choices.map((choice) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot be drawn as a segment with one focus ring
        <button
          key={choice.value}
          type="button"
          role="radio"
          className={styles.segment}
          aria-checked={choice.value === value}
          aria-disabled={choice.unavailable !== undefined}
          title={choice.unavailable}
          tabIndex={choice.value === stop ? 0 : -1}
          data-word={choice.title}
          onClick={() => choice.unavailable === undefined && onChoose(choice.value)}
        >
          {choice.title}
        </button>
      ))}
    </div>
  );
}
