/**
 * A process that is called otherwise than the program it runs. The kernel takes the name (comm) from the path of exec,
 * before links are followed, and cuts it to 15 bytes; a process may give itself another one.
 */
import type { Finding } from "../../shared/api/index.ts";
import type { KnownSet } from "../known-sets/index.ts";

import { foundOf, type JudgedProcess } from "./process.ts";

/** TASK_COMM_LEN without its zero byte. */
const COMM_BYTES = 15;
/** What distributions put behind a program's name: `3.11`, `-8.2`, `.5.36.0`. */
const VERSION = /^[-_.]?\d[\d.]*$/;

/** @param namesOf every path by which a file can be called, as a known set has it */
export function judgeName(
  process: JudgedProcess,
  namesOf: (set: KnownSet, path: string) => readonly string[],
): readonly Finding[] {
  const { comm, executable, commandLine } = process.facts;
  if (comm === null || executable === null || comm === "") return [];
  const set = process.setOf(executable);
  const isCalled = (path: string) => cut(fileName(path)) === comm;
  if (isCalled(executable) || VERSION.test(restOf(fileName(executable), comm))) return [];
  // Behind `#!` the kernel runs an interpreter, and the script names the process.
  if (commandLine?.split(" ").slice(1).some(isCalled)) return [];
  if (set && namesOf(set, executable).some(isCalled)) return [];

  const deleted = process.deleted.has(executable);
  const mapping = process.mappings.find(({ path }) => path === executable);
  const { pid } = process.facts;
  const place = mapping
    ? foundOf({ page: mapping.range.start, mapping }, process)
    : { pid, comm, address: null, place: null, mapping: null };
  return [
    {
      ...place,
      kind: "renamed-process",
      severity: deleted ? "alarm" : "note",
      text:
        `Process ${pid} is called ${comm} and runs ${executable}${deleted ? ", which had been deleted" : ""}. ` +
        `${set ? `No link of ${set.record.name} explains the name` : "No known set has the file, whose links could explain the name"}. ` +
        "Programs name themselves for their task, and some to be taken for another. Compare it with its command line.",
      evidence: { comm, executable, deleted, commandLine },
    },
  ];
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What a name has behind the process's, or more than any version when it does not begin with it. */
function restOf(name: string, comm: string): string {
  return name.startsWith(comm) ? name.slice(comm.length) : name;
}

/** The first 15 bytes; a character that is cut in two is what the reader of the dump makes of its half. */
function cut(name: string): string {
  return Buffer.from(name).subarray(0, COMM_BYTES).toString();
}
