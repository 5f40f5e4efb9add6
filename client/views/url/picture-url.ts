/**
 * What is on the screen, as the query of its address. Defaults are left out; unknown keys are ignored and named, so
 * that the screen can say so. Search text, notes and names never go into it.
 *
 *     v=1                    version of this scheme
 *     at=p1:7fe203e1f025     the selected byte; the view is centred on it
 *     c=p1:7fe203e1f000      middle of the view, where it is not the selection
 *     z=3.1                  level, device pixels per cell; without it the picture is fitted
 *     l=z-order  ch=class    layout, channel; l=map shows the memory map
 *     p=magma                palette of the channel
 *     size=virtual           what areas of the map mean: recorded, virtual; in a comparison differing too
 *     f=printable,high       what stays lit of the channel
 *     fill=1                 pages left to files are filled
 *     r=1                    residual only; r=new,moved: the parts that are lit
 *     y=alike,shared         ways in which pages stay lit, in the place of r
 *     in=3-7,12              indices of the laid mappings whose pages stay lit, in the place of r
 *     strip=residual         the pages that are laid: all, recorded, residual
 *     w=256                  bytes per row of a raster
 *     d=35                   difference, counted from 1
 *     m=blink                comparison: one picture, sides in turn
 *     s=p1:7fe2-7fe3,s59     what is selected: bytes of spaces, whole spaces
 *     tab=page               panel of the sidebar
 *
 * A rectangle has thousands of parts, and a filter may name as many mappings: `s` and `in` are then `~` and an id under
 * which the server keeps them (`long-parts.ts`). Until somebody copies a link, so long a selection is left out.
 */
import { MOST_LINK_TEXT } from "../../../shared/api/index.ts";
import { CHANNELS, COMPARISON_CHANNELS, parseIndices } from "../../../shared/channel/index.ts";
import { formatRegions, parseRegions, type Region } from "../../../shared/find/index.ts";
import { LAYOUTS, type Layout } from "../../../shared/layout/index.ts";
import { parseAddress } from "../../../shared/memory/index.ts";
import { type Palette, palettesOf } from "../../../shared/palette/index.ts";
import { parseSpace, type Space } from "../../../shared/snapshot/index.ts";
import type { StripChoice } from "../../../shared/strip/index.ts";
import type { AnyChannel, Place, Zoom } from "../../viewer/contract.ts";
import { type Choosable, isChoosable, RESIDUAL } from "../explain/parts.ts";
import { isNameOf } from "../picture/lit.ts";
import { addressOf, placeAt } from "../place/places.ts";
import { type FilterWay, isFilterWay, type WayFilter } from "../stripped/way-filter.ts";
import { isLong, isNotKept, longPart, writtenPart } from "./long-parts.ts";

/**
 * What the area of a mapping on the memory map stands for. `recorded`: pages of that strip, on that of residual pages
 * those; in a comparison pages that were compared. `differing`: pages that differ, in a comparison.
 */
export const MAP_SIZES = ["recorded", "differing", "virtual"] as const;
export type MapSize = (typeof MAP_SIZES)[number];

export interface PictureUrl {
  readonly at: Place | null;
  readonly center: Place | null;
  readonly regions: readonly Region[];
  readonly zoom: Zoom | null;
  readonly layout: Layout;
  /** The memory map is shown instead of the picture, whose layout is then not in the address. */
  readonly map: MapSize | null;
  readonly channel: AnyChannel;
  /** `null`: the channel's own. */
  readonly palette: Palette | null;
  /** Names of categories that stay lit; empty: all. */
  readonly lit: readonly string[];
  readonly parts: ReadonlySet<Choosable> | null;
  /** Never beside `parts`. */
  readonly ways: WayFilter | null;
  readonly strip: StripChoice;
  readonly filled: boolean;
  readonly rasterWidth: number;
  readonly difference: number | null;
  readonly blink: boolean;
  readonly tab: string | null;
}

export interface UrlDefaults {
  readonly channel: AnyChannel;
  readonly tab: string;
  readonly tabs: readonly { readonly value: string }[];
  /** Strips that the screen can show, the first one without a choice. */
  readonly strips: readonly [StripChoice, ...StripChoice[]];
  /** What areas can stand for on its memory map, the first one without a choice; none where there is no map. */
  readonly maps: readonly MapSize[];
}

