/** Backup programs with stores of their own: the same file path backed up twice, as a later state of one file. */
import { copyFileSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { Pair } from "../pair.ts";
import { median, timeOnce } from "./commands.ts";

export interface BackupTimes {
  /** Seconds of the first and the next backup, medians of three. */
  readonly seconds: readonly [number, number];
  /** Bytes of its store after the first, and what the next added. */
  readonly bytes: readonly [number, number];
}

interface Program {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  init(store: string): readonly string[];
  backup(store: string, file: string, which: string): readonly string[];
}

export const RESTIC: Program = {
  command: "restic",
  environment: { RESTIC_PASSWORD: "bench" },
  init: (store) => ["init", "-q", "-r", store],
  backup: (store, file) => ["backup", "-q", "-r", store, file],
};

export const BORG: Program = {
  command: "borg",
  environment: { BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: "yes" },
  init: (store) => ["init", "-e", "none", store],
  backup: (store, file, which) => ["create", "--chunker-params", "fixed,4096", "-C", "lz4", `${store}::${which}`, file],
};

/** @returns `undefined` when it is not installed */
export function timeBackups(program: Program, pair: Pair, folder: string): BackupTimes | undefined {
  const store = path.join(folder, program.command);
  const file = path.join(folder, "backed-up.raw");
  const seconds: [number[], number[]] = [[], []];
  let bytes: [number, number] = [0, 0];
  for (let round = 0; round < 3; round++) {
    rmSync(store, { recursive: true, force: true });
    if (timeOnce(program.command, program.init(store), program.environment) === undefined) return undefined;
    const sizes = [pair.first, pair.second].map((source, which) => {
      copyFileSync(source, file);
      const took = timeOnce(program.command, program.backup(store, file, String(which)), program.environment);
      seconds[which].push(took ?? Number.NaN);
      return bytesBelow(store);
    });
    bytes = [sizes[0], sizes[1] - sizes[0]];
  }
  rmSync(store, { recursive: true, force: true });
  rmSync(file, { force: true });
  return { seconds: [median(seconds[0]), median(seconds[1])], bytes };
}

export function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}
