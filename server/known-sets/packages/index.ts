/**
 * Which package a file belongs to, by the databases inside the file system itself. Where several claim a file, the
 * system's go before a language's, and of these the first in the order of `PACKAGE_KINDS`.
 */
import { DumpError } from "../../../shared/errors/index.ts";
import type { KnownPackage } from "../known-set.ts";
import { apkDatabase } from "./apk.ts";
import { dpkgDatabase } from "./dpkg.ts";
import { resolverOf } from "./links.ts";
import { nodeModules } from "./node.ts";
import { pythonDatabase } from "./python.ts";
import { rpmDatabase } from "./rpm.ts";

export { resolverOf } from "./links.ts";

/** Of one file of a database; Fedora's has some 60 MiB. */
const FILE_LIMIT = 256 << 20;
/** Of all that are kept at once. */
const TOTAL_LIMIT = 512 << 20;
/** The largest images have some 300,000 files. */
const LISTED_LIMIT = 4_000_000;
/** The kernel's longest path. */
const PATH_LIMIT = 4096;

export interface PackageOwners {
  readonly packages: readonly KnownPackage[];
  /** Index into `packages`; −1 for none. */
  packageOf(path: string): number;
  readonly notes: readonly string[];
}

export interface PackageFinder {
  /** Whether a file is part of a package database, and small enough; then `take` wants its bytes. */
  wants(path: string, size: number): boolean;
  take(path: string, bytes: Uint8Array): void;
  /** When all files have been seen. @param links of the file system */
  owners(links: ReadonlyMap<string, string>): PackageOwners;
}

/** @param scratch a folder for what can only be read from a disk */
export function createPackageFinder(scratch: string): PackageFinder {
  const databases = [dpkgDatabase(), apkDatabase(), rpmDatabase(scratch), pythonDatabase()];
  const node = nodeModules();
  const notes: string[] = [];
  let held = 0;
  const takerOf = (path: string) =>
    databases.find((database) => database.wants(path)) ?? (node.wants(path) ? node : undefined);
  return {
    wants(path, size) {
      if (!takerOf(path)) return false;
      const fits = size <= FILE_LIMIT && held + size <= TOTAL_LIMIT;
      if (!fits) notes.push(`${path} has ${size} bytes, too many for a package database, and was not read.`);
      return fits;
    },
    take(path, bytes) {
      const taker = takerOf(path);
      if (!taker) throw new DumpError("internal", `${path} is no file of a package database`);
      if (taker !== node) held += bytes.length;
      taker.take(path, bytes);
    },
    owners(links) {
      const resolve = resolverOf(links);
      const packages: KnownPackage[] = [];
      const indices = new Map<string, number>();
      const indexOf = (owner: KnownPackage) => {
        const key = `${owner.kind}\0${owner.name}\0${owner.version}`;
        const index = indices.get(key) ?? packages.push(owner) - 1;
        indices.set(key, index);
        return index;
      };
      const byPath = new Map<string, number>();
      let listed = 0;
      for (const database of databases) {
        for (const { package: owner, files } of database.packages(notes)) {
          const index = indexOf(owner);
          for (const file of files) {
            if (++listed > LISTED_LIMIT)
              throw new DumpError("limit-met", `The package databases list more than ${LISTED_LIMIT} files`, {
                limit: LISTED_LIMIT,
              });
            const path = file.length > PATH_LIMIT ? undefined : resolve(file);
            if (path !== undefined && !byPath.has(path)) byPath.set(path, index);
          }
        }
      }
      return {
        packages,
        packageOf(path) {
          const index = byPath.get(path);
          if (index !== undefined) return index;
          const owner = node.ownerOf(path);
          return owner ? indexOf(owner) : -1;
        },
        notes,
      };
    },
  };
}