export const RASTER_WIDTH = 256;
/** Characters of what is selected, while the server does not keep it. */
const MOST_REGIONS = 1500;
const KEYS = new Set([
  "v",
  "at",
  "c",
  "z",
  "l",
  "size",
  "ch",
  "p",
  "f",
  "fill",
  "r",
  "y",
  "in",
  "strip",
  "w",
  "d",
  "m",
  "s",
  "tab",
]);

export interface ParsedUrl {
  readonly url: PictureUrl;
  /** Keys and values that mean nothing here. */
  readonly ignored: readonly string[];
}

export function parsePictureUrl(search: string, defaults: UrlDefaults): ParsedUrl {
  const query = new URLSearchParams(search);
  const ignored: string[] = [...query.keys()].filter((key) => !KEYS.has(key));
  const read = <T>(key: string, parse: (text: string) => T | undefined, otherwise: T): T => {
    const written = query.get(key);
    if (written === null) return otherwise;
    const text = longPart(written);
    // What is not kept here is told of its own.
    if (isNotKept(key, written)) return otherwise;
    const value = text === undefined ? undefined : parse(text);
    if (value === undefined) ignored.push(key);
    return value ?? otherwise;
  };
  const ways = read("y", parseWays, null);
  const within = read("in", (text) => (parseIndices(text) ? text : undefined), null);
  const isByWays = ways !== null || within !== null;
  if (isByWays && query.has("r")) ignored.push("r");
  if (query.has("v") && query.get("v") !== "1") ignored.push("v");
  const channel = read("ch", parseChannel, defaults.channel);
  const isMap = defaults.maps.length > 0 && query.get("l") === "map";
  return {
    url: {
      at: read("at", parsePlace, null),
      center: read("c", parsePlace, null),
      regions: read("s", (text) => parseRegions(text, MOST_LINK_TEXT), []),
      zoom: read("z", parseZoom, null),
      layout: isMap ? "hilbert" : read("l", (text) => LAYOUTS.find((layout) => layout === text), "hilbert"),
      map: read(
        "size",
        (text) => (isMap ? defaults.maps.find((size) => size === text) : undefined),
        isMap ? defaults.maps[0] : null,
      ),
      channel,
      palette: read("p", (text) => palettesOf(channel).find((palette) => palette === text), null),
      lit: read("f", (text) => parseNames(text, channel), []),
      parts: isByWays ? null : read("r", parseParts, null),
      ways: isByWays ? { ways, within } : null,
      strip: read("strip", (text) => defaults.strips.find((strip) => strip === text), defaults.strips[0]),
      filled: read("fill", (text) => (text === "1" ? true : undefined), false),
      rasterWidth: read("w", (text) => parseInteger(text, 1, 65_536), RASTER_WIDTH),
      difference: read("d", (text) => parseInteger(text, 1, 2 ** 31), null),
      blink: read("m", (text) => (text === "blink" ? true : undefined), false),
      tab: read("tab", (text) => defaults.tabs.find(({ value }) => value === text)?.value, null),
    },
    ignored: [...new Set(ignored)],
  };
}

/** The notice about what a link asks for in vain; `null` when it is followed as a whole. @param notKept of `keysNotKept` */
export function ignoredText(ignored: readonly string[], notKept: readonly string[]): string | null {
  const said: string[] = notKept.map((key) =>
    key === "s"
      ? "What this link selects is not kept on this server, so nothing is selected."
      : "The mappings that this link lights are not kept on this server, so all are lit.",
  );
  if (ignored.length > 0) {
    const what = ignored.length === 1 ? "a key that means" : "keys that mean";
    said.push(`This link has ${what} nothing here: ${ignored.join(", ")}.`);
  }
  return said.length > 0 ? `${said.join(" ")} The rest of it is followed.` : null;
}

