/** Builds the browser application when its sources are not those of the last build. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireNode, root, run, stop } from "./node.mjs";

/** 128 + SIGHUP, SIGINT, SIGTERM: whoever ended it knows why. */
const interrupted = [129, 130, 143];

const built = join(root, "dist", "client", "index.html");
// Beside the folder, not in it: the build empties it, and everything in it is served.
const stamp = join(root, "dist", "client.sources");

/** A digest of all that the build reads: about 1 MB of text, a few milliseconds. */
function sourcesDigest() {
  const hash = createHash("sha256");
  const add = (path) => {
    if (/\.(test|e2e)\.tsx?$/.test(path)) return;
    const full = join(root, path);
    if (statSync(full).isDirectory()) for (const name of readdirSync(full).sort()) add(join(path, name));
    else hash.update(`${path}\0`).update(readFileSync(full));
  };
  for (const path of ["client", "shared", "vite.config.ts", "package-lock.json"]) add(path);
  return hash.digest("hex");
}

function isBuilt(digest) {
  return existsSync(built) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
}

export async function buildClient({ onlyIfChanged = false } = {}) {
  const digest = sourcesDigest();
  if (onlyIfChanged) {
    if (isBuilt(digest)) return;
    console.error("dumpscope: building the browser application …");
  }
  const quiet = onlyIfChanged ? ["--logLevel", "error"] : [];
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const status = await run(requireNode(), [vite, "build", ...quiet]);
  if (interrupted.includes(status)) process.exit(status);
  if (status !== 0 || !existsSync(built))
    stop(
      "the browser application was not built; the reason is above. A full disk and a read-only folder are usual ones.",
    );
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stamp, digest);
}
