/** Ranges are half-open everywhere: `start` belongs to the range, `end` does not. */
export interface Range<T> {
  readonly start: T;
  readonly end: T;
}
