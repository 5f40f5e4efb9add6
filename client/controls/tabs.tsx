/** Tabs with one tab stop; arrows choose. The panel is the caller's, with `tabPanelProps`. */
import { type KeyboardEvent, useRef } from "react";
import type { Choice } from "./segmented.tsx";
import styles from "./tabs.module.css";

export interface TabsProps<T extends string> {
  readonly id: string;
  readonly label: string;
  readonly tabs: readonly Choice<T>[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

export function Tabs<T extends string>({ id, label, tabs, value, onChoose }: TabsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (tabs.findIndex((tab) => tab.value === value) + step + tabs.length) % tabs.length;
    onChoose(tabs[next].value);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={label} className={styles.tabs} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          id={`${id}-${tab.value}`}
          aria-controls={`${id}-panel`}
          aria-selected={tab.value === value}
          tabIndex={tab.value === value ? 0 : -1}
          className={styles.tab}
          data-word={tab.title}
          onClick={() => onChoose(tab.value)}
        >
          {tab.title}
        </button>
      ))}
    </div>
  );
}

/** What the element that holds the chosen panel must say. */
export function tabPanelProps(id: string, value: string) {
  return { id: `${id}-panel`, role: "tabpanel", "aria-labelledby": `${id}-${value}`, tabIndex: 0 } as const;
}
