/** What a PNG says of itself. */
import { crc32 } from "node:zlib";
import { expect } from "vitest";

/** Keyword and text of each `tEXt` chunk, each chunk's sum checked. */
export function textsOf(png: Buffer): Record<string, string> {
  const texts: Record<string, string> = {};
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(crc32(body)).toBe(png.readUInt32BE(at + 8 + length));
    const [keyword, content] = body.subarray(4).toString("latin1").split("\0");
    if (body.subarray(0, 4).toString() === "tEXt") texts[keyword] = content;
    at += length + 12;
  }
  return texts;
}
