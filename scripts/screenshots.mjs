/**
 * `node scripts/screenshots.mjs`: makes the pictures of the documentation anew, from the real application over the
 * bundled sample: `docs/images`. Look at them before you commit them.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildClient } from "./built.mjs";
import { ensureChromium } from "./chromium.mjs";
import { requireNode, root } from "./node.mjs";
import { ensurePackages } from "./packages.mjs";

/** The planted secret of `app/t1`, at the byte that has changed since `app/t0`. */
const SECRET = "p1:7fe203e1f025";
const SIZE = { width: 1440, height: 900 };

await ensurePackages();
const node = requireNode();
const executablePath = ensureChromium();
await buildClient({ onlyIfChanged: true });
const { chromium } = await import("playwright-core");

const folder = mkdtempSync(join(tmpdir(), "dumpscope-screenshots-"));
const server = spawn(node, [join(root, "server", "cli", "main.ts"), "serve", "--port", "0", "--json"], {
  env: { ...process.env, DUMPSCOPE_DATA: join(folder, "store"), DUMPSCOPE_HOST: "127.0.0.1", DUMPSCOPE_LOG: "silent" },
  stdio: ["ignore", "pipe", "inherit"],
});
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--font-render-hinting=none"],
});
try {
  const { url } = await new Promise((resolve, reject) => {
    createInterface(server.stdout).once("line", (line) => resolve(JSON.parse(line)));
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const page = await browser.newPage({ viewport: SIZE, colorScheme: "dark", reducedMotion: "reduce" });
  await page.goto(url);
  await page.getByRole("button", { name: "Open the sample" }).click();
  await page.getByRole("link", { name: "Open t1" }).click();
  await page.goto(`${page.url().split("?")[0]}?v=1&at=${SECRET}`);
  await page.getByText("All tiles drawn").waitFor();
  // Panels of the page are answered after the tiles.
  await page.getByRole("region", { name: "Strings of the page" }).waitFor();
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let n = 0; n < 10; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  mkdirSync(join(root, "docs", "images"), { recursive: true });
  const path = join(root, "docs", "images", "snapshot.png");
  await page.screenshot({ path });
  console.log(path);
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
