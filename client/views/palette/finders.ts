/** Screens tell the palette what else can be found in them: mappings, addresses. */
import { useEffect, useLayoutEffect, useRef } from "react";

export interface Found {
  readonly group: string;
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly run: () => void;
}
export type Finder = (text: string) => readonly Found[];

const finders: { current: Finder }[] = [];

export function useFinder(finder: Finder): void {
  const current = useRef(finder);
  useLayoutEffect(() => {
    current.current = finder;
  });
  useEffect(() => {
    finders.push(current);
    return () => {
      const index = finders.indexOf(current);
      if (index >= 0) finders.splice(index, 1);
    };
  }, []);
}

export function findEverywhere(text: string): Found[] {
  return finders.flatMap((finder) => finder.current(text));
}
