/** One tab stop for a list of buttons: arrows, Home and End move the focus. */
import { type KeyboardEvent, useRef } from "react";

export function useListKeys() {
  const ref = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(ref.current?.querySelectorAll<HTMLElement>(":scope > li > button") ?? [])];
    const now = buttons.indexOf(document.activeElement as HTMLElement);
    if (now < 0) return;
    const next = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      PageDown: now + 10,
      PageUp: now - 10,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, next))].focus();
  };
  return { ref, onKeyDown };
}
