/** `npm run bench`: measures the budgets beside their yardsticks. Arguments choose rows. */
import { buildClient } from "./client.mjs";
import { handOver, requireNode } from "./node.mjs";
import { ensurePackages } from "./packages.mjs";

await ensurePackages();
requireNode();
await buildClient({ onlyIfChanged: true });
await handOver("bench/main.ts", process.argv.slice(2));
