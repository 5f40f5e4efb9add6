/**
 * Loaded by `node --import` before a command: lets one call of the file system fail, counted over all threads of the
 * process. Only calls on what lies below one of the places that are named count.
 *
 *     DUMPSCOPE_FAULT = {"below": [places], "at": which call (0: none), "code": "EIO", "log": file}
 *
 * The log gets a line for each call that counts, or, with `at`, for the one that failed: `EIO readSync /place/file`. What
 * takes no room fails with EIO, whatever the code.
 */
import fs, { type PathLike } from "node:fs";
import promises, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { constants } from "node:os";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";

interface Fault {
  readonly below: readonly string[];
  readonly at: number;
  readonly code: "EIO" | "ENOSPC";
  readonly log: string;
}

const TAKES_ROOM = ["writeSync", "write", "writeFile", "fsyncSync", "fsync", "renameSync"];
const KEY = "dumpscope-fault-calls";
const fault = JSON.parse(process.env.DUMPSCOPE_FAULT ?? "null") as Fault | null;
if (fault) injectFaults(fault);

function injectFaults({ below, at, code, log }: Fault): void {
  // Every thread loads this module; they share the count.
  let memory = getEnvironmentData(KEY) as unknown as SharedArrayBuffer | undefined;
  if (memory === undefined) {
    memory = new SharedArrayBuffer(4);
    setEnvironmentData(KEY, memory as unknown as Parameters<typeof setEnvironmentData>[1]);
  }
  const calls = new Int32Array(memory);
  const files = new Map<number, string>();
  const { openSync, closeSync, writeSync } = fs;
  const logFile = openSync(log, "a");

  /** The error that the call must meet, if it is its turn. */
  function due(call: string, file: string | undefined): Error | undefined {
    if (file === undefined || !below.some((place) => file === place || file.startsWith(`${place}/`))) return undefined;
    const number = Atomics.add(calls, 0, 1) + 1;
    if (at !== 0 && number !== at) return undefined;
    const said = TAKES_ROOM.includes(call) ? code : "EIO";
    writeSync(logFile, `${said} ${call} ${file}\n`);
    if (at === 0) return undefined;
    // As Node.js says it; a path only where it is given one.
    const path = call.startsWith("open") || call.startsWith("rename") ? ` '${file}'` : "";
    const error = new Error(`${said}: injected, ${call.replace(/Sync$/, "")}${path}`);
    return Object.assign(error, { code: said, errno: -constants.errno[said], syscall: call });
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever a function of node:fs takes, it is passed on.
  type Call = (...args: any[]) => any;
  const table = fs as unknown as Record<string, Call>;
  const replace = (name: string, fileOf: (args: readonly unknown[]) => string | undefined, isCallback: boolean) => {
    const original = table[name];
    table[name] = (...args) => {
      const error = due(name, fileOf(args));
      if (!error) return original.apply(fs, args);
      if (!isCallback) throw error;
      process.nextTick(args.at(-1), error);
    };
  };
  const ofDescriptor = ([fd]: readonly unknown[]) => files.get(Number(fd));
  const ofPath = ([path]: readonly unknown[]) => String(path);

  replace("openSync", ofPath, false);
  const opening = table.openSync;
  table.openSync = (path: PathLike, ...args) => {
    const fd: number = opening(path, ...args);
    files.set(fd, String(path));
    return fd;
  };
  table.closeSync = (fd: number) => {
    files.delete(fd);
    closeSync(fd);
  };
  for (const name of ["writeSync", "readSync", "fsyncSync"]) replace(name, ofDescriptor, false);
  replace("renameSync", ofPath, false);
  // Streams open and read with these.
  replace("open", ofPath, true);
  const openingStream = table.open;
  table.open = (path: PathLike, ...args) => {
    const done: Call = args.at(-1);
    return openingStream(path, ...args.slice(0, -1), (error: Error | null, fd: number) => {
      if (!error) files.set(fd, String(path));
      done(error, fd);
    });
  };
  replace("read", ofDescriptor, true);
  replace("fsync", ofDescriptor, true);

  const handles = new WeakMap<object, string>();
  const openHandle = promises.open;
  let isPatched = false;
  promises.open = async (path, ...args) => {
    const error = due("open", String(path));
    if (error) throw error;
    const handle = await openHandle(path, ...args);
    handles.set(handle, String(path));
    if (!isPatched) patchHandles(handle);
    isPatched = true;
    return handle;
  };
  function patchHandles(handle: FileHandle): void {
    const prototype = Object.getPrototypeOf(handle) as Record<string, Call>;
    for (const name of ["read", "write", "writeFile"]) {
      const original = prototype[name];
      prototype[name] = async function (this: FileHandle, ...args) {
        const error = due(name, handles.get(this));
        if (error) throw error;
        return original.apply(this, args);
      };
    }
  }
  syncBuiltinESMExports();
}
