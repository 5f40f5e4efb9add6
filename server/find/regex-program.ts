/**
 * A regular expression as a machine over bytes: compiled to an ordered NFA, run as a DFA whose states are made when they
 * are first met (Thompson's construction, as RE2 and Go do it). Among the matches at a place the one that a backtracking
 * engine would find first wins. No library does this over bytes and says whether a match depends on bytes beyond the
 * page's end, which is what lets a page be searched once for all its places.
 * @see https://swtch.com/~rsc/regexp/regexp3.html
 */
import { DumpError } from "../../shared/errors/index.ts";
import { codeOfRegex, type Instruction } from "./regex-code.ts";
import { createStartScan } from "./regex-starts.ts";
import type { ByteSet } from "./regex-syntax.ts";

/** No match is longer, so that it lies in two neighbouring pages at most, and a place costs at most so many steps. */
export const LONGEST_REGEX_MATCH = 4096;
/** 1,024 states × at most 256 classes of bytes × 4 B = 1 MiB; then all are forgotten. */
const MOST_STATES = 1024;
/** Bytes between two looks at whether somebody still wants the answer. */
const PATIENCE = 1 << 16;

export interface RegexProgram {
  /**
   * The match that begins at `at`, in bytes [at, end).
   * @param isEnd whether nothing that could belong to it follows.
   * @returns its length; 0 without one; −1 when that depends on what follows.
   */
  matchAt(bytes: Uint8Array, at: number, end: number, isEnd: boolean): number;
  /** Whether a match may begin with a byte. */
  readonly starts: ByteSet;
  /** Bytes that `matchAt` has looked at so far. */
  readonly looked: number;
  /**
   * Where matches may begin in bytes [from, end), all places in one pass.
   * @returns flags by place, 0 where `matchAt` gives 0; valid until the next call. `undefined` when this expression has
   * too many states to tell.
   */
  startsIn(bytes: Uint8Array, from: number, end: number, isEnd: boolean): Uint8Array | undefined;
}

/**
 * @param check called now and then; what it throws ends the search.
 * @throws DumpError `regex-invalid`
 */
export function compileRegex(text: string, ignoreCase: boolean, check: () => void = () => undefined): RegexProgram {
  const compiled = codeOfRegex(text, ignoreCase);
  const { code, entry, byteClass, classes } = compiled;
  const closure = createClosure(code);
  const startScan = createStartScan(compiled);
  let patience = PATIENCE;
  let looked = 0;

  /** Instructions of each state, the preferred first; state 0 is dead. */
  let states: Int32Array[] = [];
  let ids = new Map<string, number>();
  let isMatch: boolean[] = [];
  let moves = new Int32Array(0);

  const forget = () => {
    states = [];
    ids = new Map();
    isMatch = [];
    moves = new Int32Array(MOST_STATES * classes).fill(-1);
    stateOf([]);
    return stateOf([entry]);
  };

  function stateOf(entries: readonly number[]): number {
    const list = closure(entries);
    const key = list.join();
    let id = ids.get(key);
    if (id === undefined) {
      id = states.length;
      states.push(list);
      ids.set(key, id);
      isMatch.push(list.length > 0 && code[list[list.length - 1]].kind === "match");
    }
    return id;
  }

  let first = forget();
  if (isMatch[first])
    throw new DumpError("regex-invalid", "The regular expression matches no bytes at all, and so everywhere", {});
  const starts = new Uint8Array(256);
  for (const pc of states[first]) {
    const instruction = code[pc];
    if (instruction.kind === "set")
      instruction.set.forEach((flag, byte) => {
        if (flag) starts[byte] = 1;
      });
  }

  function move(state: number, byte: number): number {
    const next: number[] = [];
    for (const pc of states[state]) {
      const instruction = code[pc];
      if (instruction.kind === "set" && instruction.set[byte] === 1) next.push(instruction.next);
    }
    patience -= 256;
    if (states.length < MOST_STATES) {
      const id = stateOf(next);
      moves[state * classes + byteClass[byte]] = id;
      return id;
    }
    first = forget();
    return stateOf(next);
  }

  return {
    starts,
    get looked() {
      return looked;
    },
    startsIn(bytes, from, end, isEnd) {
      patience -= end - from;
      return startScan(bytes, from, end, isEnd);
    },
    matchAt(bytes, at, end, isEnd) {
      const stop = Math.min(end, at + LONGEST_REGEX_MATCH);
      let state = first;
      let length = 0;
      let i = at;
      for (; i < stop; i++) {
        const known = moves[state * classes + byteClass[bytes[i]]];
        state = known >= 0 ? known : move(state, bytes[i]);
        if (state === 0) break;
        if (isMatch[state]) length = i + 1 - at;
      }
      looked += i - at + 1;
      patience -= i - at + 1;
      if (patience < 0) {
        patience = PATIENCE;
        check();
      }
      const isOpen = state !== 0 && i === end && !isEnd && i < at + LONGEST_REGEX_MATCH;
      return isOpen && !isDone(state) ? -1 : length;
    },
  };

  /** Nothing that follows could change the match. */
  function isDone(state: number): boolean {
    return isMatch[state] && states[state].length === 1;
  }
}

/** Instructions that can be met without a byte, the preferred first; those behind a match can never win and are left out. */
function createClosure(code: readonly Instruction[]): (entries: readonly number[]) => Int32Array {
  const seen = new Uint32Array(code.length);
  let turn = 0;
  return (entries) => {
    turn++;
    const list: number[] = [];
    const stack = entries.toReversed();
    while (stack.length > 0) {
      const pc = stack.pop() as number;
      if (seen[pc] === turn) continue;
      seen[pc] = turn;
      const instruction = code[pc];
      if (instruction.kind === "split") stack.push(instruction.second, instruction.first);
      else {
        list.push(pc);
        if (instruction.kind === "match") break;
      }
    }
    return Int32Array.from(list);
  };
}
