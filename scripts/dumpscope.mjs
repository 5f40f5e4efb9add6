#!/usr/bin/env node
/** `npx dumpscope`: the command line, under a Node.js that is new enough. */
import { commandLine } from "./built.mjs";
import { handOver } from "./node.mjs";

await handOver(commandLine(), process.argv.slice(2));
