/**
 * What is built: the browser application, because browsers need it, and the server, because Node.js loads a few files
 * in half the time of its sources. Nothing is built again while its sources are those of the last build.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { environment, requireNode, root, run, stop } from "./node.mjs";

/** 128 + SIGHUP, SIGINT, SIGTERM: whoever ended it knows why. */
const interrupted = [129, 130, 143];

const client = {
  name: "browser application",
  folder: join(root, "dist", "client"),
  entry: "index.html",
  config: "vite.config.ts",
  sources: ["client", "shared", "vite.config.ts", "package-lock.json"],
};

const server = {
  name: "server",
  folder: join(root, "dist", "server"),
  entry: "main.js",
  config: join("server", "vite.config.ts"),
  sources: ["server", "shared", "package-lock.json"],
};

export function buildClient(options) {
  return build(client, options);
}

export function buildServer(options) {
  return build(server, options);
}

/** The command line as it was built, or as its sources are when one of them is younger: a command never waits for a build. */
export function commandLine() {
  const built = join(server.folder, server.entry);
  const stamp = stampOf(server);
  const isBuilt = existsSync(built) && existsSync(stamp);
  return isBuilt && youngest(server.sources) < statSync(stamp).mtimeMs ? built : join(root, "server/cli/main.ts");
}

// Beside the folder, not in it: the build replaces it, and everything in the client's is served.
function stampOf({ folder }) {
  return `${folder}.sources`;
}

const isTest = (name) => /\.(test|e2e)\.tsx?$/.test(name);

/** A digest of all that the build reads: about 1 MB of text, a few milliseconds. */
function digestOf(sources) {
  const hash = createHash("sha256");
  const add = (path) => {
    if (isTest(path)) return;
    const full = join(root, path);
    if (statSync(full).isDirectory()) for (const name of readdirSync(full).sort()) add(join(path, name));
    else hash.update(`${path}\0`).update(readFileSync(full));
  };
  for (const path of sources) add(path);
  return hash.digest("hex");
}

/** When a source, or the folder of one, was last changed, in ms. Of 300 files it is known in 4 ms. */
function youngest(sources) {
  let time = 0;
  const look = (path) => {
    time = Math.max(time, statSync(path).mtimeMs);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inside = `${path}/${entry.name}`;
      if (entry.isDirectory()) look(inside);
      else if (!isTest(entry.name)) time = Math.max(time, statSync(inside).mtimeMs);
    }
  };
  for (const source of sources) {
    const path = join(root, source);
    if (statSync(path).isDirectory()) look(path);
    else time = Math.max(time, statSync(path).mtimeMs);
  }
  return time;
}

async function build(part, { onlyIfChanged = false } = {}) {
  const { name, folder, entry, config, sources } = part;
  const begun = new Date();
  const stamp = stampOf(part);
  const digest = digestOf(sources);
  if (onlyIfChanged) {
    if (existsSync(join(folder, entry)) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) {
      utimesSync(stamp, begun, begun);
      return;
    }
    console.error(`dumpscope: building the ${name} …`);
  }
  const quiet = onlyIfChanged ? ["--logLevel", "error"] : [];
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  // Beside what is in use, and put in its place when it is whole: a server that runs goes on meanwhile.
  const fresh = `${folder}.new-${process.pid}`;
  const options = ["--config", config, "--outDir", fresh, "--emptyOutDir", ...quiet];
  // Tests set another one, and would leave a development build of React, three times as slow, to who starts or measures.
  const env = environment({ NODE_ENV: "production" });
  const status = await run(requireNode(), [vite, "build", ...options], { env });
  if (status === 0 && existsSync(join(fresh, entry))) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  }
  rmSync(fresh, { recursive: true, force: true });
  if (interrupted.includes(status)) process.exit(status);
  if (status !== 0 || !existsSync(join(folder, entry)))
    stop(`the ${name} was not built; the reason is above. A full disk and a read-only folder are usual ones.`);
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stamp, digest);
  utimesSync(stamp, begun, begun);
}
