#!/usr/bin/env node
/** `npx dumpscope`: the command line, under a Node.js that is new enough. */
import { handOver } from "./node.mjs";

await handOver("server/cli/main.ts", process.argv.slice(2));
