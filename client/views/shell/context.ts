/** What every screen may reach: the uploads under way, the palette, the help. */
import { createContext, useContext } from "react";
import type { Uploads } from "../../api/index.ts";

export interface Shell {
  readonly uploads: Uploads;
  openPalette(text?: string): void;
  openHelp(): void;
}

export const ShellContext = createContext<Shell | null>(null);

export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (!shell) throw new Error("assertion: a screen stands outside the shell");
  return shell;
}
