/** What the API says of symbols: names of mapped files as places. */
import { z } from "zod";

export const SymbolsQuerySchema = z.object({
  name: z.string().min(1).max(4096).describe("Of a dynamic symbol, as it is in the file: mangled"),
  file: z.string().max(4096).optional().describe("End of the path of the files that are asked; all without it"),
});

export const FoundSymbolsSchema = z.object({
  symbols: z
    .array(
      z.object({
        name: z.string(),
        version: z.string().nullable(),
        path: z.string().describe("Of the file that defines it"),
        pid: z.int(),
        space: z.string(),
        address: z.string().describe("In the space, lower-case hexadecimal with 0x"),
        size: z.number().describe("Bytes, as the file says; 0 when it does not"),
      }),
    )
    .describe("In the order of processes, their program first; at most 64"),
  symbolCount: z.int().describe("All of them"),
  without: z
    .array(z.string())
    .describe("Mapped files of which neither a known set nor the dump has the symbols; at most 16"),
  withoutCount: z.int(),
});
export type FoundSymbols = z.infer<typeof FoundSymbolsSchema>;
