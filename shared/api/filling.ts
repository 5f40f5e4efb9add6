/** What the API says of pages that a dump has left to files and that can be filled. */
import { z } from "zod";

export const FillingSourceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ghost").describe("The dump's own copy of a deleted file"),
    path: z.string(),
    member: z.string().describe("Of the archive"),
  }),
  z.object({
    kind: z.literal("image").describe("A file of a known set that keeps its bytes"),
    path: z.string(),
    set: z.string(),
    layer: z.string().nullable().describe("Digest of the image's layer that holds the file"),
  }),
]);
export type FillingSourceAnswer = z.infer<typeof FillingSourceSchema>;

/** Bytes of an export that are not the dump's. */
export const FilledRangeSchema = z.object({
  space: z.string(),
  address: z.string().describe("Of the first byte"),
  bytes: z.number(),
  source: FillingSourceSchema,
  offset: z.number().describe("Byte of the file at the address"),
});

/** Lies beside exported bytes some of which may be filled. */
export const FilledListSchema = z.object({
  snapshot: z.string(),
  out: z.string().describe("The file that has the bytes"),
  bytes: z.number(),
  sha256: z.string().describe("Of these bytes"),
  filled: z.array(FilledRangeSchema),
});

/** Of pages left to files; none of them is recorded. */
export const FillingCountsSchema = z.object({
  ofDeletedFiles: z.int().describe("Left to files that were deleted: no image's"),
  fromGhost: z.int().describe("Of these, the ones of which the dump carries the bytes, in its ghost files"),
  fromImage: z.int().describe("Left to other files, the ones of which a known set keeps the bytes"),
});

export const FillingSchema = FillingCountsSchema.extend({
  snapshot: z.string(),
  fillers: z.array(
    z.object({
      space: z.string(),
      start: z
        .number()
        .describe("First page in the space; of the pages up to end those are filled that are left to the file"),
      end: z.number(),
      offset: z.number().describe("Byte of the file at the first page"),
      source: FillingSourceSchema,
    }),
  ),
});
export type FillingAnswer = z.infer<typeof FillingSchema>;
