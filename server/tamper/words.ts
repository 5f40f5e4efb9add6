/** The sentences of findings: what, where, why it matters, and what to do next. */
import type { Target } from "../../shared/api/index.ts";
import type { KnownSet } from "../known-sets/index.ts";
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

/** A sentence behind others: of a single file nothing but a person's word says where it lies in containers. */
export function byHandWords(set: KnownSet | undefined): string {
  if (!isByHand(set)) return "";
  return ` The path of ${set?.record.name}, a single file, was given by hand: it may not be the file that is mapped here.`;
}

/** Why it is not told which bytes of a page differ, and what to do. */
export function notKeptWords(set: KnownSet | undefined, path: string): string {
  const name = set?.record.name;
  const where = isByHand(set) ? ` --path ${path}` : "";
  return `${name} keeps no bytes of it: make ${name} again with known add --with-bytes${where} to see which bytes differ`;
}

function isByHand(set: KnownSet | undefined): boolean {
  return set?.record.source === "file";
}

export function pagesWords(pages: number): string {
  return pages === 1 ? "1 page" : `${pages} pages`;
}

export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
