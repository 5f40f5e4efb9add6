/**
 * Which side is shown while blinking: a hard switch, slower than three a second. Where less motion is wanted nothing
 * switches by itself; each press of the key does.
 */
import { useEffect, useState } from "react";

const PERIOD_MS = 400;
/** The key held longer than this blinks only while it is held. */
const HELD_MS = 500;

export interface Blink {
  readonly side: "a" | "b";
  /** The key is pressed: it begins or ends, or where nothing switches by itself shows the other side. */
  onKey(): void;
}

export function useBlink(on: boolean, still: boolean, setOn: (on: boolean) => void): Blink {
  const [side, setSide] = useState<"a" | "b">("a");
  const flip = () => setSide((now) => (now === "a" ? "b" : "a"));
  useEffect(() => {
    if (!on || still) return;
    const timer = window.setInterval(() => setSide((now) => (now === "a" ? "b" : "a")), PERIOD_MS);
    return () => window.clearInterval(timer);
  }, [on, still]);
  const onKey = () => {
    if (still && on) {
      flip();
      return;
    }
    setOn(!on);
    const pressed = performance.now();
    const onKeyUp = () => performance.now() - pressed > HELD_MS && setOn(false);
    window.addEventListener("keyup", onKeyUp, { once: true });
  };
  return { side, onKey };
}
