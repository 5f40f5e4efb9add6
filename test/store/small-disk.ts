/**
 * A disk on which there is as much room as a test says: a tmpfs, or, for whoever may not mount one, a limit of the size of
 * each file. `unshare -rm npm test -- test/store/full-disk` may mount where the user may not.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CommandSurroundings } from "./commands.ts";

const SIZE = 48 << 20;
/** What tmpfs gives out. */
export const UNIT = 4096;

export interface SmallDisk extends Disposable {
  readonly kind: "tmpfs" | "limit";
  readonly directory: string;
  /** Leaves so many bytes. @returns how a command must be run to feel it */
  leave(bytes: number): CommandSurroundings;
  /** All of it again. */
  free(): void;
}

/** @param folder an empty one, on a disk that has room */
export function makeSmallDisk(folder: string): SmallDisk {
  const isMounted =
    process.env.DUMPSCOPE_SMALL_DISK !== "limit" &&
    spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", folder]).status === 0;
  if (isMounted) return filling(folder);
  return {
    kind: "limit",
    directory: folder,
    // In blocks of 512 bytes.
    leave: (bytes) => ({ within: ["sh", "-c", 'ulimit -f "$0" && exec "$@"', String(bytes / 512)] }),
    free: () => undefined,
    [Symbol.dispose]() {},
  };
}

function filling(mounted: string): SmallDisk {
  const directory = path.join(mounted, "disk");
  mkdirSync(directory);
  const ballast = path.join(mounted, "ballast");
  const free = () => rmSync(ballast, { force: true });
  return {
    kind: "tmpfs",
    directory,
    free,
    leave(bytes) {
      free();
      const { bavail, bsize } = statfsSync(mounted);
      const room = bavail * bsize;
      if (room < bytes) throw new Error(`${room} bytes are left on a disk that should leave ${bytes}`);
      writeFileSync(ballast, Buffer.alloc(room - bytes));
      return {};
    },
    [Symbol.dispose]() {
      spawnSync("umount", [mounted]);
    },
  };
}
