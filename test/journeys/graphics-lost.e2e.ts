/** The browser takes the graphics away and keeps them: the page says so, and draws without. */
import { expect, test } from "vitest";
import { differingPixels, shootCells } from "./golden.ts";
import { browser, drawn, openWorld, place, takeSample } from "./world.ts";

openWorld();

test("while graphics are lost the page says nothing else, then shows the same picture drawn without them", async () => {
  const { t0, t1 } = await takeSample(place);
  const page = await browser.open(`${place.url}/compare/${t0}/${t1}`, { expected: /CONTEXT_LOST_WEBGL/ });
  await drawn(page);
  const side = page.getByRole("application").first();
  const before = await shootCells(side);
  const status = page.locator("footer");
  await page.evaluate(() => {
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>("[role=application] canvas:not([aria-hidden])"))
      canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
  });
  await page.getByText("The browser took the graphics away.").first().waitFor();
  expect(await status.textContent()).toContain("Graphics lost, nothing drawn");
  expect(await status.textContent()).not.toContain("All tiles drawn");
  await status.getByText("All tiles drawn, without the GPU").waitFor();
  expect(await page.getByText("The browser took the graphics away.").count()).toBe(0);
  expect(await differingPixels(before, await shootCells(side))).toBe(0);
});
