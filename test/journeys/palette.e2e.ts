/** The palette of the library does to a snapshot what the menu of its bar does. */
import { beforeAll, expect, test } from "vitest";
import { browser, drawn, openWorld, place, soon, takeSample } from "./world.ts";

openWorld();
beforeAll(async () => {
  await takeSample(place);
});

test("what the menu of a bar does is done from the palette, without a hand on the bar", async () => {
  const page = await browser.open(place.url);
  await page.getByRole("heading", { name: "Library" }).waitFor();
  const run = async (text: string, title: string) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(text);
    await page.getByRole("option", { name: title, exact: true }).click();
  };
  await run("mark app t0", "Mark app t0");
  await run("mark app t1", "Mark app t1");
  await page.getByRole("button", { name: "Compare app t0 → app t1" }).waitFor();
  await run("mark t1", "Take the mark of app t1 away");
  await soon(() => page.getByRole("button", { name: "Compare app t0 → app t1" }).count()).toBe(0);

  await run("rename", "Rename app…");
  const name = page.getByRole("dialog").getByRole("textbox");
  await name.fill("service");
  await name.press("Enter");
  await soon(async () => (await place.library()).containers.map((container) => container.name)).toEqual(["service"]);
  await page.getByRole("heading", { name: "service" }).waitFor();

  await run("explain t1", "Explain service t1 against…");
  await page.getByRole("dialog", { name: /Explain/ }).waitFor();
  await page.keyboard.press("Escape");
  await run("delete service t0", "Delete service t0…");
  await page.getByRole("dialog", { name: "Delete a snapshot" }).getByText("Delete service t0?").waitFor();
  await page.getByRole("button", { name: "Delete service t0", exact: true }).click();
  await soon(async () => (await place.library()).containers[0].snapshots.map((snapshot) => snapshot.name)).toEqual([
    "t1",
  ]);
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("the first row that can be run is chosen, not one that cannot", async () => {
  const [{ snapshots }] = (await place.library()).containers;
  const page = await browser.open(`${place.url}/s/${snapshots[0].snapshot}`);
  await drawn(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("verd");
  await page.getByRole("option", { name: /^Channel: Verdict/, disabled: true }).waitFor();
  const chosen = page.getByRole("listbox", { name: "Results" }).getByRole("option", { selected: true });
  await soon(() => chosen.count()).toBe(1);
  expect(await chosen.getAttribute("aria-disabled")).toBe("false");
});
