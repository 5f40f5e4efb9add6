/** The snapshots of the container that are here: some channels are of all of them, and others come and go. */
import { useRef } from "react";
import type { Library, SnapshotDetail } from "../../../shared/api/index.ts";

export interface Siblings {
  /** Names, the snapshot's own among them; none until the library is known. */
  readonly names: readonly string[];
  /** Another text whenever there are others than when the library was first known. */
  readonly since: string;
}

export function useSiblings(library: Library | undefined, { container }: SnapshotDetail): Siblings {
  const own = library?.containers.find(({ name }) => name === container);
  const names = own?.snapshots.map(({ name }) => name) ?? [];
  const all = names.join();
  const first = useRef<string | null>(null);
  if (library) first.current ??= all;
  return { names, since: first.current === null || first.current === all ? "" : all };
}
