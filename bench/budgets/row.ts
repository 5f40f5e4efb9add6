/** One row of the table of budgets: what was measured, its yardstick, their ratio, and what the budget asks for. */
import { percentile } from "../yardsticks/commands.ts";

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly yardstick: string;
  /** Measured ÷ yardstick; `null` without one. */
  readonly ratio: number | null;
  /** Floor and aim of the ratio (or of the figure itself), in words; empty where the design names none. */
  readonly budget: string;
}

export interface Yardstick {
  readonly name: string;
  /** `undefined` when it is not installed: a missing ratio, never a guess. */
  readonly value: number | undefined;
}

/** @param seconds beside seconds */
export function timeRow(what: string, seconds: number, { name, value }: Yardstick, budget = ""): Row {
  return {
    what,
    measured: `${seconds.toFixed(3)} s`,
    yardstick: value === undefined ? `${name}: not installed` : `${name}: ${value.toFixed(3)} s`,
    ratio: value === undefined ? null : seconds / value,
    budget,
  };
}

/** @param bytes beside bytes */
export function sizeRow(what: string, bytes: number, { name, value }: Yardstick, budget = ""): Row {
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  return {
    what,
    measured: megabytes(bytes),
    yardstick: value === undefined ? `${name}: not installed` : `${name}: ${megabytes(value)}`,
    ratio: value === undefined ? null : bytes / value,
    budget,
  };
}

/** A figure that stands alone. */
export function plainRow(what: string, measured: string, budget = ""): Row {
  return { what, measured, yardstick: "", ratio: null, budget };
}

export function latency(milliseconds: readonly number[]): string {
  const p50 = percentile(milliseconds, 0.5).toFixed(2);
  const p95 = percentile(milliseconds, 0.95).toFixed(2);
  return `p50 ${p50} ms, p95 ${p95} ms`;
}
