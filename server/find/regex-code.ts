/**
 * A regular expression as instructions over bytes, by Thompson's construction, and the bytes that they do not tell apart.
 * @see https://swtch.com/~rsc/regexp/regexp1.html
 */
import { DumpError } from "../../shared/errors/index.ts";
import { type ByteSet, parseRegex, type RegexNode } from "./regex-syntax.ts";

const MOST_INSTRUCTIONS = 2000;

export type Instruction =
  | { readonly kind: "set"; readonly set: ByteSet; readonly next: number }
  | { readonly kind: "split"; first: number; second: number }
  | { readonly kind: "match" };

export interface RegexCode {
  readonly code: readonly Instruction[];
  readonly entry: number;
  /** Class of each of the 256 bytes, below `classes`. */
  readonly byteClass: Uint8Array;
  readonly classes: number;
}

/** @throws DumpError `regex-invalid` */
export function codeOfRegex(text: string, ignoreCase: boolean): RegexCode {
  const code: Instruction[] = [{ kind: "match" }];
  const entry = emit(parseRegex(text, ignoreCase), 0, code);
  return { code, entry, ...classesOf(code) };
}

/** Appends instructions of a part that goes on at `next`. @returns where it begins. */
function emit(node: RegexNode, next: number, code: Instruction[]): number {
  const push = (instruction: Instruction) => {
    if (code.length >= MOST_INSTRUCTIONS)
      throw new DumpError("regex-invalid", "The regular expression is too large: it repeats too much", {
        limit: MOST_INSTRUCTIONS,
      });
    return code.push(instruction) - 1;
  };
  switch (node.kind) {
    case "set":
      return push({ kind: "set", set: node.set, next });
    case "sequence":
      return node.parts.reduceRight((behind, part) => emit(part, behind, code), next);
    case "choice":
      return node.parts
        .map((part) => emit(part, next, code))
        .reduceRight((second, first) => push({ kind: "split", first, second }));
    case "repeat": {
      const { part, least, most, isLazy } = node;
      const split = (into: number, past: number): Instruction => ({
        kind: "split",
        first: isLazy ? past : into,
        second: isLazy ? into : past,
      });
      let behind = next;
      if (most === Infinity) {
        const loop: Instruction = { kind: "split", first: next, second: next };
        behind = push(loop);
        const body = emit(part, behind, code);
        if (isLazy) loop.second = body;
        else loop.first = body;
      } else {
        for (let i = least; i < most; i++) behind = push(split(emit(part, behind, code), next));
      }
      for (let i = 0; i < least; i++) behind = emit(part, behind, code);
      return behind;
    }
    default:
      return node satisfies never;
  }
}

/** Bytes that no set tells apart are one class. */
function classesOf(code: readonly Instruction[]): { readonly byteClass: Uint8Array; readonly classes: number } {
  const sets = new Set<ByteSet>();
  for (const instruction of code) if (instruction.kind === "set") sets.add(instruction.set);
  let byteClass = new Uint8Array(256);
  let classes = 1;
  for (const set of sets) {
    const renamed = new Map<number, number>();
    const split = new Uint8Array(256);
    for (let byte = 0; byte < 256; byte++) {
      const key = byteClass[byte] * 2 + set[byte];
      const id = renamed.get(key) ?? renamed.size;
      renamed.set(key, id);
      split[byte] = id;
    }
    byteClass = split;
    classes = renamed.size;
    if (classes === 256) break;
  }
  return { byteClass, classes };
}
