/**
 * The command line: finds the command, runs it over the core, and says what came of it. Human-readable by default, one
 * JSON object on standard output with --json; errors on standard error. Exit status 0, 1 (failed), 2 (wrong usage).
 */
import { setFlagsFromString } from "node:v8";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import { type Command, parseCommandLine, usageOf } from "./command.ts";
import { escapeControls } from "./words.ts";

/** Loaded when run: a command must not wait for what only others need (sharp, express). */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./commands/serve.ts")).serve,
  ingest: async () => (await import("./commands/ingest.ts")).ingest,
  snapshots: async () => (await import("./commands/snapshots.ts")).snapshots,
  inspect: async () => (await import("./commands/inspect.ts")).inspect,
  compare: async () => (await import("./commands/compare.ts")).compare,
  find: async () => (await import("./commands/find.ts")).find,
  strings: async () => (await import("./commands/strings.ts")).strings,
  figures: async () => (await import("./commands/figures.ts")).figures,
  read: async () => (await import("./commands/read.ts")).read,
  known: async () => (await import("./commands/known.ts")).known,
  note: async () => (await import("./commands/note.ts")).note,
  symbol: async () => (await import("./commands/symbol.ts")).symbol,
  strip: async () => (await import("./commands/strip.ts")).strip,
  tamper: async () => (await import("./commands/tamper.ts")).tamper,
  picture: async () => (await import("./commands/picture.ts")).picture,
  export: async () => (await import("./commands/export.ts")).exportCommand,
  verify: async () => (await import("./commands/verify.ts")).verify,
  delete: async () => (await import("./commands/delete.ts")).deleteCommand,
  gc: async () => (await import("./commands/gc.ts")).gc,
};

// What is read passes through memory of its own; V8's young generation would grow to 128 MiB beside it and gain nothing.
setFlagsFromString("--semi-space-growth-factor=1");

// A reader that has seen enough (`| head`) is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes("--json");
  const controller = new AbortController();
  try {
    // --json may stand before the command's name too.
    const name = argv.find((word) => word !== "--json");
    const rest = argv.toSpliced(argv.indexOf(name ?? ""), name === undefined ? 0 : 1);
    if (name === undefined && !json) {
      process.stderr.write(await help());
      return 2;
    }
    if (name === undefined) throw new DumpError("usage", "The command's name is missing", {});
    if (name === "help" || isHelp(name)) {
      const about = rest.find((word) => word !== "--json" && !isHelp(word));
      process.stdout.write(about === undefined ? await help() : commandHelp(await commandOf(about)));
      return 0;
    }
    const command = await commandOf(name);
    if (rest.some(isHelp)) {
      process.stdout.write(commandHelp(command));
      return 0;
    }
    const cancel = () => controller.abort();
    if (command.name !== "serve") process.once("SIGINT", cancel).once("SIGTERM", cancel);
    return (await command.run(parseCommandLine(command, rest), controller.signal)) ?? 0;
  } catch (thrown) {
    // What the ingest needs is loaded when it is needed.
    const { asStoreError } = await import("../ingest/index.ts");
    const error = asStoreError(thrown, controller.signal);
    return report(error, json);
  }
}

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}

async function commandOf(name: string): Promise<Command> {
  if (!Object.hasOwn(COMMANDS, name)) throw new DumpError("usage", `There is no command ${name}`, { command: name });
  return COMMANDS[name]();
}

function report(error: unknown, json: boolean): number {
  const { code, message, advice } = isDumpError(error)
    ? error
    : new DumpError("internal", error instanceof Error ? error.message : String(error), {}, { cause: error });
  if (json) process.stderr.write(`${JSON.stringify({ error: { code, message, advice } })}\n`);
  else
    process.stderr.write(`dumpscope: ${escapeControls(message).replace(/\.$/, "")}. ${advice}
`);
  if (!isDumpError(error) && process.env.DUMPSCOPE_DEBUG) console.error(error);
  return code === "usage" ? 2 : 1;
}

async function help(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const width = Math.max(...commands.map((command) => usageOf(command).length));
  const lines = commands.map((command) => `  ${usageOf(command).padEnd(width)}  ${command.summary}`);
  return `dumpscope: visual forensics of container memory\n\n${lines.join("\n")}\n
Every command takes --json (one JSON object, errors too) and --help. A SNAPSHOT is an id or container/t1.
DUMPSCOPE_DATA: where the store lies (default dumps/store). DUMPSCOPE_PORT, DUMPSCOPE_HOST: where serve listens.
Exit status: 0 done, 1 failed, 2 wrong usage.\n`;
}

function commandHelp(command: Command): string {
  const options = [
    ...Object.entries(command.options).map(([name, { value, help }]) => [`--${name}${value ? ` ${value}` : ""}`, help]),
    ["--json", "one JSON object on standard output; an error is one on standard error"],
  ];
  const width = Math.max(...options.map(([option]) => option.length));
  const lines = options.map(([option, help]) => `  ${option.padEnd(width)}  ${help}`);
  return `dumpscope ${usageOf(command)}\n${command.summary}\n\n${lines.join("\n")}\n`;
}
