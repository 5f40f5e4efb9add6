/** What is drawn over pictures: pixels of one colour, counted over each. */
import type { Page } from "playwright-core";

/** @param color as `255,106,213`. @returns pixels that have it, over each picture */
export function markedPixels(page: Page, color: string): Promise<number[]> {
  return page.evaluate((wanted) => {
    const overlays = [...document.querySelectorAll<HTMLCanvasElement>("main [role=application] canvas[aria-hidden]")];
    return overlays.map((overlay) => {
      // Read from a copy: reading from what is drawn on makes it slow, and the browser complains.
      const copy = new OffscreenCanvas(overlay.width, overlay.height);
      const context = copy.getContext("2d", { willReadFrequently: true });
      context?.drawImage(overlay, 0, 0);
      const data = context?.getImageData(0, 0, overlay.width, overlay.height).data ?? [];
      let found = 0;
      for (let i = 0; i < data.length; i += 4) if (`${data[i]},${data[i + 1]},${data[i + 2]}` === wanted) found++;
      return found;
    });
  }, color);
}
