/**
 * `npm start`: everything from a fresh clone to a running server. Installs packages, finds Node.js 24, builds the
 * browser application and the server, and serves; what is already done is not done again. Arguments go to `dumpscope serve`.
 *
 * package.json says `exec node`: npm passes signals to its shell only, and a shell in between would die alone.
 */
import { buildClient, buildServer, commandLine } from "./built.mjs";
import { handOver, requireNode } from "./node.mjs";
import { ensurePackages } from "./packages.mjs";

await ensurePackages();
requireNode();
await buildClient({ onlyIfChanged: true });
await buildServer({ onlyIfChanged: true });
await handOver(commandLine(), ["serve", ...process.argv.slice(2)]);
