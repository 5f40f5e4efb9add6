/** Public face of `explain`: why a recorded page needs no look. */
export { type Explanation, explainAgainst, NOT_RECORDED, type ParentSnapshot } from "./explain.ts";
export { pageSet, type PageSet } from "./page-set.ts";
