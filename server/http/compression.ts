/** Sends bytes in the best coding the client takes; tiles and JSON of large snapshots shrink by 2 to 50 times. */
import { promisify } from "node:util";
import { constants, gzip, zstdCompress } from "node:zlib";
import type { Request, Response } from "express";

const SMALLEST = 1024;
const zstd = promisify(zstdCompress);
const deflate = promisify(gzip);

export async function sendBytes(request: Request, response: Response, type: string, bytes: Uint8Array): Promise<void> {
  const accepted = String(request.headers["accept-encoding"] ?? "");
  response.type(type).vary("Accept-Encoding");
  if (bytes.length < SMALLEST) {
    response.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } else if (/\bzstd\b/.test(accepted)) {
    response
      .set("Content-Encoding", "zstd")
      .send(await zstd(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }));
  } else if (/\bgzip\b/.test(accepted)) {
    response.set("Content-Encoding", "gzip").send(await deflate(bytes, { level: 1 }));
  } else {
    response.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
}

export async function sendJson(request: Request, response: Response, value: unknown): Promise<void> {
  await sendBytes(request, response, "application/json", new TextEncoder().encode(JSON.stringify(value)));
}
