/** The walk from hit to hit by keys, which is the same wherever hits are listed. */
import type { Page } from "playwright-core";
import { soon } from "./world.ts";

/** Presses each key, and waits until the address is that of its hit. The list is focused first. */
export async function stepThroughHits(
  page: Page,
  steps: readonly (readonly [key: string, hit: string])[],
): Promise<void> {
  const address = page.getByLabel("Go to an address");
  await page.getByRole("listbox", { name: "Hits" }).focus();
  for (const [key, hit] of steps) {
    await page.keyboard.press(key);
    await soon(() => address.inputValue()).toBe(hit);
  }
}

/** From the first of three on, forth and back, around the end. */
export function aroundThree([first, second, third]: readonly string[]): (readonly [key: string, hit: string])[] {
  return [
    ["Home", first],
    ["n", second],
    ["n", third],
    ["n", first],
    ["Shift+N", third],
    ["ArrowUp", second],
  ];
}
