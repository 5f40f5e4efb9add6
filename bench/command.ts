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
}

/** @throws Error with what it said, when it fails */
export function runDumpscope(store: string, ...args: readonly string[]): Promise<CommandRun> {
  return run(store, args, () => undefined);
}

/**
 * As `runDumpscope`, with the peak of the process and all its threads as the kernel counts it, in MiB (Linux; else
 * `undefined`). Looking at it takes time from what is measured.
 */
export async function watchDumpscope(
  store: string,
  ...args: readonly string[]
): Promise<CommandRun & { readonly peakMiB: number | undefined }> {
  const peak = createPeak();
  const result = await run(store, args, peak.watch);
  return { ...result, peakMiB: peak.mebibytes() };
}

/** The peak of a script of ours, in MiB, and how long it took. @throws Error when it fails */
export async function watchScript(
  script: string,
  store: string,
  ...args: readonly string[]
): Promise<{ readonly seconds: number; readonly peakMiB: number | undefined }> {
  const peak = createPeak();
  const start = performance.now();
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, DUMPSCOPE_DATA: store },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = peak.watch(child.pid);
  await closed(child);
  stop();
  if (child.exitCode !== 0) throw new Error(`${script} ended with ${child.exitCode}`);
  return { seconds: (performance.now() - start) / 1000, peakMiB: peak.mebibytes() };
}

function createPeak() {
  let peakMiB: number | undefined;
  return {
    mebibytes: () => peakMiB,
    watch(pid: number | undefined): () => void {
      // The kernel keeps the peak, so looking now and then misses only what comes after the last look.
      const look = setInterval(() => {
        peakMiB = peakOf(pid) ?? peakMiB;
      }, LOOK_MS);
      return () => clearInterval(look);
    },
  };
}

async function run(
  store: string,
  args: readonly string[],
  watch: (pid: number | undefined) => (() => void) | undefined,
): Promise<CommandRun> {
  const start = performance.now();
  const child = spawn(process.execPath, [LAUNCHER, ...args, "--json"], {
    env: { ...process.env, DUMPSCOPE_DATA: store },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = watch(child.pid);
  const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr), closed(child)]);
  stop?.();
  const seconds = (performance.now() - start) / 1000;
  if (child.exitCode !== 0) throw new Error(`dumpscope ${args.join(" ")} ended with ${child.exitCode}: ${err}`);
  return { seconds, result: JSON.parse(out) as Record<string, unknown> };
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
