/** An error on the wire: `application/problem+json` (RFC 9457). */
import { z } from "zod";

export const ProblemSchema = z.object({
  type: z.string().describe("`dumpscope:` and the code"),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().describe("What happened, and where"),
  code: z.string(),
  advice: z.string().describe("What to do next"),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Problem = z.infer<typeof ProblemSchema>;
