/**
 * Every recorded page of a mapped file of three real checkpoints against the files of their image: how many are the
 * same, relocated, or differ, and why; and both of them against what `readelf` says of the files.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  describeElf,
  expectedPage,
  imagesOfProcess,
  type MappedPage,
  type PageCheck,
  type Scope,
  verifyPage,
} from "../../server/relocation/index.ts";
import { modelMemory, type PrintedElf, parseReadelf } from "../../server/relocation/readelf.testing.ts";
import { type ProcessPages, readFilePages, readImageFiles } from "./file-pages.ts";

const corpus = process.env.DUMPSCOPE_CORPUS ?? "";
const DUMPS = ["app-t0", "redis-t0", "nginx-t0"] as const;

interface Section {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}
interface Oracle {
  readonly printed: PrintedElf;
  readonly sections: readonly Section[];
}
interface CheckedPage extends MappedPage {
  readonly path: string;
  readonly recorded: Uint8Array;
  readonly check: PageCheck;
}
interface CheckedProcess {
  readonly scope: Scope;
  readonly pages: readonly CheckedPage[];
  /** Paths of recorded pages whose file is no ELF file of the image. */
  readonly others: readonly string[];
}

const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files: ReadonlyMap<string, Uint8Array>;
const oracles = new Map<string, Oracle>();

beforeAll(async () => {
  files = await readImageFiles(path.join(corpus, "images/slim-oci.tar"), () => true);
});

