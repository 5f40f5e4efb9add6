/** Long parts of links over HTTP: the same text has the same id, for good, and nothing else can be kept. */
import { expect, onTestFinished, test } from "vitest";
import { KeptLinkSchema, MOST_LINK_TEXT } from "../../shared/api/index.ts";
import { temporaryFolder } from "../ingest/temporary-store.ts";
import { Face } from "./face.ts";

const text = Array.from({ length: 4000 }, (_, i) => `p1:${(0x7fe2_0000_0000 + i * 8192).toString(16)}-`).join(",");

test("what is kept is given back by its id, also after a start; the same text has the same id, another one another", async () => {
  const data = temporaryFolder();
  const face = await Face.open(data);
  const keep = async (body: object) => face.ask("POST", "/api/links", body);
  const { link } = KeptLinkSchema.parse((await keep({ text })).answer);
  expect(link).toMatch(/^[A-Za-z0-9_-]{16}$/);
  expect((await keep({ text })).answer).toEqual({ link });
  const other = KeptLinkSchema.parse((await keep({ text: `${text},s5` })).answer);
  expect(other.link).not.toBe(link);
  await face.close();
  const again = await Face.open(data);
  onTestFinished(() => again.close());
  expect((await again.ask("GET", `/api/links/${link}`)).answer).toEqual({ link, text });
  expect((await again.ask("GET", "/api/links/AAAAAAAAAAAAAAAA")).status).toBe(404);
});

test.each([
  ["words that somebody searched for", "AKIA secret"],
  ["markup", "<b>"],
  ["nothing", ""],
  ["more than there is room for", "1".repeat(MOST_LINK_TEXT + 1)],
])("%s are not kept", async (_, refused) => {
  const face = await Face.open(temporaryFolder());
  onTestFinished(() => face.close());
  expect((await face.ask("POST", "/api/links", { text: refused })).status).toBe(400);
  expect(face.store.catalog.linkBytes()).toBe(0);
});
