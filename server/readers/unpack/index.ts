/** Public face of `unpack`: compression undone, and random access to files. */
export { type Compression, compressionOf } from "./compression.ts";
export { type Decompressed, decompress } from "./decompress.ts";
export { FileSource, MemorySource } from "./file-source.ts";
export { compressionOfFile, type Unpacked, type UnpackOptions, unpackDump } from "./unpack-dump.ts";
export { unpackLimit, withinLimit } from "./unpack-limit.ts";
