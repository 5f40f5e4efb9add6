/** Public face of `threads`: how work is spread, not what the work is. */
export { answerRequests } from "./answer-requests.ts";
export { BATCH_PAGES, type BatchMemory, batchMemory, createBatchMemory } from "./batch-memory.ts";
export { observed } from "./observed.ts";
export { startThreads, type Threads } from "./threads.ts";
