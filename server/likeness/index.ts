/** Public face of `likeness`: pages that are equal up to the addresses in them. */
export { type AlikePages, alikePages, NOT_ALIKE } from "./alike-pages.ts";
export { mappingsOfProcess, nameMappings, type PointerTable } from "./identities.ts";
export { type Likenesses, type LikenessOptions, likenessesOf } from "./likeness.ts";
export { createNormaliser, LIKENESS_VERSION, type Normaliser } from "./normalise.ts";
export { placesByRow } from "./page-likeness.ts";
