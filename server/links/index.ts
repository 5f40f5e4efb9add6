/** Public face of `links`: parts of links that are too long for an address. */
export { keepLink, linkText } from "./links.ts";
