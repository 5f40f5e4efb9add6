/** Brings `node_modules` in step with `package-lock.json`, and makes `npx dumpscope` work. */
import { spawn } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { root, stop } from "./node.mjs";

/**
 * What the lockfile asks for is what npm last installed, by anyone's hand: npm keeps its own account of an installation
 * in `node_modules/.package-lock.json` and writes it last, so that a broken-off one has none.
 */
export function packagesInstalled() {
  let installed;
  try {
    installed = JSON.parse(readFileSync(join(root, "node_modules", ".package-lock.json"), "utf8")).packages;
  } catch {
    return false;
  }
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  for (const [path, { version, integrity, optional, devOptional, peer }] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed[path];
    // Packages for other platforms are optional and rightly left out.
    if (!found) {
      if (optional || devOptional || peer) continue;
      return false;
    }
    if (found.version !== version || found.integrity !== integrity) return false;
  }
  return true;
}

/** Installs when needed; ends the command with a sentence when that fails. */
export async function ensurePackages() {
  if (!packagesInstalled()) {
    console.error("dumpscope: installing packages (npm ci), a minute the first time …");
    await install();
  }
  linkLauncher();
}

// No package of ours needs an install script, so none is run. Development packages and the optional one that brings
// Node.js are asked for by name: the machine's npm may be set to leave them out, or to refuse an older Node.js.
const installArgs = [
  "ci",
  "--include=dev",
  "--include=optional",
  "--ignore-scripts",
  "--no-engine-strict",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
];

const advice = [
  [/ENOSPC/, "the disk is full. Free about 700 MB and run this again."],
  [/EROFS/, `${root} is read-only. Copy the repository to a place where you may write.`],
  [
    /EACCES|EPERM/,
    `no right to write in ${root}. Run this as the owner of that folder, or clone it into one of yours.`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|UNABLE_TO_|CERT_/,
    "the package registry cannot be reached. Check the network and npm's own settings (`npm config list`), then run this again.",
  ],
  [/EINTEGRITY/, "a package differs from what package-lock.json records. Run `npm cache clean --force` and try again."],
];

function install() {
  return new Promise((resolve) => {
    const npm = spawn("npm", installArgs, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    npm.stderr.on("data", (bytes) => {
      said += bytes;
    });
    npm.on("error", (error) => {
      stop(
        error.code === "ENOENT"
          ? "npm was not found. Install Node.js together with npm, and run this again."
          : `npm does not start: ${error.message}.`,
      );
    });
    npm.on("close", (status) => {
      if (status === 0) return resolve();
      process.stderr.write(said);
      const [, sentence] = advice.find(([pattern]) => pattern.test(said)) ?? [];
      stop(
        `the packages could not be installed: ${sentence ?? `npm ci ended with status ${status}; its words are above.`}`,
      );
    });
  });
}

/** `npx dumpscope` looks into `node_modules/.bin`, where npm links other packages' programs but not our own. */
function linkLauncher() {
  const link = join(root, "node_modules", ".bin", "dumpscope");
  if (existsSync(link)) return;
  try {
    mkdirSync(join(root, "node_modules", ".bin"), { recursive: true });
    if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link);
    symlinkSync(join("..", "..", "scripts", "dumpscope.mjs"), link);
  } catch (error) {
    console.error(
      `dumpscope: \`npx dumpscope\` will not work here (${error.message}); use \`node scripts/dumpscope.mjs\`.`,
    );
  }
}
