import { expect, test, vi } from "vitest";
import { createStoredBytes } from "./library.ts";

test("the store's files are counted once a commit, and anew while they are swept behind it", () => {
  let revision = "1.0";
  let now = 0;
  const count = vi.fn(() => 100);
  const bytes = createStoredBytes({ catalog: { revision: () => revision }, storedBytes: count }, () => now);
  bytes();
  now = 5000;
  expect(bytes()).toBe(100);
  for (let n = 0; n < 100; n++) expect(bytes()).toBe(100);
  expect(count).toHaveBeenCalledTimes(2);
  revision = "1.1";
  count.mockReturnValueOnce(300).mockReturnValue(200);
  expect(bytes()).toBe(300);
  now = 5001;
  expect(bytes()).toBe(200);
  now = 10_000;
  for (let n = 0; n < 100; n++) expect(bytes()).toBe(200);
  expect(count).toHaveBeenCalledTimes(5);
});
