/** Public face of `summarise`: page bytes → summary records. */
export { summarisePages } from "./kernel.ts";
