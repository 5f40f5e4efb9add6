/** Public face of `hex`: the bytes pane and what it is fed with. */
export { BytesPane, type BytesPaneProps } from "./bytes-pane.tsx";
export type { BytesSource, HexMapping, HexSide, PointedMapping } from "./bytes-source.ts";
export { createHexPane, type HexPane, type HexPaneOptions } from "./hex-pane.ts";
