/** The sentences of findings: what, where, why it matters, and what to do next. */
import type { Target } from "../../shared/api/index.ts";
import type { JudgedProcess } from "./process.ts";

/** `process 1 (redis-server)`. */
export function nameOf({ facts: { pid, comm } }: JudgedProcess): string {
  return comm === null ? `process ${pid}` : `process ${pid} (${comm})`;
}

/** `strlen in /lib/libc.so.6 (r-x)`, `environ in the .bss of /lib/libc.so.6 (rw-)`, `[anon] (rwx)`, `nothing that is mapped`. */
export function targetWords(target: Target | null): string {
  if (target === null) return "nothing that is mapped";
  const { name, path, permissions, deleted, symbol, bssOf } = target;
  const memory = `${bssOf === null ? (path ?? name) : `the .bss of ${bssOf}`} (${permissions}${deleted ? ", deleted" : ""})`;
  return symbol === null ? memory : `${symbol} in ${memory}`;
}

export function pagesWords(pages: number): string {
  return pages === 1 ? "1 page" : `${pages} pages`;
}

export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
