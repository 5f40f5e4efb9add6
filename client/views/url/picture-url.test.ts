import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { CHANNELS } from "../../../shared/channel/index.ts";
import type { Region } from "../../../shared/find/index.ts";
import { LAYOUTS } from "../../../shared/layout/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { PALETTES, palettesOf } from "../../../shared/palette/index.ts";
import { STRIPS } from "../../../shared/strip/index.ts";
import { PARTS, type Part } from "../explain/parts.ts";
import { isNameOf } from "../picture/lit.ts";
import { FILTER_WAYS } from "../stripped/way-filter.ts";
import { keepPart, keysNotKept, loadParts, unknownParts } from "./long-parts.ts";
import { formatPictureUrl, ignoredText, longPartsOf, type PictureUrl, parsePictureUrl } from "./picture-url.ts";

const defaults = {
  channel: "class",
  tab: "page",
  tabs: [{ value: "page" }, { value: "mappings" }, { value: "facts" }],
  strips: STRIPS,
  maps: ["recorded", "virtual"],
} as const;
const nothing = parsePictureUrl("", defaults).url;

test("defaults are left out", () => expect(formatPictureUrl(nothing, defaults)).toBe(""));

test("the example of the specification is read", () => {
  const { url, ignored } = parsePictureUrl(
    "?v=1&at=p1:7fe203e1f025&z=3.1&l=hilbert&ch=class&f=printable,high&r=1&w=256&d=35&tab=page",
    defaults,
  );
  expect(ignored).toEqual([]);
  expect(url.at).toEqual({ space: "p1", page: 0x7fe203e1f, offset: 0x25 });
  expect(url.zoom).toEqual({ level: 3, pixels: 1 });
  expect(url.lit).toEqual(["printable", "high"]);
  expect(url.parts).toEqual(new Set(["new"]));
  expect(url.difference).toBe(35);
});

test("ways and parts are never chosen together, and what names none is ignored", () => {
  const { url, ignored } = parsePictureUrl("?v=1&r=1&y=alike,left-to-file&in=3-7,12", defaults);
  expect(url.ways).toEqual({ ways: new Set(["alike", "left-to-file"]), within: "3-7,12" });
  expect(url.parts).toBeNull();
  expect(ignored).toEqual(["r"]);
  expect(parsePictureUrl("?v=1&y=known&in=7-3", defaults)).toEqual({ url: nothing, ignored: ["y", "in"] });
});

test("unknown keys and broken values are ignored, and named", () => {
  const { url, ignored } = parsePictureUrl("?v=2&at=p1:zz&q=secret&z=3&w=0&tab=<b>", defaults);
  expect(url).toEqual(nothing);
  expect(ignored).toEqual(["q", "v", "at", "z", "w", "tab"]);
  expect(ignoredText(ignored, [])).toContain("nothing here: q, v, at, z, w, tab.");
});

test("categories that the channel does not have, and a panel that the screen does not have, are named", () => {
  expect(parsePictureUrl("?f=nope&tab=y", defaults)).toEqual({ url: nothing, ignored: ["f", "tab"] });
  expect(parsePictureUrl("?ch=provenance&f=printable", defaults).ignored).toEqual(["f"]);
  expect(formatPictureUrl({ ...nothing, channel: "provenance", lit: ["printable", "new"] }, defaults)).toBe(
    "?v=1&ch=provenance&f=new",
  );
});

test("a palette is of its channel, and of another it is named", () => {
  expect(parsePictureUrl("?ch=entropy&p=magma", defaults)).toEqual({
    url: { ...nothing, channel: "entropy", palette: "magma" },
    ignored: [],
  });
  expect(parsePictureUrl("?p=classic", defaults).url.palette).toBe("classic");
  expect(parsePictureUrl("?p=magma", defaults)).toEqual({ url: nothing, ignored: ["p"] });
});

