/** The programs we measure ourselves against, timed in the same run. A missing one is a missing ratio, never a guess. */
import { spawnSync } from "node:child_process";

/** @returns seconds, the median of three; `undefined` when the program is not installed. */
export function timeCommand(command: string, args: readonly string[]): number | undefined {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const seconds = timeOnce(command, args);
    if (seconds === undefined) return undefined;
    times.push(seconds);
  }
  return median(times);
}

/** @returns seconds of one run; `undefined` when it is not installed. @throws Error when it fails (`cmp` says 1 of a difference) */
export function timeOnce(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): number | undefined {
  const start = performance.now();
  const { status, error } = spawnSync(command, args, { stdio: "ignore", env: { ...process.env, ...environment } });
  if (error) return undefined;
  if (status !== 0 && status !== 1) throw new Error(`${command} ended with status ${status}`);
  return (performance.now() - start) / 1000;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
