/** Says what commands do while a component is on the screen. The newest closures are used without re-registering. */
import { useEffect, useLayoutEffect, useRef } from "react";
import { type Acts, registerActs } from "./registry.ts";

export function useActs(acts: Acts): void {
  const current = useRef<Acts>(acts);
  useLayoutEffect(() => {
    current.current = acts;
  });
  useEffect(() => registerActs(current), []);
}
