/**
 * `npm run bench -- likeness`: two starts of each of some programs of Debian as cores, and how many pages of the second
 * the first explains, as they are and up to addresses; then what is alike between different programs, where it could be
 * false. Prints the tables of docs/likeness.md. Needs Linux with ASLR and `gcore` (package gdb); a program that is not
 * installed is left out, and said so.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { hashPages, pagesToHash } from "../server/hash/index.ts";
import { ingestDump } from "../server/ingest/index.ts";
import {
  alikePages,
  createNormaliser,
  likenessesOf,
  mappingsOfProcess,
  NOT_ALIKE,
  nameMappings,
  placesByRow,
} from "../server/likeness/index.ts";
import { openStore, type SnapshotRecord, type Store } from "../server/store/index.ts";
import { type Mapping, mappingName, PAGE_STATES } from "../shared/snapshot/index.ts";

/** Until a program that has been started does nothing but wait. */
const SETTLE_MS = 1500;
/** Everything of every mapping, not only what was written to. */
const EVERYTHING = "0xff";
const { signal } = new AbortController();
const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-likeness-"));

interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const NGINX = `daemon off; master_process off; error_log /dev/null; pid ${folder}/nginx.pid; events {}
http { access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path c;
server { listen unix:${folder}/nginx.sock; } }`;
const PYTHON = ["/usr/bin/python3", "-c", "import json, re, socket, time; time.sleep(600)"];
const PERL = ["/usr/bin/perl", "-e", "use POSIX; use Socket; sleep 600"];
const NODE = ["/usr/bin/nodejs", "-e", "setInterval(() => {}, 1000)"];
const PROGRAMS: readonly Program[] = [
  { name: "sleep", command: ["/usr/bin/sleep", "600"] },
  { name: "bash", command: ["/usr/bin/bash", "-c", "f() { echo; }; a=(1 2 3); read line"] },
  { name: "sqlite3", command: ["/usr/bin/sqlite3", ":memory:"] },
  { name: "vim", command: ["/usr/bin/vim", "-e", "-s", "-N", "-u", "NONE"] },
  { name: "nginx", command: ["/usr/sbin/nginx", "-p", folder, "-c", `${folder}/nginx.conf`] },
  {
    name: "redis-server",
    command: ["/usr/bin/redis-server", "--port", "0", "--unixsocket", `${folder}/redis.sock`, "--save", ""],
  },
  { name: "php", command: ["/usr/bin/php", "-r", "sleep(600);"] },
  { name: "ruby", command: ["/usr/bin/ruby", "-e", "require 'json'; sleep 600"] },
  { name: "perl", command: PERL },
  { name: "perl, one hash seed", command: PERL, env: { PERL_HASH_SEED: "0", PERL_PERTURB_KEYS: "0" } },
  { name: "python3", command: PYTHON },
  { name: "python3, one hash seed", command: PYTHON, env: { PYTHONHASHSEED: "0" } },
  { name: "nodejs", command: NODE },
];

