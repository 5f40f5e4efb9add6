/**
 * Where matches of a regular expression may begin, in one pass from the end of the bytes to their beginning: what can
 * still become a match is known of each place from the place behind it. So an expression that begins everywhere and
 * nearly never ends (`[ -~]{40,}zzzz`) costs a step a byte, and not a walk to the end from each byte.
 */
import type { RegexCode } from "./regex-code.ts";

/** 1,024 states × at most 256 classes of bytes × 4 B = 1 MiB; then all are forgotten. */
const MOST_STATES = 1024;
/** Steps a state, on the average, for which it is worth making them; below it a search place by place is faster. */
const WORTH = 16;

/** @returns flags by place, of [from, end); `undefined` when states come too fast. Valid until the next call. */
export type StartScan = (bytes: Uint8Array, from: number, end: number, isEnd: boolean) => Uint8Array | undefined;

export function createStartScan({ code, entry, byteClass, classes }: RegexCode): StartScan {
  const classByte = firstByteOfClasses(byteClass, classes);
  /** Instructions that take a byte, and where each of them may be next without one; `MATCH` for the end of a match. */
  const sets = code.flatMap((instruction, pc) => (instruction.kind === "set" ? [{ pc, instruction }] : []));
  const isReached = new Uint8Array(code.length);
  const behind = sets.map(({ instruction }) => reachedFrom(code, instruction.next));
  const begins = reachedFrom(code, entry);

  /** Instructions of each state from which a match can be had: state 0 has none of them, state 1 all. */
  let states: Int32Array[] = [];
  let ids = new Map<string, number>();
  let moves = new Int32Array(0);
  const isStart = new Uint8Array(MOST_STATES);
  let steps = 0;
  let isWorth = true;
  let flags = new Uint8Array(0);

  const stateOf = (alive: Int32Array): number => {
    const key = alive.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = states.length;
    states.push(alive);
    ids.set(key, id);
    isReached.fill(0);
    for (const pc of alive) isReached[pc] = 1;
    isStart[id] = begins.some((pc) => isReached[pc] === 1) ? 1 : 0;
    return id;
  };
  const forget = () => {
    states = [];
    ids = new Map();
    moves = new Int32Array(MOST_STATES * classes).fill(-1);
    stateOf(new Int32Array(0));
    stateOf(Int32Array.from(sets, ({ pc }) => pc));
  };

  function move(state: number, kind: number): number {
    const byte = classByte[kind];
    isReached.fill(0);
    for (const pc of states[state]) isReached[pc] = 1;
    const alive: number[] = [];
    sets.forEach(({ pc, instruction }, i) => {
      if (instruction.set[byte] === 1 && behind[i].some((next) => isReached[next] === 1 || code[next].kind === "match"))
        alive.push(pc);
    });
    if (states.length === MOST_STATES) {
      isWorth = steps >= MOST_STATES * WORTH;
      steps = 0;
      forget();
      return stateOf(Int32Array.from(alive));
    }
    const id = stateOf(Int32Array.from(alive));
    moves[state * classes + kind] = id;
    return id;
  }

  return (bytes, from, end, isEnd) => {
    if (!isWorth) return undefined;
    if (states.length === 0) forget();
    if (flags.length < end) flags = new Uint8Array(end);
    // What follows is not known, so anything may become a match.
    let state = isEnd ? 0 : 1;
    for (let i = end - 1; i >= from; i--) {
      const kind = byteClass[bytes[i]];
      const known = moves[state * classes + kind];
      state = known >= 0 ? known : move(state, kind);
      flags[i] = isStart[state];
    }
    steps += end - from;
    return isWorth ? flags : undefined;
  };
}

/** Instructions other than splits that can be met without a byte. */
function reachedFrom(code: RegexCode["code"], entry: number): Int32Array {
  const seen = new Set<number>();
  const reached: number[] = [];
  const stack = [entry];
  while (stack.length > 0) {
    const pc = stack.pop() as number;
    if (seen.has(pc)) continue;
    seen.add(pc);
    const instruction = code[pc];
    if (instruction.kind === "split") stack.push(instruction.second, instruction.first);
    else reached.push(pc);
  }
  return Int32Array.from(reached);
}

function firstByteOfClasses(byteClass: Uint8Array, classes: number): Uint8Array {
  return Uint8Array.from({ length: classes }, (_, kind) => byteClass.indexOf(kind));
}
