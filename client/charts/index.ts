/** Public face of `charts`: thin React parts over D3 scales. */
export { ClassBar, type ClassBarProps } from "./class-bar.tsx";
export { EntropyLegend, type EntropyLegendProps } from "./entropy-scale.tsx";
export { Histogram, type HistogramProps } from "./histogram.tsx";
export { MemoryMap } from "./memory-map.tsx";
export { Minimap, type MinimapProps } from "./minimap.tsx";
export { Ruler, type RulerProps } from "./ruler.tsx";
export type { TreemapGroup } from "./treemap.ts";
