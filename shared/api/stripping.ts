/** What of a snapshot is the system's, what other containers have, and what is left. */
import { z } from "zod";
import { WAYS } from "../provenance/index.ts";
import { FillingCountsSchema } from "./filling.ts";
import { KnownPackageSchema, ProvenanceCountsSchema } from "./snapshot.ts";

export const StripCountsSchema = z.object({
  recorded: z.int(),
  zero: z.int(),
  leftToFile: z.int().describe("Absent: the dumper's own statement that the file has them"),
  same: z.int().describe("Recorded, not zero, with the content of a page of a known set"),
  relocated: z.int().describe("Of a mapped ELF file, changed by the loader alone: verified byte for byte"),
  alike: z.int().describe("Equal to a page of a baseline or of another container, up to the addresses in it"),
  shared: z.int().describe("In a snapshot of another container; or when it was ingested, in any other snapshot"),
  explained: z.int().describe("Zero, same, relocated or alike, each page once"),
  provenance: ProvenanceCountsSchema,
  byWays: z
    .array(z.object({ ways: z.array(z.enum(WAYS)), pages: z.int() }))
    .describe("Recorded pages by all ways in which they belong, each page once: the ways overlap"),
  ...FillingCountsSchema.shape,
});
export type StripCounts = z.infer<typeof StripCountsSchema>;

export const StrippingSchema = StripCountsSchema.extend({
  snapshot: z.string(),
  sharedWith: z.array(z.object({ container: z.string(), pages: z.int() })),
  alikeTo: z.array(z.object({ snapshot: z.string(), baselineOf: z.string().nullable(), pages: z.int() })),
  byProcess: z.array(StripCountsSchema.extend({ pid: z.int(), comm: z.string().nullable() })),
  byMapping: z.array(
    StripCountsSchema.extend({
      space: z.string(),
      pid: z.int(),
      address: z.string(),
      name: z.string(),
      path: z.string().nullable(),
      permissions: z.string(),
    }),
  ),
  byFile: z.array(
    StripCountsSchema.extend({
      path: z.string(),
      deleted: z.boolean(),
      set: z.string().nullable().describe("The known set that has the file"),
      package: KnownPackageSchema.nullable(),
      buildId: z.string().nullable(),
    }),
  ),
  byPackage: z.array(StripCountsSchema.extend({ package: KnownPackageSchema, files: z.int() })),
});
export type Stripping = z.infer<typeof StrippingSchema>;
