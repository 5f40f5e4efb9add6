/**
 * `npm run dev`: the server, started again when its sources change, and the browser application as its sources are, on
 * http://127.0.0.1:7071. Arguments go to `dumpscope serve`. Either one's end ends both.
 */
import { join } from "node:path";
import { requireNode, root, run } from "./node.mjs";
import { ensurePackages } from "./packages.mjs";

await ensurePackages();
const node = requireNode();
const vite = join(root, "node_modules", "vite", "bin", "vite.js");
const ended = new AbortController();
const programs = [
  run(node, ["--watch", "--watch-preserve-output", "server/cli/main.ts", "serve", ...process.argv.slice(2)], {
    signal: ended.signal,
  }),
  run(node, [vite], { signal: ended.signal }),
];
const status = await Promise.race(programs);
ended.abort();
await Promise.allSettled(programs);
process.exit(status);
