/** A part of a comparison: what became of its pages. */
import { z } from "zod";
import { VerdictCountsSchema } from "./comparison.ts";
import { SelectionQuerySchema } from "./selection.ts";

/** Regions in the spaces of B. */
export const ComparedSelectionQuerySchema = SelectionQuerySchema.pick({ in: true }).required();
export const ComparedSelectionSchema = z.object({
  verdicts: VerdictCountsSchema.omit({ unresolved: true }).describe("Pages of which a part is selected count whole"),
  differing: z.int().describe("Pages in differences"),
});
export type ComparedSelection = z.infer<typeof ComparedSelectionSchema>;
