/** What a command is: name, words, options, effect; and how its arguments are read. */
import path from "node:path";
import { getSystemErrorMessage, parseArgs } from "node:util";
import { DumpError } from "../../shared/errors/index.ts";
import { escapeControls } from "./words.ts";

export interface CommandOption {
  /** Name of the value in the help; a flag without one. */
  readonly value?: string;
  readonly help: string;
}

export interface Command {
  readonly name: string;
  /** Arguments in the help, after the name. */
  readonly usage: string;
  readonly summary: string;
  /** Arguments besides options, at most. */
  readonly positionals: number;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** @returns the exit status, 0 when nothing is returned */
  run(line: CommandLine, signal: AbortSignal): Promise<number | undefined>;
}

/** Parsed arguments. Every access names the argument, so that a missing one is a sentence. */
export interface CommandLine {
  readonly json: boolean;
  readonly positionals: readonly string[];
  positional(index: number, name: string): string;
  text(option: string): string | undefined;
  required(option: string): string;
  /** The name that something is to have: some letters, at most as many as the API takes. */
  name(option: string): string;
  whole(option: string, smallest: number, largest: number): number | undefined;
  flag(option: string): boolean;
  /** Prints the result: JSON with --json, else the lines. */
  print(result: object, lines: readonly string[]): void;
}

/** Name and arguments, as the help writes them. */
export function usageOf({ name, usage }: Command): string {
  return usage === "" ? name : `${name} ${usage}`;
}

/** As in the API's schemas. */
const NAME_LENGTH = 128;

/** @throws DumpError `usage` */
export function parseCommandLine(command: Command, args: readonly string[]): CommandLine {
  const usage = (message: string) =>
    new DumpError("usage", `${message}. Usage: dumpscope ${usageOf(command)}`, { command: command.name });
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, option]) => [
      name,
      { type: option.value ? ("string" as const) : ("boolean" as const) },
    ]),
  );
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      options: { ...options, json: { type: "boolean" } },
      allowPositionals: true,
      strict: true,
    });
  } catch (cause) {
    // What follows the first sentence is advice on quoting, over several lines.
    throw usage(cause instanceof Error ? cause.message.replace(/\.\s.*$/s, "") : String(cause));
  }
  const { values, positionals } = parsed;
  if (positionals.length > command.positionals)
    throw usage(`${positionals[command.positionals]} is one argument too many`);
  const text = (option: string) => {
    const value = values[option];
    return typeof value === "string" ? value : undefined;
  };
  const json = values.json === true;
  return {
    json,
    positionals,
    text,
    positional(index, name) {
      const value = positionals[index];
      if (value === undefined) throw usage(`${name} is missing`);
      return value;
    },
    required(option) {
      const value = text(option);
      if (value === undefined || value === "") throw usage(`--${option} is missing`);
      return value;
    },
    name(option) {
      const value = text(option) ?? "";
      if (value.trim() === "") throw usage(`--${option} is missing`);
      if (value.length > NAME_LENGTH)
        throw usage(`--${option} takes at most ${NAME_LENGTH} characters, not ${value.length}`);
      return value;
    },
    whole(option, smallest, largest) {
      const value = text(option);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (!Number.isInteger(number) || number < smallest || number > largest)
        throw usage(`--${option} takes a whole number from ${smallest} to ${largest}, not ${value}`);
      return number;
    },
    flag: (option) => values[option] === true,
    print(result, lines) {
      process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${lines.map(escapeControls).join("\n")}\n`);
    },
  };
}

/** A file that was asked for cannot be made: which one, and why, without the call that Node.js names around it. */
export function asWriteError(error: unknown, out: string): unknown {
  if (!(error instanceof Error) || !("errno" in error) || typeof error.errno !== "number") return error;
  if ("code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT" || error.code === "EIO")) return error;
  const reason = getSystemErrorMessage(error.errno);
  return new DumpError("file-unreadable", `${out} cannot be written: ${reason}`, { path: out }, { cause: error });
}

/** Where the store lies: DUMPSCOPE_DATA, else dumps/store of the project. */
export function dataDirectory(): string {
  return path.resolve(process.env.DUMPSCOPE_DATA || path.join(import.meta.dirname, "../../dumps/store"));
}

/** @throws DumpError `usage` for anything but hexadecimal of up to 64 bits */
export function parseHex(text: string, what: string): bigint {
  const digits = text.toLowerCase().replace(/^0x/, "");
  if (!/^[0-9a-f]{1,16}$/.test(digits))
    throw new DumpError("usage", `${what} takes a hexadecimal address, not ${text}`);
  return BigInt(`0x${digits}`);
}
