/**
 * The address field: shows the selected address, takes another, the name of a mapping, or a symbol. Where there is
 * nothing it says so and offers the nearest; going there is a second Enter.
 */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { asApiError } from "../../api/index.ts";
import { KeyCap } from "../../controls/index.ts";
import { formatHex } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { type Answer, addressOf } from "../place/places.ts";
import { focusPicture } from "../shell/regions.ts";
import styles from "./goto-field.module.css";

export interface GotoFieldProps {
  readonly place: Place | null;
  readonly find: (text: string) => Answer;
  /** Looks further for what is no address and no mapping: symbols. A dump that is still arriving has none. */
  readonly lookUp?: (text: string) => Promise<Answer>;
  readonly onGo: (place: Place, said?: string) => void;
  /** Counts up when a key asks for the field. */
  readonly asked: number;
}

export function GotoField({ place, find, lookUp, onGo, asked }: GotoFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState<string | null>(null);
  // What stood there when the field was entered: another text would take the selection away under who begins to type.
  const [entered, setEntered] = useState<string | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (asked === 0) return;
    field.current?.focus();
    field.current?.select();
  }, [asked]);

  // The text that is being looked up: an answer to another one comes too late.
  const looked = useRef<string | null>(null);
  const close = () => {
    looked.current = null;
    setText(null);
    setEntered(null);
    setAnswer(null);
  };
  const go = (target: Place, said?: string) => {
    close();
    onGo(target, said);
    focusPicture();
  };
  const follow = (found: Answer) => {
    if (found.answer === "place") go(found.place, found.said);
    else setAnswer(found);
  };
  const onEnter = () => {
    if (text === null) return;
    // The second Enter on the same answer goes to what it offered.
    if (answer?.answer === "elsewhere" && answer.nearest) return go(answer.nearest);
    const found = find(text);
    if (found.answer !== "no-address" || !lookUp) return follow(found);
    looked.current = text;
    lookUp(text).then(
      (further) => {
        if (looked.current === text) follow(further);
      },
      (error: unknown) => {
        const { message, advice } = asApiError(error);
        if (looked.current === text)
          setAnswer({ answer: "elsewhere", sentence: `${message} ${advice}`, nearest: null });
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") onEnter();
    else if (event.key === "Escape") {
      if (text === null) event.currentTarget.blur();
      close();
    } else return;
    event.preventDefault();
  };
  const shown = text ?? entered ?? (place ? formatHex(addressOf(place)) : "");
  const sentence =
    answer?.answer === "elsewhere"
      ? answer.sentence
      : answer?.answer === "no-address"
        ? `“${text ?? ""}” is no address and no name here: hexadecimal, +0x… in the mapping, pid:0x…, libc.so.6+0x…${lookUp ? ", a symbol" : ""}.`
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
        onFocus={(event) => {
          setEntered(shown);
          event.target.select();
        }}
        onBlur={close}
        onChange={(event) => {
          looked.current = null;
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
