/** An address that names nothing: people get the application, which says so; programs get a problem. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProblemSchema } from "../../shared/api/index.ts";
import { ensureClient } from "../journeys/client-build.ts";
import { Face } from "./face.ts";

/** What browsers send with what is typed into their address bar. */
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

let folder: string;
let face: Face;
beforeAll(async () => {
  await ensureClient();
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  face = await Face.open(path.join(folder, "store"));
});
afterAll(async () => {
  await face.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (place: string, accept: string) => fetch(face.server.url + place, { headers: { accept } });

test.each(["/nowhere", "/s/", "/s/one/two", "/compare/one"])(
  "a browser at %s gets the application, and 404",
  async (place) => {
    const answer = await get(place, BROWSER);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
    expect(await answer.text()).toBe(await (await get("/", BROWSER)).text());
  },
);

test.each([
  ["/nowhere", "*/*"],
  ["/nowhere", "application/json"],
  ["/assets/nowhere.js", "*/*"],
  ["/api/nowhere", BROWSER],
  ["/api/snapshots/none", BROWSER],
])("who asks for %s as %s gets a problem", async (place, accept) => {
  const answer = await get(place, accept);
  expect(answer.status).toBe(404);
  expect(ProblemSchema.parse(await answer.json()).code).toBe("not-found");
});
