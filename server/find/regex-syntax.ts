/**
 * The regular expressions that can be searched for, as a tree: literals, `.`, classes, groups, `|`, `* + ? {m,n}` and
 * their lazy forms. One unit is one byte; a character beyond ASCII is the bytes of its UTF-8. What cannot be matched in
 * time linear in the bytes (back references, look-around), and what has no meaning in memory (`^ $ \b`), is refused.
 */
import { DumpError } from "../../shared/errors/index.ts";

/** 256 flags: which bytes match. */
export type ByteSet = Uint8Array;

export type RegexNode =
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly RegexNode[] }
  | {
      readonly kind: "repeat";
      readonly part: RegexNode;
      readonly least: number;
      /** Infinity without a bound. */
      readonly most: number;
      readonly isLazy: boolean;
    };

const MOST_DEPTH = 64;
/** As in RE2. */
const MOST_REPEATS = 1000;
const LETTERS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27, 0: 0 };
const CLASSES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  d: [[0x30, 0x39]],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  s: [
    [9, 13],
    [32, 32],
  ],
};

/** @throws DumpError `regex-invalid` naming what, and the character it stands at (from 1) */
export function parseRegex(text: string, ignoreCase: boolean): RegexNode {
  const source = [...text];
  let at = 0;

  const fail = (what: string, where = at) =>
    new DumpError("regex-invalid", `The regular expression cannot be used: ${what}, at character ${where + 1}`, {
      character: where + 1,
    });

  const leaf = (set: ByteSet): RegexNode => ({ kind: "set", set: ignoreCase ? folded(set) : set });

  function choice(depth: number): RegexNode {
    if (depth > MOST_DEPTH) throw fail(`groups are nested more than ${MOST_DEPTH} deep`);
    const parts = [sequence(depth)];
    while (source[at] === "|") {
      at++;
      parts.push(sequence(depth));
    }
    return parts.length === 1 ? parts[0] : { kind: "choice", parts };
  }

  function sequence(depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") parts.push(repeated(depth));
    return parts.length === 1 ? parts[0] : { kind: "sequence", parts };
  }

  function repeated(depth: number): RegexNode {
    const part = atom(depth);
    const start = at;
    const bounds = quantifier();
    if (!bounds) return part;
    const isLazy = source[at] === "?";
    if (isLazy) at++;
    if (source[at] === "+") throw fail("possessive repeats are not known");
    if (source[at] !== undefined && "*?{".includes(source[at])) throw fail("a repeat follows a repeat");
    const [least, most] = bounds;
    if (most < least) throw fail("a repeat has its larger bound first", start);
    return { kind: "repeat", part, least, most, isLazy };
  }

  function quantifier(): readonly [number, number] | undefined {
    const start = at;
    switch (source[at]) {
      case "*":
        at++;
        return [0, Infinity];
      case "+":
        at++;
        return [1, Infinity];
      case "?":
        at++;
        return [0, 1];
      case "{": {
        const bounds = /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(source.slice(at, at + 14).join(""));
        if (!bounds) throw fail("{ begins no repeat; write \\{ for the character");
        at += bounds[0].length;
        const least = Number(bounds[1]);
        const most = bounds[2] === undefined ? least : bounds[3] === "" ? Infinity : Number(bounds[3]);
        if (least > MOST_REPEATS || (most > MOST_REPEATS && most !== Infinity))
          throw fail(`a repeat of more than ${MOST_REPEATS}`, start);
        return [least, most];
      }
      default:
        return undefined;
    }
  }

  function atom(depth: number): RegexNode {
    const char = source[at];
    switch (char) {
      case "(":
        return group(depth);
      case "[":
        return leaf(bracket());
      case ".":
        at++;
        return leaf(setOf([[10, 10]], true));
      case "\\": {
        return leaf(escaped());
      }
      case "*":
      case "+":
      case "?":
      case "{":
        throw fail(`${char} has nothing to repeat`);
      case "^":
      case "$":
        throw fail(`${char} has no meaning in memory, which has no lines; write \\${char} for the character`);
      default:
        at++;
        return literal(char);
    }
  }

  function literal(char: string): RegexNode {
    const parts = [...Buffer.from(char, "utf8")].map((byte) => leaf(setOf([[byte, byte]])));
    return parts.length === 1 ? parts[0] : { kind: "sequence", parts };
  }

  function group(depth: number): RegexNode {
    const start = at++;
    if (source[at] === "?") {
      if (source[at + 1] !== ":") throw fail("only (…) and (?:…) are known, no look-around, names or flags");
      at += 2;
    }
    const inner = choice(depth + 1);
    if (source[at] !== ")") throw fail("a group is not closed", start);
    at++;
    return inner;
  }

  /** The byte, or the class, that a backslash begins. */
  function escaped(): ByteSet {
    const start = at++;
    const char = source[at++];
    if (char === undefined) throw fail("a backslash stands alone at the end", start);
    if (char === "x") {
      const digits = source.slice(at, at + 2).join("");
      if (!/^[0-9a-f]{2}$/i.test(digits)) throw fail("\\x takes two hexadecimal digits", start);
      at += 2;
      const byte = Number.parseInt(digits, 16);
      return setOf([[byte, byte]]);
    }
    if (Object.hasOwn(LETTERS, char)) return setOf([[LETTERS[char], LETTERS[char]]]);
    const ranges = Object.hasOwn(CLASSES, char.toLowerCase()) ? CLASSES[char.toLowerCase()] : undefined;
    if (ranges) return setOf(ranges, char !== char.toLowerCase());
    if (/[1-9k]/.test(char)) throw fail("back references cannot be searched for in bounded time", start);
    if (/[A-Za-z0-9]/.test(char)) throw fail(`\\${char} is not known`, start);
    const byte = char.codePointAt(0) ?? 0;
    if (byte > 0x7f) throw fail("only ASCII characters are escaped", start);
    return setOf([[byte, byte]]);
  }

  function bracket(): ByteSet {
    const start = at++;
    const isNegated = source[at] === "^";
    if (isNegated) at++;
    const set: ByteSet = new Uint8Array(256);
    for (let isFirst = true; isFirst || source[at] !== "]"; isFirst = false) {
      if (at >= source.length) throw fail("a class is not closed", start);
      const low = member();
      const isRange = source[at] === "-" && source[at + 1] !== "]" && source[at + 1] !== undefined;
      if (!isRange) {
        low.forEach((flag, byte) => {
          if (flag) set[byte] = 1;
        });
        continue;
      }
      at++;
      const high = member();
      const [from, to] = [onlyByte(low), onlyByte(high)];
      if (from < 0 || to < 0) throw fail("a class stands at the end of a range");
      if (from > to) throw fail("a range has its larger end first");
      set.fill(1, from, to + 1);
    }
    at++;
    const whole = ignoreCase ? folded(set) : set;
    return isNegated ? whole.map((flag) => 1 - flag) : whole;
  }

  function member(): ByteSet {
    if (source[at] === "\\") return escaped();
    const byte = source[at].codePointAt(0) ?? 0;
    if (byte > 0x7f) throw fail("a class holds bytes; write \\xHH for one beyond ASCII");
    at++;
    return setOf([[byte, byte]]);
  }

  const tree = choice(0);
  if (at < source.length) throw fail("a ) closes no group");
  return tree;
}

function setOf(ranges: readonly (readonly [number, number])[], isNegated = false): ByteSet {
  const set = new Uint8Array(256).fill(isNegated ? 1 : 0);
  for (const [from, to] of ranges) set.fill(isNegated ? 0 : 1, from, to + 1);
  return set;
}

function onlyByte(set: ByteSet): number {
  const first = set.indexOf(1);
  return set.indexOf(1, first + 1) < 0 ? first : -1;
}

/** Both cases of each ASCII letter in the set. */
function folded(set: ByteSet): ByteSet {
  const both = set.slice();
  for (let upper = 0x41; upper <= 0x5a; upper++) both[upper] = both[upper + 32] = set[upper] | set[upper + 32];
  return both;
}
