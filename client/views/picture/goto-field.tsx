/**
 * The address field: shows the selected address, takes another. Where there is nothing it says so and offers the
 * nearest; going there is a second Enter.
 */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { KeyCap } from "../../controls/index.ts";
import { formatHex } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { type Answer, addressOf } from "../place/places.ts";
import styles from "./goto-field.module.css";

export interface GotoFieldProps {
  readonly place: Place | null;
  readonly find: (text: string) => Answer;
  readonly onGo: (place: Place) => void;
  /** Counts up when a key asks for the field. */
  readonly asked: number;
}

export function GotoField({ place, find, onGo, asked }: GotoFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState<string | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (asked === 0) return;
    field.current?.focus();
    field.current?.select();
  }, [asked]);

  const close = () => {
    setText(null);
    setAnswer(null);
  };
  const go = (target: Place) => {
    close();
    onGo(target);
    field.current?.blur();
  };
  const onEnter = () => {
    if (text === null) return;
    // The second Enter on the same answer goes to what it offered.
    if (answer?.answer === "elsewhere" && answer.nearest) return go(answer.nearest);
    const found = find(text);
    if (found.answer === "place") go(found.place);
    else setAnswer(found);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") onEnter();
    else if (event.key === "Escape") {
      if (text === null) event.currentTarget.blur();
      close();
    } else return;
    event.preventDefault();
  };
  const shown = text ?? (place ? formatHex(addressOf(place)) : "");
  const sentence =
    answer?.answer === "elsewhere"
      ? answer.sentence
      : answer?.answer === "no-address"
        ? `“${text ?? ""}” is no address: hexadecimal, with or without 0x, or +0x… in the mapping.`
        : null;
  return (
    <div className={styles.goto}>
      <label className={styles.label} htmlFor="goto">
        Go to
      </label>
      <input
        ref={field}
        id="goto"
        className={styles.input}
        aria-label="Go to an address"
        aria-invalid={sentence !== null}
        aria-describedby={sentence === null ? undefined : "goto-answer"}
        placeholder="0x…"
        spellCheck={false}
        autoComplete="off"
        value={shown}
        onFocus={(event) => event.target.select()}
        onBlur={close}
        onChange={(event) => {
          setText(event.target.value);
          setAnswer(null);
        }}
        onKeyDown={onKeyDown}
      />
      {sentence !== null && (
        <div id="goto-answer" className={styles.answer} role="status">
          <p>{sentence}</p>
          {answer?.answer === "elsewhere" && answer.nearest && (
            <p className={styles.hint}>
              <KeyCap>Enter</KeyCap> goes there
            </p>
          )}
        </div>
      )}
    </div>
  );
}
