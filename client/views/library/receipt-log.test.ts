import { expect, test } from "vitest";
import type { Receipt } from "../../../shared/api/index.ts";
import { receiptsAsCsv, receiptsAsJson } from "./receipt-log.ts";

const receipt: Receipt = {
  receipt: 1,
  at: "2026-11-23T04:31:12Z",
  file: '=cmd|"x",y',
  bytes: 12,
  sha256: null,
  container: "app",
  snapshot: null,
  result: "refused: no known format",
  problem: null,
  upload: null,
  dismissed: false,
};

test("a file name that looks like a formula stays text", () => {
  expect(receiptsAsCsv([receipt]).split("\r\n")[1]).toBe(
    `2026-11-23T04:31:12Z,"'=cmd|""x"",y",12,,app,,refused: no known format`,
  );
});

test("the log as JSON says what was received and nothing else", () => {
  expect(JSON.parse(receiptsAsJson([receipt]))).toEqual([
    {
      at: "2026-11-23T04:31:12Z",
      file: '=cmd|"x",y',
      bytes: 12,
      sha256: null,
      container: "app",
      snapshot: null,
      result: "refused: no known format",
    },
  ]);
});
