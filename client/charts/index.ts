/** Public face of `charts`: thin React parts over D3 scales. */
export { ClassBar, type ClassBarProps } from "./class-bar.tsx";
export { Digraph, type DigraphProps, digraphPixels, pairScale, pairText } from "./digraph.tsx";
export { EntropyCurve, type EntropyCurveProps } from "./entropy-curve.tsx";
export { EntropyLegend, type EntropyLegendProps } from "./entropy-scale.tsx";
export { Histogram, type HistogramProps } from "./histogram.tsx";
export { MemoryMap } from "./memory-map.tsx";
export { Minimap, type MinimapProps } from "./minimap.tsx";
export { NO_RANK, Ruler, type RulerProps } from "./ruler.tsx";
export type { TreemapGroup } from "./treemap.ts";
