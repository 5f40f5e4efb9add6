/** The log of what was received, as a file for people. Made here; names from dumps are content of it, never its name. */
import type { Receipt } from "../../../shared/api/index.ts";

const COLUMNS = ["at", "file", "bytes", "sha256", "container", "snapshot", "result"] as const;

export function receiptsAsJson(receipts: readonly Receipt[]): string {
  const rows = receipts.map((receipt) => Object.fromEntries(COLUMNS.map((column) => [column, receipt[column]])));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

export function receiptsAsCsv(receipts: readonly Receipt[]): string {
  const lines = receipts.map((receipt) => COLUMNS.map((column) => cell(receipt[column])).join(","));
  return `${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}

function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  // A name that a spreadsheet would run as a formula stays text.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function download(text: string, type: string, name: "dumpscope-received.csv" | "dumpscope-received.json"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
