/**
 * What of a snapshot looks tampered with: findings with their evidence, what was compared, and what could not be.
 * @see docs/tampering.md
 */
import { z } from "zod";

/** `alarm`: an untouched container has no such thing. `note`: worth knowing, and often harmless. */
export const SEVERITIES = ["alarm", "note"] as const;

/** The order in which findings of one severity are listed. */
export const FINDING_KINDS = [
  "changed-code",
  "hooked-pointer",
  "changed-relro",
  "changed-read-only",
  "deleted-file",
  "anonymous-executable",
  "write-execute",
  "not-in-image",
  "other-version",
  "restored-code",
  "renamed-process",
] as const;

const Hex = z.string().describe("Hexadecimal with 0x");
const HexBytes = z.string().describe("Hexadecimal, two digits a byte");

const MappedSchema = z.object({
  name: z.string().describe("Last part of the path, or the kind in brackets"),
  path: z.string().nullable(),
  permissions: z.string(),
  shared: z.boolean(),
  deleted: z.boolean(),
  start: Hex.describe("First address in the process"),
  end: Hex.describe("Behind its last byte"),
});
export type Mapped = z.infer<typeof MappedSchema>;

/** Where to look: for a shared segment the space is the segment's, and the address an offset in it. */
const FindingPlaceSchema = z.object({ space: z.string(), address: Hex });

const Found = z.object({
  severity: z.enum(SEVERITIES),
  pid: z.int(),
  comm: z.string().nullable(),
  address: Hex.describe("In the process"),
  place: FindingPlaceSchema,
  mapping: MappedSchema,
  text: z.string().describe("What, where, why it matters, and what to do next"),
});

const ChangedRangeSchema = z.object({
  from: z.int().describe("First byte of the page that differs"),
  to: z.int().describe("Behind the last one"),
  address: Hex,
  expected: HexBytes.describe("At most 64 bytes"),
  found: HexBytes.describe("At most 64 bytes"),
  symbol: z.string().nullable().describe("The function or object of the file in which it begins, where the file says"),
});
export type ChangedRange = z.infer<typeof ChangedRangeSchema>;

const FilePlace = {
  path: z.string(),
  offset: z.number().describe("Of the page in the file, in bytes"),
  set: z.string().describe("The known set that has the file"),
};

const ChangedEvidenceSchema = z.object({
  ...FilePlace,
  bytes: z.discriminatedUnion("state", [
    z.object({
      state: z.literal("compared"),
      ranges: z.array(ChangedRangeSchema).describe("The first 16"),
      rangeCount: z.int(),
      byteCount: z.int().describe("In all ranges"),
    }),
    z.object({ state: z.literal("not-kept"), missing: z.string().describe("What it takes to see which bytes") }),
  ]),
});
export type ChangedEvidence = z.infer<typeof ChangedEvidenceSchema>;

const TargetSchema = MappedSchema.extend({
  offset: z.number().nullable().describe("In the file, in bytes"),
  symbol: z.string().nullable().describe("The function or object of a known file"),
  bssOf: z.string().nullable().describe("Path of the known file whose .bss lies there, in memory of no file"),
});
export type Target = z.infer<typeof TargetSchema>;

const changed = (kind: "changed-code" | "changed-read-only" | "changed-relro") =>
  Found.extend({ kind: z.literal(kind), evidence: ChangedEvidenceSchema });

