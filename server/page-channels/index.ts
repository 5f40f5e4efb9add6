/** Public face of `page-channels`: what channels say of whole pages, by where they stand. */
export { createPageChannels, type PageChannels } from "./page-channels.ts";
export type { CodeRow, PageCodes } from "./page-codes.ts";
