/**
 * Words inside a PNG file, so that a picture that has left its folder still says what it is of: `tEXt` chunks behind the
 * header. @see https://www.w3.org/TR/png-3/#11tEXt
 */
import { crc32 } from "node:zlib";

/** The signature and the header chunk, which comes first and has 13 bytes. */
const HEAD = 8 + 12 + 13;

/** @param texts by keyword, 1 to 79 Latin letters; what is not ASCII in a text is written as in JSON, `\u00e4`. */
export function withText(png: Buffer, texts: Readonly<Record<string, string>>): Buffer {
  const chunks = Object.entries(texts).map(([keyword, text]) => {
    const body = Buffer.from(`tEXt${keyword}\0${asciiOf(text)}`, "latin1");
    const chunk = Buffer.alloc(body.length + 8);
    chunk.writeUInt32BE(body.length - 4, 0);
    body.copy(chunk, 4);
    chunk.writeUInt32BE(crc32(body), body.length + 4);
    return chunk;
  });
  return Buffer.concat([png.subarray(0, HEAD), ...chunks, png.subarray(HEAD)]);
}

function asciiOf(text: string): string {
  return text.replace(/[^\x20-\x7e\n]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
