/** A rejection is met when its turn comes; until then it must not count as unhandled. */
export function observed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