export const FindingSchema = z.discriminatedUnion("kind", [
  changed("changed-code").describe("An executable page that is not what its file has"),
  changed("changed-read-only").describe("A page of read-only data that is not what its file has"),
  changed("changed-relro").describe("Data that the loader makes read-only, and is not what the loader writes"),
  Found.extend({
    kind: z.literal("hooked-pointer"),
    evidence: z.object({
      ...FilePlace,
      offset: z.number().describe("Of the pointer in the file, in bytes"),
      relocation: z.string().describe("Why the loader writes there"),
      symbol: z.string().nullable().describe("Whose address belongs there, or the object that it lies in"),
      expected: Hex.nullable().describe("The likeliest value; null where no file says it"),
      expectedIn: TargetSchema.nullable(),
      found: Hex,
      foundIn: TargetSchema.nullable().describe("null where nothing is mapped"),
    }),
  }),
  Found.extend({
    kind: z.literal("deleted-file"),
    evidence: z.object({ path: z.string(), isExecutable: z.boolean(), mappings: z.int() }),
  }),
  Found.extend({
    kind: z.literal("anonymous-executable"),
    evidence: z.object({
      pages: z.number(),
      recorded: z.number().describe("Pages of which the dump has a record; of a segment, of the mapped part"),
      segment: z.string().nullable().describe("The space of a shared segment"),
    }),
  }),
  Found.extend({
    kind: z.literal("write-execute"),
    evidence: z.object({ path: z.string(), pages: z.number(), recorded: z.number() }),
  }),
  Found.extend({
    kind: z.literal("not-in-image"),
    evidence: z.object({
      path: z.string(),
      image: z.string().describe("The known set that is the container's image"),
      otherSet: z.string().nullable().describe("Another known set that has a file of this path"),
    }),
  }),
  Found.extend({
    kind: z.literal("other-version"),
    evidence: z.object({
      path: z.string(),
      set: z.string(),
      expected: z.string().describe("Build-id of the set's file, hexadecimal"),
      found: z.string().describe("Build-id of the file that is mapped, hexadecimal"),
    }),
  }).describe("The file that is mapped is not the one that the set has: its other pages are not compared"),
  Found.extend({ kind: z.literal("restored-code"), evidence: z.object(FilePlace) }),
  Found.extend({
    kind: z.literal("renamed-process"),
    evidence: z.object({
      comm: z.string(),
      executable: z.string(),
      deleted: z.boolean(),
      commandLine: z.string().nullable(),
    }),
    address: Hex.nullable(),
    place: FindingPlaceSchema.nullable(),
    mapping: MappedSchema.nullable().describe("Where the executable is mapped; null when it is not"),
  }),
]);
export type Finding = z.infer<typeof FindingSchema>;
export type FindingKind = Finding["kind"];

export const TamperingSchema = z.object({
  findings: z.array(FindingSchema).describe("Alarms first, then by kind; at most 500 of a kind are listed"),
  counts: z.object({
    alarms: z.int(),
    notes: z.int(),
    listed: z.int(),
    byKind: z.record(z.enum(FINDING_KINDS), z.int()),
  }),
  dumperPages: z
    .array(
      z.object({
        pid: z.int(),
        comm: z.string().nullable(),
        place: FindingPlaceSchema,
        mapping: MappedSchema,
        ...FilePlace,
        text: z.string(),
      }),
    )
    .describe("Executable pages that only the dumper has touched: no findings"),
  compared: z
    .object({
      files: z.int(),
      pages: z.int(),
      same: z.int(),
      relocated: z.int().describe("Changed by the loader alone"),
      written: z.int().describe("Differ only where a program, or the loader for itself, writes"),
      changed: z.int().describe("Have findings"),
    })
    .describe("Recorded pages of mapped files that were compared with their files"),
  notCompared: z.object({
    unknownFile: z.int().describe("Pages of files that no known set has"),
    deletedFile: z.int(),
    bytesNotKept: z.int().describe("What the file has there, or where its code is mapped, is not known"),
    otherVersion: z.int().describe("Pages of files of which the set has another version"),
    partial: z.int().describe("Pages of which the dump holds a part"),
    zero: z.int().describe("All zero, where a program writes"),
    files: z.array(z.string()).describe("Paths of files that no known set has; the first 100"),
  }),
  limits: z.array(z.string()).describe("What cannot be told here, and what to do about it"),
});
export type Tampering = z.infer<typeof TamperingSchema>;

export const SnapshotTamperingSchema = TamperingSchema.extend({ snapshot: z.string() });
export type SnapshotTampering = z.infer<typeof SnapshotTamperingSchema>;

/** How a recorded page of a mapped file counts. */
export const PAGE_VERDICTS = [
  "same",
  "relocated",
  "written",
  "changed",
  "unknown-file",
  "deleted-file",
  "other-version",
  "not-kept",
] as const;

export const ListedPageSchema = z.object({
  kind: z.literal("page"),
  pid: z.int(),
  address: Hex.describe("In the process"),
  place: FindingPlaceSchema,
  path: z.string(),
  offset: z.number().describe("Byte of the file"),
  set: z.string().nullable().describe("The known set that has the file"),
  verdict: z.enum(PAGE_VERDICTS),
  why: z.string(),
});
export type ListedPage = z.infer<typeof ListedPageSchema>;
