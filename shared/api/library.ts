/** The library: containers with their snapshots, known sets, what arrived, what is being done. */
import { z } from "zod";
import { ProblemSchema } from "./problem.ts";
import { KnownPackageSchema, SnapshotSummarySchema } from "./snapshot.ts";

export const KnownSetSchema = z.object({
  name: z.string(),
  source: z.string().describe("OCI image, docker image, root file system, directory, file, or snapshot app/t0"),
  digest: z.string().nullable().describe("Of the image's configuration, of the file, or of the baseline's dump"),
  files: z.int(),
  pages: z.int().describe("Distinct non-zero pages"),
  withBytes: z.boolean().describe("Whether its pages are kept too, not their hashes alone"),
  imageOf: z.array(z.string()).describe("Containers whose dumps name it as their image"),
  leftToFiles: z.int().describe("Pages that snapshots leave to files of this set"),
  sameContent: z.int().describe("Recorded pages of all snapshots with the content of a page of this set"),
  addedAt: z.string(),
});
export type KnownSet = z.infer<typeof KnownSetSchema>;

/** A known set in full. A page counts once for each place where it occurs, zero pages never. */
export const KnownSetDetailSchema = KnownSetSchema.omit({ leftToFiles: true, sameContent: true }).extend({
  layers: z.array(z.object({ digest: z.string().nullable(), files: z.int(), pages: z.int() })).describe("Bottom first"),
  packages: z
    .array(KnownPackageSchema.extend({ files: z.int(), pages: z.int() }))
    .describe("That own files of the set"),
  buildIds: z.array(z.object({ path: z.string(), buildId: z.string() })).describe("Of ELF files, by path"),
  notes: z.array(z.string()).describe("What could not be read or does not fit"),
});
export type KnownSetDetail = z.infer<typeof KnownSetDetailSchema>;

/** One dump or image on its way, once it has arrived whole: waiting, being read; then gone, with a receipt. */
export const JobSchema = z.object({
  job: z.string(),
  arriving: z.string().describe("Under which name a dump can be watched: that of its upload, or else of its job"),
  kind: z.enum(["dump", "known"]),
  file: z.string(),
  container: z.string().nullable(),
  parent: z.string().nullable().describe("What explains it: a snapshot, or none; null: the container's latest"),
  phase: z.enum(["waiting", "unpacking", "reading", "committing"]),
  bytes: z.int().describe("Done"),
  totalBytes: z.int(),
  pages: z.int(),
  newPages: z.int(),
  bytesPerSecond: z.number(),
  secondsLeft: z.number().nullable(),
  startedAt: z.string(),
});
export type Job = z.infer<typeof JobSchema>;

/** What arrived, newest first, with its fate. Refused ones stay until dismissed. */
export const ReceiptSchema = z.object({
  receipt: z.int(),
  at: z.string(),
  file: z.string(),
  bytes: z.int(),
  sha256: z.string().nullable(),
  container: z.string().nullable(),
  snapshot: z.string().nullable(),
  result: z.string().describe("app t1, 2013 pages, 197 new; or refused: why"),
  problem: ProblemSchema.nullable(),
  upload: z
    .string()
    .nullable()
    .describe("The upload, while its bytes are kept for “Keep what is there” and “Keep as raw bytes”"),
  dismissed: z.boolean(),
});
export type Receipt = z.infer<typeof ReceiptSchema>;

/** The whole log, newest first. */
export const ReceiptsSchema = z.object({ receipts: z.array(ReceiptSchema) });

export const ContainerSchema = z.object({
  name: z.string(),
  process: z.string().nullable(),
  processes: z.int(),
  threads: z.int().nullable(),
  imageName: z.string().nullable(),
  containerId: z.string().nullable(),
  snapshots: z.array(SnapshotSummarySchema).describe("Oldest first"),
});
export type Container = z.infer<typeof ContainerSchema>;

export const LibrarySchema = z.object({
  containers: z.array(ContainerSchema).describe("By last snapshot, newest first"),
  knownSets: z.array(KnownSetSchema),
  receipts: z.array(ReceiptSchema).describe("The newest 100, newest first"),
  received: z.int().describe("How many receipts there are"),
  refused: z.array(ReceiptSchema).describe("Refused, not dismissed, and not come again since; newest first"),
  jobs: z.array(JobSchema),
  totals: z.object({
    containers: z.int(),
    snapshots: z.int(),
    distinctPages: z.int(),
    dumpBytes: z.int(),
    storedBytes: z.int(),
  }),
  store: z.string().describe("Where the store lies, as it was asked for"),
  address: z.string().describe("Where the server listens"),
  sample: z
    .object({ name: z.string(), bytes: z.int() })
    .nullable()
    .describe("The bundled sample, when its files are there"),
});
export type Library = z.infer<typeof LibrarySchema>;

export const KeptUploadSchema = z.object({
  upload: z.string(),
  bytes: z.int(),
  sha256: z.string(),
});
export const GrowUploadSchema = z.object({ bytes: z.int().positive().describe("Of the whole file") });

/** Absolute, without `.`, `..` or empty parts; as long as Linux allows. */
export const FilePathSchema = z
  .string()
  .max(4096)
  .regex(
    /^(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/,
    "A file's path begins with / and has no empty part, no part that is “.” or “..”",
  );

/** Starts the ingest of an upload that has arrived whole. */
export const IngestRequestSchema = z.object({
  upload: z.string().regex(/^[0-9a-f]{32}$/),
  kind: z.enum(["dump", "known"]).default("dump"),
  /** Without one, the name that the dump says, else the file's. */
  container: z.string().min(1).max(128).optional(),
  name: z.string().min(1).max(128).optional().describe("Of the known set"),
  withBytes: z.boolean().default(false).describe("Of a known set: keep its pages too, not their hashes alone"),
  filePath: FilePathSchema.optional().describe("Of a single file as a known set: where it lies in containers"),
  parent: z.string().optional().describe("A snapshot, or none; without one the container's latest"),
  format: z.literal("raw").optional(),
  base: z
    .string()
    .regex(/^(0x)?[0-9a-fA-F]{1,16}$/)
    .optional(),
  keepCut: z.boolean().default(false),
  again: z.boolean().default(false).describe("Add it though the same file is here already"),
});
export type IngestRequest = z.input<typeof IngestRequestSchema>;
export const RenameSchema = z.object({ name: z.string().trim().min(1).max(128) });
export const BaselineSchema = z.object({ name: z.string().trim().min(1).max(128).describe("Of the known set") });
export const ExplainAgainstSchema = z.object({ parent: z.string().describe("A snapshot, or none") });
export const JobStartedSchema = z.object({ job: z.string() });
export const SampleStartedSchema = z.object({ jobs: z.array(z.string()) });
