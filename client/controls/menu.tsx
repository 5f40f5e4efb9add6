/** A context menu at a point of the screen. Arrows choose, Enter runs, Esc and a press outside close. */
import { type KeyboardEvent, useEffect, useRef } from "react";
import styles from "./menu.module.css";

export interface MenuItem {
  readonly title: string;
  readonly run: () => void;
  readonly danger?: boolean;
  readonly unavailable?: string;
}

export interface MenuProps {
  readonly label: string;
  readonly at: { readonly x: number; readonly y: number };
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

export function Menu({ label, at, items, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = menu.current;
    if (!element) return;
    const before = document.activeElement;
    element.style.left = `${Math.min(at.x, window.innerWidth - element.offsetWidth - 8)}px`;
    element.style.top = `${Math.min(at.y, window.innerHeight - element.offsetHeight - 8)}px`;
    element.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !element.contains(event.target)) onClose();
    };
    window.addEventListener("pointerdown", onPointer, true);
    window.addEventListener("blur", onClose);
    return () => {
      window.removeEventListener("pointerdown", onPointer, true);
      window.removeEventListener("blur", onClose);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [at, onClose]);

  const onKeyDown = (event: KeyboardEvent) => {
    const rows = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const now = rows.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) rows[(now + step + rows.length) % rows.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={menu} role="menu" tabIndex={-1} aria-label={label} className={styles.menu} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.title}
          type="button"
          role="menuitem"
          tabIndex={-1}
          aria-disabled={item.unavailable !== undefined}
          title={item.unavailable}
          className={item.danger ? `${styles.item} ${styles.danger}` : styles.item}
          onClick={() => {
            if (item.unavailable !== undefined) return;
            onClose();
            item.run();
          }}
        >
          {item.title}
        </button>
      ))}
    </div>
  );
}
