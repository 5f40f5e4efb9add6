/** A dump that is still arriving: on its way, or waiting and being read. It has the form of a snapshot as far as it goes. */
import { z } from "zod";
import { DUMP_FORMATS } from "../snapshot/index.ts";
import { JobSchema } from "./library.ts";
import { ProblemSchema } from "./problem.ts";
import { PageCountsSchema, SnapshotDetailSchema, TilesQuerySchema } from "./snapshot.ts";

/**
 * What can be seen of it. Nothing is explained yet: every provenance is 0. `present` counts all pages whose bytes are
 * here, zero ones among them; `absent.missing` those that are not here yet.
 */
export const ArrivingPictureSchema = SnapshotDetailSchema.pick({
  facts: true,
  imageName: true,
  laid: true,
  maps: true,
}).extend({
  content: z.string().describe("Names what is here: tiles are asked for by it"),
  format: z.enum(DUMP_FORMATS),
  mappings: z.int().nullable(),
  pages: PageCountsSchema,
  here: z.int().describe("Recorded pages whose bytes are here"),
  recorded: z.int().describe("Pages that the dump records, as far as that is known"),
  lost: z.int().describe("Of the missing pages those that do not come any more, because all of the file is here"),
});
export type ArrivingPicture = z.infer<typeof ArrivingPictureSchema>;

export const ArrivingSchema = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("arriving"),
    file: z.string(),
    container: z.string().nullable(),
    stage: z.enum(["uploading", ...JobSchema.shape.phase.options]),
    bytes: z.int().describe("Done of this stage"),
    totalBytes: z.int(),
    picture: ArrivingPictureSchema.nullable(),
    reason: z.string().nullable().describe("Why there is no picture yet, or why it grows no more: a sentence"),
  }),
  z.object({ state: z.literal("committed"), snapshot: z.string() }),
  z.object({ state: z.literal("refused"), problem: ProblemSchema }),
  z.object({ state: z.literal("cancelled") }),
]);
export type Arriving = z.infer<typeof ArrivingSchema>;

export const ArrivingTilesQuerySchema = TilesQuerySchema.extend({
  content: z
    .string()
    .regex(/^[0-9a-f]{16}-\d{1,9}-\d{1,9}$/)
    .describe("Of the picture that was laid; what has come since may be on the tiles"),
});
