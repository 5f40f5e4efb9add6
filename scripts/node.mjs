/**
 * Where the project lies, and which Node.js runs it. Dumpscope needs Node.js 24; npm brings one as a package, so the
 * machine's own may be older.
 *
 * Like every script of the set-up this is plain JavaScript for any Node.js from 16 on: it is read before the right one
 * is found.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const neededMajor = 24;

/** Ends the command with one sentence of what is wrong and what to do. */
export function stop(sentence) {
  console.error(`dumpscope: ${sentence}`);
  process.exit(1);
}

/** The running Node.js if it is new enough, else the one that npm brought; `undefined` if neither is. */
export function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= neededMajor) return process.execPath;
  const brought = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  return existsSync(brought) ? brought : undefined;
}

/** As `findNode`, but ends the command when there is none. */
export function requireNode() {
  const node = findNode();
  if (node) return node;
  const here = `Node.js ${neededMajor} or later is needed, this is ${process.versions.node}`;
  if (existsSync(join(root, "node_modules")))
    stop(
      `${here}, and npm has none for ${process.platform}-${process.arch}. Install Node.js ${neededMajor} from nodejs.org.`,
    );
  stop(`${here}. Run \`npm start\` in ${root} once: it brings one.`);
}

/** Whether the Node.js of `findNode` runs on this machine; true when there is none to try. */
export async function nodeStarts() {
  const node = findNode();
  if (!node || node === process.execPath) return true;
  try {
    return (await run(node, ["--version"], { stdio: "ignore" })) === 0;
  } catch {
    return false;
  }
}

/** Where Node.js keeps what it has compiled: a command starts in half the time. */
const compiled = join(root, "node_modules", ".cache", "compiled");

/** The environment in which `node` and the installed tools are found by name. */
export function environment(more = {}) {
  const path = [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  return { NODE_COMPILE_CACHE: compiled, ...process.env, PATH: path, ...more };
}

/**
 * Runs a program in this terminal, passes signals on, and resolves to its exit status (128 + n when signal n ended it).
 * Rejects when it cannot be started.
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: "inherit", env: environment(), ...options });
    const passOn = (signal) => {
      // A terminal sends its interrupt to the whole group: passed on, the child would get it twice.
      if (!(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, passOn);
    const finish =
      (settle) =>
      (...values) => {
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, passOn);
        settle(...values);
      };
    child.on("error", finish(reject));
    child.on(
      "exit",
      finish((status, signal) => resolve(status ?? 128 + constants.signals[signal])),
    );
  });
}

/**
 * Hands over to a program of the project: in this process when it is new enough, so that start-up costs
 * nothing, else in a Node.js that is. The program runs when it is imported.
 */
export async function handOver(file, args) {
  const node = requireNode();
  if (!existsSync(file)) stop(`${relative(root, file)} is missing. Clone the repository again.`);
  if (node === process.execPath) {
    process.argv = [process.execPath, file, ...args];
    // The variable is for worker threads, which begin by themselves.
    process.env.NODE_COMPILE_CACHE ??= compiled;
    nodeModule.enableCompileCache();
    await import(pathToFileURL(file).href);
    return;
  }
  try {
    process.exitCode = await run(node, [file, ...args], { cwd: process.cwd() });
  } catch (error) {
    stop(`${node} does not start (${error.code ?? error.message}). Install Node.js ${neededMajor} from nodejs.org.`);
  }
}
