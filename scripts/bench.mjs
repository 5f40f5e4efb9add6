/** `npm run bench`: measures the budgets beside their yardsticks. `npm run bench -- likeness`: shares of alike pages. */
import { join } from "node:path";
import { buildClient, buildServer } from "./built.mjs";
import { handOver, requireNode, root } from "./node.mjs";
import { ensurePackages } from "./packages.mjs";

await ensurePackages();
requireNode();
if (process.argv[2] === "likeness") {
  await handOver(join(root, "bench/likeness.ts"), []);
} else {
  await buildClient({ onlyIfChanged: true });
  await buildServer({ onlyIfChanged: true });
  await handOver(join(root, "bench/main.ts"), process.argv.slice(2));
}
