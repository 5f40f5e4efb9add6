/** Brings `node_modules` in step with `package-lock.json`, and makes `npx dumpscope` work. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { nodeStarts, root, stop } from "./node.mjs";

const { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } = fs;

/** What an installation takes on disk, 126 MB of it Node.js; measured 467. */
const neededMegabytes = 550;

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
    checkPlace();
    console.error("dumpscope: installing packages (npm ci), a minute the first time …");
    await install();
    if (!(await nodeStarts()))
      stop("the Node.js that npm brought does not start. Free some disk, delete node_modules and run this again.");
  }
  linkLauncher();
}

/**
 * Looks before npm does: npm takes a full disk while it unpacks an optional package for "not available here" and leaves
 * half a Node.js behind, and of a read-only folder it says that a file was not found.
 */
function checkPlace() {
  try {
    fs.accessSync(root, fs.constants.W_OK);
  } catch (error) {
    stop(
      error.code === "EROFS"
        ? `${root} is read-only. Copy the repository to a place where you may write.`
        : `no right to write in ${root}. Run this as the owner of that folder, or clone it into one of yours.`,
    );
  }
  if (!fs.statfsSync) return;
  const { bavail, bsize } = fs.statfsSync(root);
  const free = Math.floor((bavail * bsize) / 1e6) + (existsSync(join(root, "node_modules")) ? neededMegabytes : 0);
  if (free < neededMegabytes)
    stop(
      `the packages need about ${neededMegabytes} MB, and ${root} has ${free} MB free. Free some and run this again.`,
    );
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
  [/ENOSPC/, `the disk is full. Free ${neededMegabytes} MB and run this again.`],
  [
    /EACCES|EPERM/,
    "npm may not write to a file that its words above name (often its own cache). Make that yours and run this again.",
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