/** What readelf says of a file of the image. */
function oracleOf(file: string): Oracle {
  const there = oracles.get(file);
  if (there !== undefined) return there;
  const scratch = path.join(folder, "file");
  writeFileSync(scratch, files.get(file)!);
  const options = { env: { ...process.env, LC_ALL: "C" }, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const printed = parseReadelf(execFileSync("readelf", ["-lrdW", "--dyn-syms", scratch], options));
  const rows = execFileSync("readelf", ["-SW", scratch], options).matchAll(
    /^ +\[ *\d+\] (\S+) +\w+ +([0-9a-f]{16}) [0-9a-f]+ ([0-9a-f]+) \S+ +\S*A/gm,
  );
  const sections = [...rows].map(([, name, start, size]) => {
    const first = Number.parseInt(start, 16);
    return { name, start: first, end: first + Number.parseInt(size, 16) };
  });
  const oracle = { printed, sections };
  oracles.set(file, oracle);
  return oracle;
}

function checkProcess({ executable, mappings, pages }: ProcessPages): CheckedProcess {
  const images = new Map([...files].map(([file, content]) => [file, describeElf(content)]));
  const { scope, memberOf } = imagesOfProcess(mappings, executable, (file) => images.get(file));
  const checked: CheckedPage[] = [];
  const others: string[] = [];
  for (const { address, bytes, mapping } of pages) {
    const member = memberOf.get(mapping);
    if (member === undefined) {
      others.push(mapping.path ?? "");
      continue;
    }
    const offset = mapping.offset + address - mapping.range.start * 4096;
    const filePage = files.get(member.path)!.subarray(offset, offset + 4096);
    const page = { image: member.image, base: member.base, address, filePage };
    checked.push({ ...page, path: member.path, recorded: bytes, check: verifyPage(bytes, page, scope) });
  }
  return { scope, pages: checked, others };
}

/** `executable`, `relro` …, or of what the program may write the section that differs. */
function reasonsOf({ path: file, base, address, check }: CheckedPage): readonly string[] {
  if (check.outcome !== "differs") return [];
  const { sections } = oracleOf(file);
  const reasons = check.ranges.map(({ from, part }) => {
    const vaddr = address - base + from;
    const section = sections.find(({ start, end }) => start <= vaddr && vaddr < end)?.name ?? "behind the last section";
    return `${part} ${section}`;
  });
  return [...new Set(reasons)].sort();
}

interface Counted {
  /** Recorded pages of mapped files, by pid. */
  readonly processes: readonly (Readonly<Record<PageCheck["outcome"], number>> & { readonly pid: number })[];
  /** Compared with readelf: pages as expected, relocated pages as recorded, relative and symbol words in these. */
  readonly compared: { readonly expectedPages: number; readonly recordedPages: number; readonly words: number };
}
/** The numbers of docs/relocation.md, where those that differ stand with their reasons. */
const COUNTED: Readonly<Record<(typeof DUMPS)[number], Counted>> = {
  "app-t0": {
    processes: [{ pid: 1, same: 2, relocated: 114, differs: 295 }],
    compared: { expectedPages: 442, recordedPages: 114, words: 22_261 },
  },
  "redis-t0": {
    processes: [{ pid: 1, same: 1, relocated: 181, differs: 97 }],
    compared: { expectedPages: 278, recordedPages: 181, words: 36_137 },
  },
  "nginx-t0": {
    processes: [1, 2, 3].map((pid) => ({ pid, same: 1, relocated: 125, differs: 32 })),
    compared: { expectedPages: 471, recordedPages: 375, words: 76_983 },
  },
};

/** What may differ in an untouched container, by part and section, and why. */
const REASONS: readonly (readonly [pattern: RegExp, file: RegExp])[] = [
  // Variables that the program has written.
  [/^data \.(data|PyRuntime)$/, /./],
  [/^bss \.bss$/, /./],
  // The loader's own state, which it writes before it makes it read-only.
  [/^relro \.data\.rel\.ro$/, /\/ld-linux-x86-64\.so\.2$/],
  // Behind its .bss begins the memory from which the loader allocates before there is a C library.
  [/^beside behind the last section$/, /\/ld-linux-x86-64\.so\.2$/],
];

describe.each(DUMPS)("%s", (dump) => {
  let processes: readonly ProcessPages[];
  let checked: readonly CheckedProcess[];
  beforeAll(async () => {
    processes = await readFilePages(path.join(corpus, "podman", `${dump}.tar.zst`), folder);
    checked = processes.map(checkProcess);
  });

  test("each recorded page of a mapped file is of a file of the image, and the same, relocated or different", () => {
    const counts = checked.map(({ pages }, i) => {
      const count = (outcome: PageCheck["outcome"]) => pages.filter(({ check }) => check.outcome === outcome).length;
      const [same, relocated, differs] = [count("same"), count("relocated"), count("differs")];
      return { pid: processes[i].pid, same, relocated, differs };
    });
    expect(counts).toEqual(COUNTED[dump].processes);
    expect(checked.flatMap(({ others }) => others)).toEqual([]);
  });

  test("each page that differs does so where a program writes, or the loader in its own memory", () => {
    const unexplained = checked.flatMap(({ pages }) =>
      pages.flatMap((page) => {
        const without = reasonsOf(page).filter(
          (reason) => !REASONS.some(([pattern, file]) => pattern.test(reason) && file.test(page.path)),
        );
        return without.map((reason) => `${page.path} 0x${(page.address - page.base).toString(16)} ${reason}`);
      }),
    );
    expect(unexplained).toEqual([]);
  });

  test("a bit that is changed anywhere in a relocated page is found, but in words that are accepted by kind", () => {
    const missed: string[] = [];
    let changed = 0;
    for (const { scope, pages } of checked) {
      for (const page of pages.filter(({ check }) => check.outcome === "relocated")) {
        const byKind = new Set<number>();
        verifyPage(page.recorded, page, scope, ({ at, kind }) => {
          if (kind === "open" || kind === "ifunc" || kind === "loader") byKind.add(at);
        });
        // 509 has no divisor in common with 4096: every byte of a word is met.
        for (let i = 0; i < 40; i++) {
          const at = (page.address / 4096 + i * 509) % 4096;
          if ([...byKind].some((word) => word <= at && at < word + 8)) continue;
          page.recorded[at] ^= 1 << (i % 8);
          const check = verifyPage(page.recorded, page, scope);
          page.recorded[at] ^= 1 << (i % 8);
          changed++;
          const found = check.outcome === "differs" && check.ranges.every(({ from, to }) => from <= at && at < to);
          if (!found) missed.push(`${page.path} 0x${(page.address - page.base + at).toString(16)}`);
        }
      }
    }
    expect(missed).toEqual([]);
    expect(changed).toBeGreaterThan(4000);
  });

  test("what is expected, and what was recorded, are what readelf's relocations make of the files", () => {
    const compared = { expectedPages: 0, recordedPages: 0, words: 0 };
    const wrong: string[] = [];
    for (const { scope, pages } of checked) {
      const addresses = addressesIn(scope);
      for (const member of scope.members) {
        const content = files.get(member.path)!;
        const { printed } = oracleOf(member.path);
        const weak = new Set(printed.symbols.filter(({ bind }) => bind === "WEAK").map(({ name }) => name));
        // Where there are several, of several versions or files, the model does not choose.
        const only = (symbol: string): bigint | null => {
          const known = addresses.get(symbol);
          if (known === undefined) return weak.has(symbol) ? 0n : null;
          return known?.size === 1 ? [...known][0] : null;
        };
        const byKernel = member === scope.members[0] || member === scope.loader;
        const model = modelMemory(printed, content, member.base, "to the page's end", only);
        const mapped = byKernel ? model : modelMemory(printed, content, member.base, "to the end of .bss", only);
        for (const load of printed.loads.filter(({ flags }) => flags.includes("W"))) {
          const first = load.vaddr - (load.vaddr % 4096);
          for (let vaddr = first; vaddr < load.vaddr + load.filesz; vaddr += 4096) {
            const address = member.base + vaddr;
            const offset = load.offset - (load.vaddr % 4096) + (vaddr - first);
            const page = {
              image: member.image,
              base: member.base,
              address,
              filePage: content.subarray(offset, offset + 4096),
            };
            const { bytes, open } = expectedPage(page, scope);
            const unknown = new Set([...open.map(({ at }) => at), ...[...model.open].map((place) => place - address)]);
            if (!equalBut(bytes, model.pages.get(address)!, unknown))
              wrong.push(`expected ${member.path} 0x${vaddr.toString(16)}`);
            compared.expectedPages++;

            const recorded = pages.find((one) => one.address === address);
            if (recorded?.check.outcome !== "relocated") continue;
            const masked = new Set(unknown);
            verifyPage(recorded.recorded, page, scope, ({ at, kind }) => {
              if (kind === "relative" || kind === "symbol") compared.words++;
              else masked.add(at);
            });
            if (!equalBut(recorded.recorded, mapped.pages.get(address)!, masked))
              wrong.push(`recorded ${member.path} 0x${vaddr.toString(16)}`);
            compared.recordedPages++;
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toEqual(COUNTED[dump].compared);
  });
});

/** Addresses by name, of the symbols that readelf prints of a process's files; `null` for one with an IFUNC. */
function addressesIn(scope: Scope): ReadonlyMap<string, ReadonlySet<bigint> | null> {
  const addresses = new Map<string, Set<bigint> | null>();
  for (const { path: file, base } of scope.members) {
    for (const { name, value, type, bind, section } of oracleOf(file).printed.symbols) {
      // An undefined function with a value is the executable's stand-in for it.
      if (bind === "LOCAL" || (section === "UND" && value === 0n)) continue;
      const known = addresses.get(name) ?? new Set();
      known.add(type === "TLS" || section === "ABS" ? value : value + BigInt(base));
      addresses.set(name, type.startsWith("<") || addresses.get(name) === null ? null : known);
    }
  }
  return addresses;
}

function equalBut(a: Uint8Array, b: Uint8Array, words: ReadonlySet<number>): boolean {
  const [left, right] = [Uint8Array.from(a), Uint8Array.from(b)];
  for (const at of words) {
    left.fill(0, Math.max(0, at), Math.max(0, at + 8));
    right.fill(0, Math.max(0, at), Math.max(0, at + 8));
  }
  return Buffer.from(left).equals(right);
}