/** @returns the file of a core of a fresh start */
async function startAndDump({ command, env }: Program, name: string): Promise<string> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: ["pipe", "ignore", "ignore"],
    cwd: folder,
    env: { PATH: "/usr/bin:/bin", HOME: folder, LANG: "C.UTF-8", ...env },
  });
  try {
    await setTimeout(SETTLE_MS);
    if (child.exitCode !== null) throw new Error(`${command.join(" ")} ended with ${child.exitCode}`);
    writeFileSync(`/proc/${child.pid}/coredump_filter`, EVERYTHING);
    const { status, stderr } = spawnSync("gcore", ["-o", path.join(folder, name), String(child.pid)], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`gcore of ${command[0]}: ${stderr}`);
    return path.join(folder, `${name}.${child.pid}`);
  } finally {
    await end(child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.kill("SIGKILL");
  await ended;
}

async function take(store: Store, program: Program, index: number): Promise<readonly SnapshotRecord[]> {
  const snapshots: SnapshotRecord[] = [];
  for (const which of [0, 1]) {
    const file = await startAndDump(program, `core-${index}-${which}`);
    const request = { file, container: program.name, asRaw: false, base: 0n, keepCut: false, parent: "none" };
    snapshots.push((await ingestDump(store, request, { signal, onProgress: () => undefined })).snapshot);
    rmSync(file);
  }
  return snapshots;
}

interface Page {
  readonly row: number;
  readonly page: number;
  readonly mapping: Mapping;
}

/** Recorded pages that are not all zero. */
function* pagesOf(store: Store, snapshot: SnapshotRecord): Generator<Page> {
  const manifest = store.manifest(snapshot);
  for (const { mapping, chunks } of manifest.laid) {
    for (const chunk of chunks) {
      const { state, page } = manifest.columns(chunk);
      for (let i = 0; i < page.length; i++)
        if (PAGE_STATES[state[i]] === "data") yield { row: chunk.row + i, page: page[i], mapping };
    }
  }
}

const percent = (part: number, whole: number) => ((100 * part) / whole).toFixed(1);

/** Where pages lie, in words that are few. */
function kindOf({ kind, permissions }: Mapping): "files" | "memory" | "stack" {
  if (kind === "stack") return "stack";
  return kind === "file" && permissions !== "???" ? "files" : "memory";
}

/** With reading and unpacking of the pages. */
async function tellMaking(store: Store, snapshots: readonly SnapshotRecord[]): Promise<string> {
  const started = performance.now();
  for (const snapshot of snapshots) await likenessesOf(store, snapshot, { signal });
  const seconds = (performance.now() - started) / 1000;
  const megabytes = (snapshots.reduce((sum, { pages }) => sum + pages.present, 0) * 4096) / 1e6;
  const kept = store.blobs.list("likeness").reduce((sum, name) => sum + store.blobs.size("likeness", name), 0) / 1e6;
  return `Made for the first time, in one thread: ${megabytes.toFixed(0)} MB of pages at ${(megabytes / seconds).toFixed(0)} MB/s; kept: ${kept.toFixed(1)} MB, ${percent(kept, megabytes)} %.`;
}

async function tellStarts(store: Store, name: string, [first, second]: readonly SnapshotRecord[]): Promise<string> {
  const there = new Set(store.manifest(first).distinctPages());
  const alike = await alikePages(store, second, [first], { signal });
  const left = { files: 0, memory: 0, stack: 0 };
  let pages = 0;
  let same = 0;
  let inPlace = 0;
  const [ofFirst, ofSecond] = [placesIn(store, first), placesIn(store, second)];
  for (const { row, page, mapping } of pagesOf(store, second)) {
    pages++;
    if (there.has(page)) same++;
    else if (alike.snapshot[row] === NOT_ALIKE) left[kindOf(mapping)]++;
    else if (ofSecond(row).words === ofFirst(alike.row[row]).words) inPlace++;
  }
  const rest = pages - same - alike.count;
  const others = percent(alike.count, pages - same);
  return `| ${name} | ${pages} | ${same} | ${alike.count} | ${inPlace} | ${rest} | ${percent(same, pages)} | ${percent(same + alike.count, pages)} | ${others} | ${left.files} | ${left.memory} | ${left.stack} |`;
}

interface Place {
  readonly isOfFile: boolean;
  readonly words: string;
}

/** In words: a page of a file by its offset there, one of the memory behind a file's data by its distance from it. */
function placesIn(store: Store, snapshot: SnapshotRecord): (row: number) => Place {
  const manifest = store.manifest(snapshot);
  const placeOf = placesByRow(manifest);
  return (row) => {
    const { space, page } = placeOf(row);
    const mappings = manifest.laid.map(({ mapping }) => mapping).filter((mapping) => mapping.space === space);
    const index = mappings.findIndex(
      ({ spaceStart, range }) => page >= spaceStart && page < spaceStart + (range.end - range.start),
    );
    const mapping = mappings[index];
    const before: Mapping | undefined = mappings[index - 1];
    const offset = (page - mapping.spaceStart) * 4096;
    const at = (bytes: number) => `${mapping.permissions} +0x${bytes.toString(16)}`;
    if (mapping.kind === "file") return { isOfFile: true, words: `${mapping.path} ${at(mapping.offset + offset)}` };
    if (before?.kind === "file" && before.permissions === "rw-" && before.range.end === mapping.range.start)
      return { isOfFile: true, words: `.bss of ${before.path} ${at(offset)}` };
    return { isOfFile: false, words: `${mappingName(mapping)} ${at(offset)}` };
  };
}

interface Unrelated {
  pairs: number;
  pages: number;
  same: number;
  alike: number;
  sameFilePlace: number;
  readonly others: Map<string, number>;
}

/** What the first start of one program and that of another have alike. */
async function lookAtPair(store: Store, a: SnapshotRecord, b: SnapshotRecord, found: Unrelated): Promise<void> {
  const there = new Set(store.manifest(b).distinctPages());
  const alike = await alikePages(store, a, [b], { signal });
  const [ofA, ofB] = [placesIn(store, a), placesIn(store, b)];
  found.pairs++;
  for (const { row, page } of pagesOf(store, a)) {
    found.pages++;
    if (there.has(page)) found.same++;
    if (alike.snapshot[row] === NOT_ALIKE) continue;
    found.alike++;
    const [here, other] = [ofA(row), ofB(alike.row[row])];
    if (here.isOfFile && here.words === other.words) found.sameFilePlace++;
    else {
      const what = `${here.words} ~ ${other.words} (${a.container}, ${b.container})`;
      found.others.set(what, (found.others.get(what) ?? 0) + 1);
    }
  }
}

async function tellUnrelated(store: Store, what: string, snapshots: readonly SnapshotRecord[]): Promise<string[]> {
  const found: Unrelated = { pairs: 0, pages: 0, same: 0, alike: 0, sameFilePlace: 0, others: new Map() };
  for (const a of snapshots) for (const b of snapshots) if (a !== b) await lookAtPair(store, a, b, found);
  const { pairs, pages, same, alike, sameFilePlace, others } = found;
  return [
    `${pairs} ordered pairs of different ${what}, ${pages} pages: ${same} the same, ${alike} alike, of which ${sameFilePlace} at the same place of the same file, ${alike - sameFilePlace} elsewhere:`,
    "",
    ...[...others].sort().map(([places, count]) => `- ${count} × ${places}`),
  ];
}

async function takeSamples(store: Store): Promise<readonly SnapshotRecord[]> {
  const snapshots: SnapshotRecord[] = [];
  for (const name of ["app-t0", "nginx-t0", "redis-t0"]) {
    const file = path.join(import.meta.dirname, `../dumps/samples/podman/${name}.tar.zst`);
    const request = { file, container: name, asRaw: false, base: 0n, keepCut: false, parent: "none" };
    snapshots.push((await ingestDump(store, request, { signal, onProgress: () => undefined })).snapshot);
  }
  return snapshots;
}

/** The fastest of some rounds, MB/s: of the normaliser, and of plain hashes of the same pages. */
function tellSpeed(store: Store, snapshot: SnapshotRecord): string {
  const manifest = store.manifest(snapshot);
  const numbers = manifest.distinctPages().subarray(0, 8192);
  const bytes = store.pages.bytes(numbers);
  const [{ pid, executable }] = manifest.facts.processes;
  const table = nameMappings(mappingsOfProcess(manifest, pid), executable, manifest.facts.byteOrder);
  const normalise = createNormaliser(table);
  const hashes = Buffer.alloc(numbers.length * 32);
  const pointers = new Uint16Array(numbers.length);
  const fastest = (work: () => void) => {
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 9; round++) {
      const started = performance.now();
      work();
      least = Math.min(least, performance.now() - started);
    }
    return bytes.length / least / 1000;
  };
  const normalised = fastest(() => normalise(bytes, hashes, pointers));
  const toHash = pagesToHash(bytes, Buffer.alloc(numbers.length * 32));
  const zero = new Uint8Array(numbers.length);
  const hashed = fastest(() => hashPages(toHash, numbers.length, zero));
  const withPointers = pointers.filter((count) => count > 0).length;
  const each = pointers.reduce((sum, count) => sum + count, 0) / Math.max(1, withPointers);
  return `| ${snapshot.container} | ${numbers.length} | ${percent(withPointers, numbers.length)} | ${each.toFixed(0)} | ${normalised.toFixed(0)} | ${hashed.toFixed(0)} | ${(normalised / hashed).toFixed(2)} |`;
}

