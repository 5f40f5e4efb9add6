/** Public face of `explain`: why a recorded page needs no look. */
export { type Explanation, explainAgainst, NOT_RECORDED, type ParentSnapshot } from "./explain.ts";
export { type PageSet, pageSet } from "./page-set.ts";
