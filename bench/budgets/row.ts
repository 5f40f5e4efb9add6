/** One row of the table of budgets: what was measured, its yardstick, their ratio. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly yardstick: string;
  /** Measured ÷ yardstick; `null` without one. */
  readonly ratio: number | null;
}

export function row(what: string, seconds: number, yardstick: string, yardstickSeconds: number | undefined): Row {
  return {
    what,
    measured: `${seconds.toFixed(3)} s`,
    yardstick:
      yardstickSeconds === undefined ? `${yardstick}: not installed` : `${yardstick}: ${yardstickSeconds.toFixed(3)} s`,
    ratio: yardstickSeconds === undefined ? null : seconds / yardstickSeconds,
  };
}
