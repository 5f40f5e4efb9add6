/** How large an unpacked dump may become. */
import { DumpError } from "../../../shared/errors/index.ts";

/** Unless DUMPSCOPE_UNPACK_LIMIT says otherwise (bytes). */
const UNPACK_LIMIT = 256 * 2 ** 30;

/** @throws DumpError `usage`: compared with what is no number, nothing would be too large */
export function unpackLimit(): number {
  const asked = process.env.DUMPSCOPE_UNPACK_LIMIT || String(UNPACK_LIMIT);
  const limit = Number(asked);
  if (!Number.isSafeInteger(limit) || limit <= 0)
    throw new DumpError("usage", `DUMPSCOPE_UNPACK_LIMIT takes a number of bytes, not ${asked}`, { asked });
  return limit;
}

/** The same bytes, up to a limit. @param tooMany makes what is thrown when more come */
export async function* withinLimit(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
  tooMany: () => Error,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of bytes) {
    passed += chunk.length;
    if (passed > limit) throw tooMany();
    yield chunk;
  }
}
