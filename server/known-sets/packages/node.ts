/** Node.js: `package.json` in a folder of `node_modules`; what lies below belongs to the innermost such folder. */
import type { KnownPackage } from "../known-set.ts";
import { textOf } from "./database.ts";

const FILE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/@][^/]*\/package\.json$/;
const FOLDER = /\/node_modules\/(?:@[^/]+\/)?[^/@][^/]*(?=\/)/g;

export interface NodeModules {
  wants(path: string): boolean;
  take(path: string, bytes: Uint8Array): void;
  ownerOf(path: string): KnownPackage | undefined;
}

export function nodeModules(): NodeModules {
  const byFolder = new Map<string, KnownPackage>();
  return {
    wants: (path) => FILE.test(path),
    take(path, bytes) {
      const found = packageOf(bytes);
      if (found) byFolder.set(path.slice(0, path.lastIndexOf("/")), found);
    },
    ownerOf(path) {
      if (byFolder.size === 0) return undefined;
      const ends = [...path.matchAll(FOLDER)].map((match) => match.index + match[0].length);
      for (const end of ends.reverse()) {
        const owner = byFolder.get(path.slice(0, end));
        if (owner) return owner;
      }
      return undefined;
    },
  };
}

function packageOf(bytes: Uint8Array): KnownPackage | undefined {
  let json: unknown;
  try {
    json = JSON.parse(textOf(bytes));
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null || !("name" in json) || !("version" in json)) return undefined;
  const { name, version } = json;
  return typeof name === "string" && typeof version === "string" ? { kind: "node", name, version } : undefined;
}
