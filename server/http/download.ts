/** Answers that a browser keeps as files. */
import type { Response } from "express";

/** Names come from dumps: only letters that mean nothing to a file system or a header are kept. */
export function safeName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9._-]/g, "_")
    .replace(/^\.+/, "_")
    .slice(0, 80);
}

export function download(response: Response, type: string, name: string): Response {
  return response.type(type).set("Content-Disposition", `attachment; filename="${name}"`);
}
