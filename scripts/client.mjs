/** Builds the browser application when its sources are not those of the last build. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireNode, root, run, stop } from "./node.mjs";

/** 128 + SIGHUP, SIGINT, SIGTERM: whoever ended it knows why. */
const interrupted = [129, 130, 143];

const folder = join(root, "dist", "client");
const built = join(folder, "index.html");
// Beside the folder, not in it: the build replaces it, and everything in it is served.
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
  // Beside what is served, and put in its place when it is whole: a server that runs goes on meanwhile.
  const fresh = join(root, "dist", `client.new-${process.pid}`);
  const status = await run(requireNode(), [vite, "build", "--outDir", fresh, "--emptyOutDir", ...quiet]);
  if (status === 0 && existsSync(join(fresh, "index.html"))) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  }
  rmSync(fresh, { recursive: true, force: true });
  if (interrupted.includes(status)) process.exit(status);
  if (status !== 0 || !existsSync(built))
    stop(
      "the browser application was not built; the reason is above. A full disk and a read-only folder are usual ones.",
    );
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stamp, digest);
}
