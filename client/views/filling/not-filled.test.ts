import { expect, test } from "vitest";
import { CHANNELS } from "../../../shared/channel/index.ts";
import { notFilledIn } from "./not-filled.ts";

test("channels of pages, and provenance of ghost files, say that filling does not change them; others say nothing", () => {
  const saying = (fromImage: number, fromGhost: number) =>
    CHANNELS.filter((channel) => notFilledIn(channel, { fromImage, fromGhost }) !== undefined);
  const ofPages = ["permissions", "kind", "file", "changes", "first-seen"];
  expect(saying(12, 0).toSorted()).toEqual(ofPages.toSorted());
  expect(saying(12, 3).toSorted()).toEqual([...ofPages, "provenance"].toSorted());
  // Where nothing can be filled, that is said already.
  expect(saying(0, 0)).toEqual([]);
});
