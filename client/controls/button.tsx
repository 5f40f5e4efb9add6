/** Buttons. One that cannot be used stays focusable and says why in its title. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import styles from "./button.module.css";

export interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly look?: "raised" | "primary" | "quiet" | "link" | "plain-link";
  readonly size?: "normal" | "large";
  /** Why it cannot be used now. */
  readonly unavailable?: string;
  readonly title?: string;
  readonly label?: string;
}

const LOOKS = {
  raised: styles.button,
  primary: `${styles.button} ${styles.primary}`,
  quiet: `${styles.button} ${styles.quiet}`,
  link: styles.link,
  "plain-link": `${styles.link} ${styles.plain}`,
} as const;

export function Button({ children, onPress, look = "raised", size = "normal", ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={size === "large" ? `${LOOKS[look]} ${styles.large}` : LOOKS[look]}
      aria-disabled={rest.unavailable !== undefined}
      aria-label={rest.label}
      title={rest.unavailable ?? rest.title}
      onClick={rest.unavailable === undefined ? onPress : undefined}
    >
      {children}
    </button>
  );
}

export interface ButtonLinkProps extends Pick<ButtonProps, "children" | "look" | "label"> {
  readonly href: string;
}

/** A link inside the application that looks like a button. */
export function ButtonLink({ href, children, look = "raised", label }: ButtonLinkProps) {
  return (
    <Link href={href} className={LOOKS[look]} aria-label={label}>
      {children}
    </Link>
  );
}
