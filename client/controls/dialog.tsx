/** A modal of the platform: it keeps the focus, closes on Esc, and gives the focus back. */
import { type ReactNode, useEffect, useRef } from "react";
import styles from "./dialog.module.css";

export interface DialogProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly shape?: "question" | "wide" | "palette";
  readonly className?: string;
}

export function Dialog({ label, onClose, children, shape = "question", className = "" }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    const before = document.activeElement;
    element.showModal();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const shapes = { question: "", wide: styles.wide, palette: styles.top };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click only catches the backdrop; Esc closes by keyboard
    <dialog
      ref={dialog}
      aria-label={label}
      className={`${styles.dialog} ${shapes[shape]} ${className}`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className={styles.buttons}>{children}</div>;
}

export interface TextInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly maxLength?: number;
  /** An example. */
  readonly placeholder?: string;
}

export function TextInput({ label, value, onChange, maxLength = 128, placeholder }: TextInputProps) {
  return (
    <label className={styles.field}>
      {label}
      <input
        className={styles.input}
        value={value}
        maxLength={maxLength}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