try {
  mkdirSync(path.join(folder, "logs"));
  writeFileSync(path.join(folder, "nginx.conf"), NGINX);
  const store = openStore(path.join(folder, "store"));
  const started = new Map<string, readonly SnapshotRecord[]>();
  for (const [index, program] of PROGRAMS.entries()) {
    if (existsSync(program.command[0])) started.set(program.name, await take(store, program, index));
    else process.stderr.write(`${program.command[0]} is not installed: left out\n`);
  }
  const lines = [
    await tellMaking(store, [...started.values()].flat()),
    "",
    "| program | pages | same | alike | at the same place | left | same % | same or alike % | of the not same % | left in files | in memory | in the stack |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
  ];
  for (const [name, pair] of started) lines.push(await tellStarts(store, name, pair));

  // One of each program: two starts of perl are not unrelated.
  const firsts = [...started].filter(([name]) => !name.includes(",")).map(([, [first]]) => first);
  lines.push("", ...(await tellUnrelated(store, "programs", firsts)));
  lines.push("", ...(await tellUnrelated(store, "checkpoints", await takeSamples(store))));
  lines.push(
    "",
    "| pages of | pages | with pointers % | pointers each | normalised MB/s | hashed MB/s | ratio |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...firsts.map((first) => tellSpeed(store, first)),
  );
  process.stdout.write(`${lines.join("\n")}\n`);
  store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
