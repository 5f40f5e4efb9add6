/** A real browser with software GL over a build of the pages beside this file; nothing else is loaded. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import type { Page } from "playwright-core";
import { build, preview } from "vite";
import { launchChromium } from "../chromium.ts";

const root = join(import.meta.dirname, "page");

export interface TestBrowser {
  /** A page of the build, e.g. `index.html?delay=300`. Errors of the page fail the test that awaits `close`. */
  open(path: string, size?: { readonly width: number; readonly height: number }): Promise<Page>;
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export async function startBrowser(): Promise<TestBrowser> {
  const outDir = mkdtempSync(join(tmpdir(), "dumpscope-viewer-"));
  await build({
    configFile: false,
    root,
    logLevel: "error",
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2024",
      assetsInlineLimit: 0,
      rolldownOptions: { input: ["index.html", "panes.html", "frames.html"].map((name) => join(root, name)) },
    },
  });
  const server = await preview({
    configFile: false,
    root,
    logLevel: "error",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0, strictPort: false },
  });
  const address = server.httpServer.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const browser = await launchChromium();
  const errors: string[] = [];
  return {
    errors,
    async open(path, size = { width: 1064, height: 552 }) {
      const page = await browser.newPage({ viewport: size });
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(`http://127.0.0.1:${port}/${path}`);
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
