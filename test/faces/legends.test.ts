/** The legend of a picture tells pages left to the image from those of deleted files, which are no image's. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FiguresSchema, SelectionFiguresSchema } from "../../shared/api/index.ts";
import { expected, ingest, samplePath } from "../ingest/temporary-store.ts";
import { Face } from "./face.ts";
import { hasRow } from "./legend-rows.ts";

const { absentFileByPath: left } = expected<{ dumps: Record<string, { absentFileByPath: Record<string, number> }> }>(
  "podman",
).dumps["app-t0.tar.zst"];
const ofGhost = left["/tmp/ghost.bin"];
const all = Object.values(left).reduce((sum, pages) => sum + pages, 0);

let folder: string;
let face: Face;
let url: string;
/** The mapping of /tmp/ghost.bin, and the page after it. */
let aroundGhost: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  face = await Face.open(folder);
  const { snapshot } = await ingest(face.store, samplePath("podman", "app-t0.tar.zst"), "app");
  url = `${face.server.url}/api/snapshots/${snapshot.id}`;
  const start = face.store.manifest(snapshot).laid.find(({ mapping }) => mapping.path === "/tmp/ghost.bin")
    ?.mapping.spaceStart;
  aroundGhost = `p1:${((start ?? 0) * 4096).toString(16)}-${((start ?? 0) * 4096 + 4 * 4096).toString(16)}`;
});
afterAll(async () => {
  await face.close();
  rmSync(folder, { recursive: true, force: true });
});

async function sent(place: string): Promise<Buffer> {
  const response = await fetch(`${url}/${place}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** As a legend writes pages. */
const pages = (count: number) =>
  `${String(count).replace(/\B(?=(\d{3})+$)/g, "\u00a0")} ${count === 1 ? "page" : "pages"}`;

test.each([
  [
    "a snapshot",
    "picture.png?",
    [
      ["left to file", all - ofGhost],
      ["left to deleted file", ofGhost],
    ],
    ["filled, not in the dump"],
  ],
  [
    "a snapshot in provenance, filled: what a ghost file fills stays left to its file",
    "picture.png?channel=provenance&filled=1&",
    [
      ["left to file", all - ofGhost],
      ["left to deleted file", ofGhost],
    ],
    ["filled, not in the dump"],
  ],
  [
    "a snapshot in classes, filled: no page of the deleted file is left",
    "picture.png?filled=1&",
    [
      ["left to file", all - ofGhost],
      ["filled, not in the dump", ofGhost],
    ],
    ["left to deleted file"],
  ],
  [
    "a selection of everything",
    "selection.png?",
    [
      ["left to file", all - ofGhost],
      ["left to deleted file", ofGhost],
    ],
    [],
  ],
  [
    "a selection of everything, as SVG",
    "selection-legend.svg?channel=provenance&",
    [
      ["left to file", all - ofGhost],
      ["left to deleted file", ofGhost],
    ],
    [],
  ],
] as const)("of %s", async (_what, place, rows, without) => {
  const image = await sent(`${place}width=512`);
  for (const [words, count] of rows) expect(await hasRow(image, words, pages(count)), words).toBe(true);
  for (const words of without) expect(await hasRow(image, words, ""), words).toBe(false);
});

test("of a selection of the deleted file alone nothing is the image's, in the legend and in the figures", async () => {
  const svg = await sent(`selection-legend.svg?in=${aroundGhost}`);
  expect(await hasRow(svg, "left to file", pages(0))).toBe(true);
  expect(await hasRow(svg, "left to deleted file", pages(ofGhost))).toBe(true);
  const figures = async (query: string) =>
    SelectionFiguresSchema.parse(JSON.parse(String(await sent(`selection.json?${query}`)))).figures;
  const { absent, ofDeletedFiles } = await figures(`in=${aroundGhost}`);
  expect([absent?.file, ofDeletedFiles]).toEqual([ofGhost, ofGhost]);
  expect(FiguresSchema.parse(await figures(""))).toMatchObject({ absent: { file: all }, ofDeletedFiles: ofGhost });
  // Every page among provenances has bytes.
  expect(await figures("among=new")).toMatchObject({ absent: null, ofDeletedFiles: null });
});
