/** Public face of `symbols`: names of mapped files as places. */
export { symbolsOf } from "./symbols.ts";
