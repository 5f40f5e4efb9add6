/**
 * Which side is shown while blinking: a hard switch, slower than three a second. Where less motion is wanted nothing
 * switches by itself; each press of the key does.
 */
import { useEffect, useState } from "react";

const PERIOD_MS = 400;

export function useBlink(on: boolean, still: boolean): { readonly side: "a" | "b"; flip(): void } {
  const [side, setSide] = useState<"a" | "b">("a");
  const flip = () => setSide((now) => (now === "a" ? "b" : "a"));
  useEffect(() => {
    if (!on || still) return;
    const timer = window.setInterval(() => setSide((now) => (now === "a" ? "b" : "a")), PERIOD_MS);
    return () => window.clearInterval(timer);
  }, [on, still]);
  return { side, flip };
}
