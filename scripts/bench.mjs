/** `npm run bench`: measures the budgets beside their yardsticks. `npm run bench -- likeness`: shares of alike pages. */
import { buildClient } from "./client.mjs";
import { handOver, requireNode } from "./node.mjs";
import { ensurePackages } from "./packages.mjs";

await ensurePackages();
requireNode();
if (process.argv[2] === "likeness") {
  await handOver("bench/likeness.ts", []);
} else {
  await buildClient({ onlyIfChanged: true });
  await handOver("bench/main.ts", process.argv.slice(2));
}
