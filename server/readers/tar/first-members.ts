/** The names that a tar begins with: enough to tell what kind of archive it is without reading all of its headers. */
import type { ByteSource } from "../contract.ts";
import { parseHeader, TAR_BLOCK } from "./header.ts";

/**
 * Names as their headers have them, cut where an extension header would give a longer one.
 * @returns at most `count`, fewer when the archive ends or breaks; `null` when the source does not begin with a header
 */
export async function firstMembers(source: ByteSource, count: number): Promise<readonly string[] | null> {
  const names: string[] = [];
  let offset = 0;
  for (let headers = 0; headers < 4 * count && names.length < count; headers++) {
    const header = parseHeader(await source.read(offset, TAR_BLOCK));
    if (header === "zero" || header === "invalid") return headers === 0 ? null : names;
    if (!"xgXLK".includes(header.type)) names.push(header.name);
    const stored = "123456".includes(header.type) ? 0 : header.size;
    offset += TAR_BLOCK + Math.ceil(stored / TAR_BLOCK) * TAR_BLOCK;
  }
  return names;
}
