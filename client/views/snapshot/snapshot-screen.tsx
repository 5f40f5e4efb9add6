export function SnapshotScreen({ snapshot }: { snapshot: string }) { return <p>{snapshot}</p>; }
