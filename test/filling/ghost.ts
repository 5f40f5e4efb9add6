/** What make-podman.sh has app write into /tmp/ghost.bin before it deletes the file, and where app-t0 maps it. */
import { createHash } from "node:crypto";

const PAGE = 4096;

/** A page: `noise(tag)` of make-podman.sh. */
function noise(tag: string): Buffer {
  const part = (i: number) => createHash("sha256").update(`${tag}/${i}`).digest();
  return Buffer.concat(Array.from({ length: PAGE / 32 }, (_, i) => part(i)));
}

export const GHOST_PAGES: readonly Buffer[] = [noise("ghost0"), noise("ghost1"), noise("ghost2")];
export const GHOST = Buffer.concat(GHOST_PAGES);
