import { expect, test, vi } from "vitest";
import { createStoredBytes, receiptsOf } from "./library.ts";

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

test("a receipt says that its snapshot has been deleted since", () => {
  const receipt = {
    receipt: 1,
    at: "2026-11-25T00:00:00.000Z",
    file: "app.tar",
    bytes: 1,
    sha256: null,
    container: "app",
    snapshot: "a",
    result: "app t0, 1 pages, 1 new",
    problem: null,
    upload: null,
    dismissed: false,
  };
  const here = [{ id: "a" }];
  expect(receiptsOf([receipt], here)[0].result).toBe("app t0, 1 pages, 1 new");
  expect(receiptsOf([receipt], [])[0].result).toBe("app t0, 1 pages, 1 new; deleted since");
  expect(receiptsOf([{ ...receipt, snapshot: null, result: "cancelled" }], [])[0].result).toBe("cancelled");
});
