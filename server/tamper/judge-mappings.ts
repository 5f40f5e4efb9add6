/** What the mappings of a process say by themselves, whatever their pages hold: code from nowhere, files that are gone. */
import type { Finding, PageCounts } from "../../shared/api/index.ts";
import type { Mapping } from "../../shared/snapshot/index.ts";
import type { KnownSet, KnownSets } from "../known-sets/index.ts";
import type { Manifest } from "../store/index.ts";

import {
  foundOf,
  hexAt,
  isExecutable,
  isOfFile,
  isOfKernel,
  isWritable,
  type JudgedProcess,
  placeIn,
} from "./process.ts";
import { nameOf, pagesWords, sentence } from "./words.ts";

/** @param image the known set that is the container's own image, where it is here */
export function judgeMappings(
  process: JudgedProcess,
  manifest: Manifest,
  known: KnownSets,
  image: KnownSet | undefined,
): readonly Finding[] {
  const executable = process.mappings.filter((mapping) => isExecutable(mapping) && !isOfKernel(mapping));
  const ofFiles = executable.filter(isOfFile);
  return [
    ...byPath(ofFiles).flatMap(({ path, mappings }) => [
      ...deletedFile(process, path, mappings),
      ...notInImage(process, path, mappings, known, image),
    ]),
    ...ofFiles.filter(isWritable).map((mapping) => writeExecute(process, mapping, countsOf(manifest, mapping))),
    ...executable
      .filter((mapping) => !isOfFile(mapping))
      .map((mapping) => anonymousExecutable(process, mapping, countsOf(manifest, mapping))),
  ];
}

interface MappedPath {
  readonly path: string;
  readonly mappings: readonly Mapping[];
}

function byPath(mappings: readonly Mapping[]): readonly MappedPath[] {
  return [...Map.groupBy(mappings, ({ path }) => path ?? "")].map(([path, of]) => ({ path, mappings: of }));
}

function deletedFile(process: JudgedProcess, path: string, mappings: readonly Mapping[]): readonly Finding[] {
  const mapping = mappings.find(({ deleted }) => deleted);
  if (!mapping) return [];
  const isProgram = path === process.facts.executable;
  const all = process.mappings.filter((one) => one.path === path && one.deleted);
  return [
    {
      ...foundOf({ page: mapping.range.start, mapping }, process),
      kind: "deleted-file",
      severity: "alarm",
      text:
        `${sentence(nameOf(process))} runs code of ${path}, which had been deleted, at ${hexAt(mapping.range.start)}` +
        `${isProgram ? "; it is the program itself" : ""}. Programs that hide delete their file, and an upgrade under a running ` +
        "process does it too. Look for the file's content in the dump, and in what was installed before the checkpoint.",
      evidence: { path, isExecutable: isProgram, mappings: all.length },
    },
  ];
}

function notInImage(
  process: JudgedProcess,
  path: string,
  mappings: readonly Mapping[],
  known: KnownSets,
  image: KnownSet | undefined,
): readonly Finding[] {
  if (!image || process.deleted.has(path) || image.hasFile(path)) return [];
  const [mapping] = mappings;
  const other = known.sets().find((set) => set.hasFile(path))?.record.name ?? null;
  return [
    {
      ...foundOf({ page: mapping.range.start, mapping }, process),
      kind: "not-in-image",
      severity: "alarm",
      text:
        `${sentence(nameOf(process))} runs code of ${path} at ${hexAt(mapping.range.start)}, which the container's image ${image.record.name} ` +
        `does not have${other === null ? "" : ` (${other} has it)`}. It came after the image: from a volume, from the engine, ` +
        "by an installation, or by somebody else. Find out where it came from.",
      evidence: { path, image: image.record.name, otherSet: other },
    },
  ];
}

function writeExecute(process: JudgedProcess, mapping: Mapping, counts: PageCounts): Finding {
  const path = mapping.path ?? "";
  return {
    ...foundOf({ page: mapping.range.start, mapping }, process),
    kind: "write-execute",
    severity: "alarm",
    text:
      `${sentence(nameOf(process))} has ${path} mapped writable and executable at ${hexAt(mapping.range.start)}: whoever writes there ` +
      "decides what runs. No loader maps a file so. Compare its pages with the file's.",
    evidence: { path, pages: pagesOf(mapping), recorded: recordedOf(counts) },
  };
}

function anonymousExecutable(process: JudgedProcess, mapping: Mapping, counts: PageCounts): Finding {
  const { shared, path, kind, absent, space } = mapping;
  const recorded = recordedOf(counts);
  // Memory that the kernel gives for probes and devices is excluded by the dumper, which says so.
  const isExcluded = kind === "anonymous" && absent === "excluded" && recorded === 0;
  const isEmpty = recorded === 0 && counts.absent.excluded === 0 && counts.absent.missing === 0;
  const segment = space === `p${process.facts.pid}` ? null : space;
  const what = `${shared ? "shared" : "private"} memory${path === null ? "" : ` called ${path}`}`;
  const where = `at ${hexAt(mapping.range.start)}${segment === null ? "" : `, ${placeIn(mapping, mapping.range.start).address} of segment ${segment}`}`;
  return {
    ...foundOf({ page: mapping.range.start, mapping }, process),
    kind: "anonymous-executable",
    severity: isEmpty || isExcluded ? "note" : "alarm",
    text:
      `${sentence(nameOf(process))} may run code in ${what} ${where}: ${pagesWords(pagesOf(mapping))}, of which ${recorded} ${recorded === 1 ? "is" : "are"} recorded` +
      `${isWritable(mapping) ? ", writable too" : ""}. ` +
      (isEmpty || isExcluded
        ? "Nothing was written there."
        : "Code that came from no file is a compiler's at run time (Java, JavaScript, PCRE), or injected. Look at its bytes."),
    evidence: { pages: pagesOf(mapping), recorded, segment },
  };
}

function pagesOf({ range }: Mapping): number {
  return range.end - range.start;
}

function recordedOf({ present, zero, inParent }: PageCounts): number {
  return present + zero + inParent;
}

const NO_COUNTS: PageCounts = {
  present: 0,
  zero: 0,
  inParent: 0,
  absent: { file: 0, untouched: 0, excluded: 0, missing: 0 },
};

function countsOf({ laid, segmentMaps }: Manifest, mapping: Mapping): PageCounts {
  return [...segmentMaps, ...laid].find((one) => one.mapping === mapping)?.counts ?? NO_COUNTS;
}
