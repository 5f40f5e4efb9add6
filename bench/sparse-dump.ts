/** A generated dump: of every 16 pages the first has content of its own, the others are holes of the file. */
import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";

const STRIDE = 16 * 4096;

export function writeSparseDump(file: string, gibibytes: number): void {
  const bytes = gibibytes * 2 ** 30;
  const fd = openSync(file, "w");
  try {
    ftruncateSync(fd, bytes);
    for (let at = 0; at < bytes; at += STRIDE)
      writeSync(fd, createHash("shake256", { outputLength: 512 }).update(`${gibibytes} ${at}`).digest(), 0, 512, at);
  } finally {
    closeSync(fd);
  }
}
