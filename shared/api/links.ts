/** What the API says of links: parts of them that are too long for an address. */
import { z } from "zod";

/** Characters of a part: 5,000 regions. */
export const MOST_LINK_TEXT = 200_000;

/** Spaces, addresses, indices: nothing that a person wrote or searched for can be in it. */
const Text = z
  .string()
  .min(1)
  .max(MOST_LINK_TEXT)
  .regex(/^[a-z0-9:,-]+$/);

export const KeepLinkSchema = z.object({ text: Text });
export const KeptLinkSchema = z.object({ link: z.string().describe("Of the same text the same, for good") });
export const LinkSchema = KeptLinkSchema.extend({ text: z.string() });
