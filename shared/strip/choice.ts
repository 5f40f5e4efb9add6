/**
 * Which pages a strip is made of: `all` that is recorded or left to a file; only what is `recorded`; only what is
 * `residual`, of provenance `new`. Blocks of 16 pages in which there is no such page are folded away, so pages move:
 * a strip is chosen, and is no filter, which only dims.
 */
export const STRIPS = ["all", "recorded", "residual"] as const;
export type StripChoice = (typeof STRIPS)[number];