/** With the leading `?`; empty when everything is as by default. */
export function formatPictureUrl(url: PictureUrl, defaults: UrlDefaults): string {
  const parts: string[] = [];
  const add = (key: string, value: string | null) => {
    if (value !== null) parts.push(`${key}=${value}`);
  };
  add("at", url.at && formatPlace(url.at));
  add("c", url.center && formatPlace(url.center));
  add("z", url.zoom && `${url.zoom.level}.${url.zoom.pixels}`);
  if (url.map) add("l", "map");
  else add("l", url.layout === "hilbert" ? null : url.layout);
  add("size", url.map === defaults.maps[0] ? null : url.map);
  add("ch", url.channel === defaults.channel ? null : url.channel);
  add("p", paletteOfUrl(url));
  // A name that the channel does not have would be told of to who follows the link.
  const lit = url.lit.filter((name) => isNameOf(url.channel, name));
  add("f", lit.length > 0 ? lit.join(",") : null);
  add("fill", url.filled ? "1" : null);
  add("r", url.parts && formatParts(url.parts));
  add("y", url.ways?.ways ? [...url.ways.ways].join(",") : null);
  add("in", partOf(url.ways?.within, Number.POSITIVE_INFINITY));
  add("strip", url.strip === defaults.strips[0] ? null : url.strip);
  add("w", !url.map && url.layout === "raster" && url.rasterWidth !== RASTER_WIDTH ? String(url.rasterWidth) : null);
  add("d", url.difference === null ? null : String(url.difference));
  add("m", url.blink ? "blink" : null);
  add("s", partOf(regionsText(url), MOST_REGIONS));
  add("tab", url.tab === null || url.tab === defaults.tab ? null : url.tab);
  return parts.length > 0 ? `?v=1&${parts.join("&")}` : "";
}

/** Parts that a link has by their ids. */
export function longPartsOf(url: PictureUrl): string[] {
  return [regionsText(url), url.ways?.within].filter((text) => typeof text === "string").filter(isLong);
}

/** What its address has no room for, as long as it is not kept; `null` when all is in it. */
export function omittedPartOf(url: PictureUrl): string | null {
  const text = regionsText(url);
  return partOf(text, MOST_REGIONS) === null ? text : null;
}

function regionsText({ regions }: PictureUrl): string | null {
  return formatRegions(regions, Number.POSITIVE_INFINITY);
}

function partOf(text: string | null | undefined, most: number): string | null {
  return text ? writtenPart(text, most) : null;
}

/** Where the channel has it: what a link asks for in vain would be named to who follows it. */
function paletteOfUrl({ channel, palette }: PictureUrl): Palette | null {
  const [own, ...others] = palettesOf(channel);
  return palette !== null && palette !== own && others.includes(palette) ? palette : null;
}

export function formatPlace(place: Place): string {
  return `${place.space}:${addressOf(place).toString(16)}`;
}

function parsePlace(text: string): Place | undefined {
  const [space, digits, ...rest] = text.split(":");
  if (rest.length > 0 || digits === undefined || !parseSpace(space)) return undefined;
  const value = parseAddress(digits);
  return value === undefined ? undefined : placeAt(space as Space, value);
}

function parseZoom(text: string): Zoom | undefined {
  const match = /^(\d{1,2})\.(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const level = Number(match[1]);
  const pixels = Number(match[2]);
  if (level > 20 || pixels < 1 || pixels > 64 || (level > 0 && pixels > 1)) return undefined;
  return { level, pixels };
}

function parseChannel(text: string): AnyChannel | undefined {
  return [...CHANNELS, ...COMPARISON_CHANNELS, "hits" as const].find((channel) => channel === text);
}

function parseNames(text: string, channel: AnyChannel): string[] | undefined {
  const names = text.split(",");
  return names.every((name) => isNameOf(channel, name)) ? names : undefined;
}

function parseParts(text: string): ReadonlySet<Choosable> | undefined {
  if (text === "1") return RESIDUAL;
  const parts = text.split(",");
  return parts.every(isChoosable) ? new Set(parts) : undefined;
}

function parseWays(text: string): ReadonlySet<FilterWay> | undefined {
  const ways = text.split(",");
  return ways.every(isFilterWay) ? new Set(ways) : undefined;
}

function formatParts(parts: ReadonlySet<Choosable>): string {
  return parts.size === 1 && parts.has("new") ? "1" : [...parts].join(",");
}

function parseInteger(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
