/**
 * Dark or light: follows the system until a person chooses. A plain store, because the viewer outside React reads it
 * as well. Sets `data-theme` and the data colours on the root element.
 */
import type { Theme } from "../viewer/contract.ts";
import { applyDataColors } from "./data-colors.ts";

export type ThemeChoice = Theme | "system";

const KEY = "dumpscope.theme";
const system = window.matchMedia("(prefers-color-scheme: light)");
const listeners = new Set<() => void>();
let choice: ThemeChoice = readChoice();
let theme: Theme = resolve();

function readChoice(): ThemeChoice {
  const stored = localStorage.getItem(KEY);
  return stored === "dark" || stored === "light" ? stored : "system";
}

function resolve(): Theme {
  if (choice !== "system") return choice;
  return system.matches ? "light" : "dark";
}

function apply(): void {
  theme = resolve();
  document.documentElement.dataset.theme = theme;
  applyDataColors(theme);
  for (const listener of listeners) listener();
}

export function startTheme(): void {
  system.addEventListener("change", apply);
  apply();
}

export function themeInUse(): Theme {
  return theme;
}

export function themeChoice(): ThemeChoice {
  return choice;
}

export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  if (next === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  apply();
}

export function subscribeTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
