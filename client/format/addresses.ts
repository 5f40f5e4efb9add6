/** Addresses as the screen writes them. Full 64 bits everywhere, so `bigint`; groups are a matter of margins. */

/** `0x7fe203e1f000`. */
export function formatHex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** An offset with its sign: `+0x025`; at least three digits when it is inside a page. */
export function formatOffset(value: number | bigint, digits = 3): string {
  return `+0x${value.toString(16).padStart(digits, "0")}`;
}

/** Digits in groups of four from the right: `7fe203e1f000` → `7fe2`, `03e1`, `f000`. */
export function groupDigits(digits: string): string[] {
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= 4) groups.unshift(digits.slice(Math.max(0, end - 4), end));
  return groups;
}

/** An inclusive range: `0x7fe203e1f000–03f`. The end is written from the first digit that differs, three at least. */
export function formatRange(start: bigint, length: number): string {
  const first = start.toString(16);
  if (length <= 1) return `0x${first}`;
  const last = (start + BigInt(length) - 1n).toString(16);
  if (last.length !== first.length) return `0x${first}–${last}`;
  let differs = 0;
  while (first[differs] === last[differs]) differs++;
  return `0x${first}–${last.slice(Math.min(differs, Math.max(0, last.length - 3)))}`;
}
