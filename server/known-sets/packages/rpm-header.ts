/**
 * One package of an rpm database: a header without its magic. Big-endian: u32 entries, u32 bytes of data, entries × (u32
 * tag, u32 type, u32 offset, u32 count), data. Everything is checked against the blob before it is read.
 * @see https://rpm-software-management.github.io/rpm/manual/format_header.html
 */
import { type ListedPackage, textOf } from "./database.ts";

const NAME = 1000;
const VERSION = 1001;
const RELEASE = 1002;
const EPOCH = 1003;
const OLD_FILE_NAMES = 1027;
const DIRECTORY_INDEXES = 1116;
const BASE_NAMES = 1117;
const DIRECTORY_NAMES = 1118;
/** Of the many that a header has; only these are kept. */
const TAGS: ReadonlySet<number> = new Set([
  NAME,
  VERSION,
  RELEASE,
  EPOCH,
  OLD_FILE_NAMES,
  DIRECTORY_INDEXES,
  BASE_NAMES,
  DIRECTORY_NAMES,
]);
/** Of a list; the largest packages have some 100,000 files. */
const COUNT_LIMIT = 1_000_000;
const INT32 = 4;
const STRING = 6;
const STRING_ARRAY = 8;

interface Entry {
  readonly type: number;
  /** In the blob. */
  readonly at: number;
  readonly count: number;
}

/** @returns `undefined` for what is no header, names no package, or lists more than any package has */
export function readRpmHeader(blob: Uint8Array): ListedPackage | undefined {
  if (blob.length < 8) return undefined;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const count = view.getUint32(0);
  const data = 8 + count * 16;
  if (data + view.getUint32(4) > blob.length) return undefined;
  const entries = new Map<number, Entry>();
  for (let i = 0; i < count; i++) {
    const at = 8 + i * 16;
    const tag = view.getUint32(at);
    if (!TAGS.has(tag)) continue;
    const entry = { type: view.getUint32(at + 4), at: data + view.getUint32(at + 8), count: view.getUint32(at + 12) };
    if (entry.count > COUNT_LIMIT) return undefined;
    // Each takes a byte at least.
    if (entry.at + entry.count <= blob.length) entries.set(tag, entry);
  }
  const text = (tag: number) => {
    const entry = entries.get(tag);
    return entry && (entry.type === STRING || entry.type === STRING_ARRAY) ? strings(blob, entry.at, 1)[0] : undefined;
  };
  const list = (tag: number) => {
    const entry = entries.get(tag);
    return entry?.type === STRING_ARRAY ? strings(blob, entry.at, entry.count) : [];
  };
  const numbers = (tag: number) => {
    const entry = entries.get(tag);
    if (entry?.type !== INT32 || entry.at + entry.count * 4 > blob.length) return [];
    return Array.from({ length: entry.count }, (_, i) => view.getUint32(entry.at + i * 4));
  };

  const [name, version, release] = [NAME, VERSION, RELEASE].map(text);
  if (name === undefined || version === undefined) return undefined;
  const [epoch] = numbers(EPOCH);
  const directories = list(DIRECTORY_NAMES);
  const indexes = numbers(DIRECTORY_INDEXES);
  const files = list(BASE_NAMES).map((base, i) => `${directories[indexes[i]] ?? "/"}${base}`);
  return {
    package: {
      kind: "rpm",
      name,
      version: `${epoch === undefined ? "" : `${epoch}:`}${version}${release === undefined ? "" : `-${release}`}`,
    },
    files: files.length > 0 ? files : list(OLD_FILE_NAMES),
  };
}

/** Strings one behind the other, each ended by a zero; fewer when the blob ends before. */
function strings(blob: Uint8Array, start: number, count: number): string[] {
  const found: string[] = [];
  for (let at = start; found.length < count; ) {
    const end = blob.indexOf(0, at);
    if (end < 0) break;
    found.push(textOf(blob.subarray(at, end)));
    at = end + 1;
  }
  return found;
}
