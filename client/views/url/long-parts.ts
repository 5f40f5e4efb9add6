/**
 * Parts of an address that are too long for it: `s=~3fKx…` stands for a text that the server keeps under this id. What is
 * known of them is remembered for as long as the page is open, so that addresses are read and written without waiting.
 */
import { MOST_LINK_TEXT } from "../../../shared/api/index.ts";
import { asApiError, requestJson, whenAnsweredAgain } from "../../api/index.ts";

const ID = /^~([A-Za-z0-9_-]{16})$/;
const texts = new Map<string, string>();
const ids = new Map<string, string>();

function remember(id: string, text: string): void {
  texts.set(id, text);
  ids.set(text, id);
}

/** What a value of an address stands for: itself, or what is kept; `undefined` when that is not known. */
export function longPart(value: string): string | undefined {
  const [, id] = ID.exec(value) ?? [];
  return id === undefined ? value : texts.get(id);
}

/** A part is kept by its id from so many characters on; a link is to stay one that people can send. */
const SHORT = 300;

export function isLong(text: string): boolean {
  return text.length > SHORT;
}

/** How a part is written: a long one by its id, and while it has none as it is, up to `most` characters. */
export function writtenPart(text: string, most: number): string | null {
  const id = isLong(text) ? ids.get(text) : undefined;
  if (id !== undefined) return `~${id}`;
  return text.length > most ? null : text;
}

/** Ids in an address of which nothing is known yet. */
export function unknownParts(search: string): string[] {
  const found = [...new URLSearchParams(search).values()].map((value) => ID.exec(value)?.[1]);
  return found.filter((id) => id !== undefined).filter((id) => !texts.has(id));
}

/** Keys whose values may be so long: what is selected, and the mappings that are lit. */
const LONG_KEYS: ReadonlySet<string> = new Set(["s", "in"]);

/** Whether the value of a key stands for a part that is not known. */
export function isNotKept(key: string, value: string): boolean {
  return LONG_KEYS.has(key) && longPart(value) === undefined;
}

/** Keys of an address whose part is not known. */
export function keysNotKept(search: string): string[] {
  return [...new URLSearchParams(search)].filter(([key, value]) => isNotKept(key, value)).map(([key]) => key);
}

/** Asks for what ids stand for, again once a silent server answers. What it does not keep stays unknown. */
export async function loadParts(unknown: readonly string[], signal: AbortSignal): Promise<void> {
  await Promise.allSettled(unknown.map((link) => loadPart(link, signal)));
}

async function loadPart(link: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      remember(link, (await requestJson("link", { parameters: { link }, signal })).text);
      return;
    } catch (error) {
      if (asApiError(error).problem.code !== "unreachable") throw error;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        stop();
        reject(signal.reason);
      };
      const stop = whenAnsweredAgain(() => {
        stop();
        signal.removeEventListener("abort", leave);
        resolve();
      });
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}

/** Has the server keep a part. @throws ApiError; RangeError for one that is too long */
export async function keepPart(text: string): Promise<void> {
  if (ids.has(text)) return;
  if (text.length > MOST_LINK_TEXT) throw new RangeError("What is selected has too many parts for a link.");
  remember((await requestJson("keepLink", { body: { text } })).link, text);
}