test("a strip that the screen does not have is named", () => {
  const { url, ignored } = parsePictureUrl("?strip=residual", { ...defaults, strips: ["all"] });
  expect([url.strip, ignored]).toEqual(["all", ["strip"]]);
});

test("a size without a map, and a map where there is none, are named", () => {
  expect(parsePictureUrl("?size=virtual", defaults).ignored).toEqual(["size"]);
  expect(parsePictureUrl("?l=map", { ...defaults, maps: [] }).ignored).toEqual(["l"]);
  expect(parsePictureUrl("?l=map&size=virtual", defaults).url.map).toBe("virtual");
});

test("selections are whole spaces, bytes of them, or their rest; others are named", () => {
  const { url } = parsePictureUrl("?s=p1,s59:1000-2fff,raw:10-", defaults);
  expect(url.regions).toEqual([
    { space: "p1", start: 0n, end: 1n << 64n },
    { space: "s59", start: 0x1000n, end: 0x2fffn },
    { space: "raw", start: 0x10n, end: 1n << 64n },
  ]);
  for (const bad of ["p1:2000-1000", "p1:5-5", "q1", "p1:", "p1:g-h", "p1,,p2", "p1:1-2-3"])
    expect(parsePictureUrl(`?s=${bad}`, defaults).ignored).toEqual(["s"]);
});

const rectangle = Array.from({ length: 5000 }, (_, i) => ({
  space: "p1" as const,
  start: BigInt(0x7fe2_0000_0000 + 8192 * i),
  end: BigInt(0x7fe2_0000_0000 + 8192 * i + 4096),
}));

test("a rectangle of thousands of parts is not in the address until it is kept, and then by its id, and read back", async () => {
  const within = Array.from({ length: 400 }, (_, i) => 2 * i).join(",");
  const url = { ...nothing, regions: rectangle, ways: { ways: null, within } };
  expect(formatPictureUrl(url, defaults)).toBe(`?v=1&in=${within}`);
  // A server that keeps what it is sent, under the ids that it gives.
  const kept = new Map<string, string>();
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    const { text } = JSON.parse(String(init.body)) as { text: string };
    const link = `id-${kept.size}`.padEnd(16, "x");
    kept.set(link, text);
    return Promise.resolve(Response.json(path === "/api/links" ? { link } : {}));
  });
  for (const part of longPartsOf(url)) await keepPart(part);
  vi.unstubAllGlobals();
  expect([...kept.values()].map((text) => text.length > 300)).toEqual([true, true]);
  const text = formatPictureUrl(url, defaults);
  expect(text).toBe("?v=1&in=~id-1xxxxxxxxxxxx&s=~id-0xxxxxxxxxxxx");
  expect(parsePictureUrl(text, defaults)).toEqual({ url, ignored: [] });
  expect(unknownParts(text)).toEqual([]);
});

test("what is not kept is told to be just that", () => {
  const text = "?v=1&s=~AAAAAAAAAAAAAAAA&tab=facts";
  expect(unknownParts(text)).toEqual(["AAAAAAAAAAAAAAAA"]);
  expect(parsePictureUrl(text, defaults)).toEqual({ url: { ...nothing, tab: "facts" }, ignored: [] });
  expect(ignoredText([], keysNotKept(text))).toBe(
    "What this link selects is not kept on this server, so nothing is selected. The rest of it is followed.",
  );
  expect(ignoredText([], keysNotKept("?in=~AAAAAAAAAAAAAAAA"))).toContain(
    "mappings that this link lights are not kept",
  );
  expect(ignoredText([], keysNotKept("?s=p1&tab=facts"))).toBeNull();
  for (const bad of ["~", "~short", "~AAAAAAAAAAAAAAAAA", "~AAAAAAAA/AAAAAAA"])
    expect([unknownParts(`?s=${bad}`), parsePictureUrl(`?s=${bad}`, defaults).ignored]).toEqual([[], ["s"]]);
});

