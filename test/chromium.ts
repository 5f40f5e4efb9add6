/** The browser of the tests: Debian's Chromium without a screen, drawing in software, asking nothing of any host. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const ARGS = [
  "--headless",
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @param more arguments of one suite alone. */
export function launchChromium(...more: readonly string[]): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  if (!existsSync(executablePath))
    throw new Error(`No Chromium at ${executablePath}. Run npm test, or set CHROMIUM_PATH.`);
  return chromium.launch({ executablePath, args: [...ARGS, ...more] });
}
