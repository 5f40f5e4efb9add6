/** Commands run as processes of their own, beside the test that watches, kills or starves them. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

const MAIN = path.join(import.meta.dirname, "../../server/cli/main.ts");
/** No command of the program: what its server does with several uploads. */
const BESIDE = path.join(import.meta.dirname, "ingest-beside.ts");

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface CommandSurroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node.js itself. */
  readonly node?: readonly string[];
  /** What runs it in turn: a limit, a namespace. */
  readonly within?: readonly string[];
}

/** `dumpscope …` on the store in `data`. */
export function startCommand(data: string, args: readonly string[], surroundings: CommandSurroundings = {}): Running {
  const { env = {}, node = [], within = [] } = surroundings;
  const run = args[0] === "ingest-beside" ? [BESIDE, ...args.slice(1)] : [MAIN, ...args];
  const [program, ...rest] = [...within, process.execPath, ...node, ...run];
  const child = spawn(program, rest, {
    env: { ...process.env, ...env, DUMPSCOPE_DATA: data },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, stderr }));
  });
  return { child, ended };
}

export function runCommand(data: string, args: readonly string[], surroundings?: CommandSurroundings): Promise<Ended> {
  return startCommand(data, args, surroundings).ended;
}

export interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

/** The one error object of a command that was run with --json. @throws when there is anything else */
export function toldError({ status, stderr }: Ended): ToldError {
  const lines = stderr.split("\n").filter((line) => line !== "");
  if (status !== 1 || lines.length !== 1) throw new Error(`status ${status}, standard error: ${stderr}`);
  return (JSON.parse(lines[0]) as { error: ToldError }).error;
}