test("a part that a silent server was asked for comes when it answers again", async () => {
  const link = "BBBBBBBBBBBBBBBB";
  let isServing = false;
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async () => {
    if (!isServing) throw new TypeError("Failed to fetch");
    return Response.json({ link, text: "p1:1000-1fff" });
  });
  const loading = loadParts([link], new AbortController().signal);
  await vi.advanceTimersByTimeAsync(5000);
  expect(keysNotKept(`?s=~${link}`)).toEqual(["s"]);
  isServing = true;
  await vi.advanceTimersByTimeAsync(5000);
  await loading;
  vi.unstubAllGlobals();
  vi.useRealTimers();
  expect(keysNotKept(`?s=~${link}`)).toEqual([]);
});

test("addresses keep all 64 bits", () => {
  const { url } = parsePictureUrl("?at=p1:ffffffffff600fff", defaults);
  expect(formatPictureUrl(url, defaults)).toBe("?v=1&at=p1:ffffffffff600fff");
});

const place = fc.record({
  space: fc.constantFrom("p1" as const, "s59" as const, "physical" as const),
  page: fc.integer({ min: 0, max: 2 ** 52 - 1 }).map((page) => page as PageAddress),
  offset: fc.integer({ min: 0, max: 4095 }),
});

const region = fc
  .tuple(fc.constantFrom("p1" as const, "s59" as const, "raw" as const), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))
  .chain(([space, start]) =>
    fc.bigInt({ min: start + 1n, max: 1n << 64n }).map((end): Region => ({ space, start, end })),
  );

test("what is written is read back, below 500 characters", () => {
  fc.assert(
    fc.property(
      fc.record({
        at: fc.option(place),
        center: fc.option(place),
        regions: fc.array(region, { maxLength: 3 }),
        zoom: fc.option(fc.integer({ min: 1, max: 12 }).map((level) => ({ level, pixels: 1 }))),
        layout: fc.constantFrom(...LAYOUTS),
        strip: fc.constantFrom(...STRIPS),
        map: fc.option(fc.constantFrom(...defaults.maps)),
        channel: fc.constantFrom(...CHANNELS),
        palette: fc.option(fc.constantFrom(...PALETTES)),
        lit: fc.uniqueArray(fc.constantFrom("printable", "high", "new", "changed", "none")),
        parts: fc.option(
          fc.uniqueArray(fc.constantFrom<Part>(...PARTS), { minLength: 1 }).map((parts) => new Set(parts)),
        ),
        ways: fc.option(
          fc
            .record({
              ways: fc.option(
                fc.uniqueArray(fc.constantFrom(...FILTER_WAYS), { minLength: 1 }).map((ways) => new Set(ways)),
              ),
              within: fc.option(fc.constantFrom("0", "3-7,12")),
            })
            .filter(({ ways, within }) => ways !== null || within !== null),
        ),
        difference: fc.option(fc.integer({ min: 1, max: 1000 })),
        filled: fc.boolean(),
        blink: fc.boolean(),
        tab: fc.option(fc.constantFrom("mappings", "facts")),
      }),
      (fields) => {
        // The map hides the layout.
        const layout = fields.map ? "hilbert" : fields.layout;
        const parts = fields.ways === null ? fields.parts : null;
        const [own, ...others] = palettesOf(fields.channel);
        const palette = others.find((one) => one === fields.palette) ?? null;
        const lit = fields.lit.filter((name) => isNameOf(fields.channel, name));
        // What the channel is drawn with anyway is no choice.
        expect(formatPictureUrl({ ...nothing, channel: fields.channel, palette: own }, defaults)).not.toContain("p=");
        const url: PictureUrl = {
          ...fields,
          layout,
          parts,
          lit,
          palette,
          rasterWidth: layout === "raster" ? 512 : 256,
        };
        const text = formatPictureUrl(url, defaults);
        expect(text.length).toBeLessThan(500);
        expect(parsePictureUrl(text, defaults)).toEqual({ url, ignored: [] });
      },
    ),
  );
});
