/** The command line as its users start it, process start included. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

const LAUNCHER = path.join(import.meta.dirname, "../scripts/dumpscope.mjs");
const LOOK_MS = 20;

export interface CommandRun {
  readonly seconds: number;
  /** What it printed with --json. */
  readonly result: Readonly<Record<string, unknown>>;
  /** Peak of the process with all its threads, in MiB, as the kernel counts it (Linux; else `undefined`). */
  readonly peakMiB: number | undefined;
}

/** @throws Error with what it said, when it fails */
export async function runDumpscope(store: string, ...args: readonly string[]): Promise<CommandRun> {
  const start = performance.now();
  const child = spawn(process.execPath, [LAUNCHER, ...args, "--json"], {
    env: { ...process.env, DUMPSCOPE_DATA: store },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let peakMiB: number | undefined;
  // The kernel keeps the peak, so looking now and then misses only what comes after the last look.
  const look = setInterval(() => {
    peakMiB = peakOf(child.pid) ?? peakMiB;
  }, LOOK_MS);
  const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr), closed(child)]);
  clearInterval(look);
  const seconds = (performance.now() - start) / 1000;
  if (child.exitCode !== 0) throw new Error(`dumpscope ${args.join(" ")} ended with ${child.exitCode}: ${err}`);
  return { seconds, result: JSON.parse(out) as Record<string, unknown>, peakMiB };
}

function closed(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const piece of stream) text += String(piece);
  return text;
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    // It has just ended, or this system has no /proc.
    return undefined;
  }
}
