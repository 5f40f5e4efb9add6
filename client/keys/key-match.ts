/** Which keys a press is, by character and not by place on the keyboard; how a key is printed. */

/** The parts of a KeyboardEvent that decide. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** The press as the catalogue writes it: `Ctrl+K`, `Shift+F7`, `[`. Shift counts only where the character does not tell. */
export function nameOfPress(press: KeyPress): string {
  const character = [...press.key].length === 1;
  const key = character ? press.key.toUpperCase() : press.key;
  const parts: string[] = [];
  // On a Mac the command key stands for Ctrl.
  if (press.ctrlKey || press.metaKey) parts.push("Ctrl");
  if (press.altKey) parts.push("Alt");
  if (press.shiftKey && (!character || /\p{L}/u.test(press.key))) parts.push("Shift");
  parts.push(key);
  return parts.join("+");
}

/** A press that types a character: not taken in a text field, and off when single-letter keys are off. */
export function isSingleCharacter(press: KeyPress): boolean {
  return [...press.key].length === 1 && !press.ctrlKey && !press.altKey && !press.metaKey;
}

const PRINTED: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  PageUp: "PgUp",
  PageDown: "PgDn",
  "-": "−",
};

/** `Ctrl+K` → `Ctrl K`. */
export function printKey(key: string): string {
  if (key === "+") return key;
  return key
    .split("+")
    .map((part) => PRINTED[part] ?? part)
    .join(" ");
}
