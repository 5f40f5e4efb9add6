/** Numbers as the screens write them, for words drawn on the canvas. */

/** Groups of three by a narrow no-break space, from 1 000 on. */
export function groupedCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** `0x` and the address in groups of four from the right, as separate strings: gaps are space on the screen, never characters. */
export function addressGroups(address: bigint): string[] {
  const digits = address.toString(16);
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= 4) groups.unshift(digits.slice(Math.max(0, end - 4), end));
  groups[0] = `0x${groups[0]}`;
  return groups;
}
