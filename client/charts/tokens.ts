/** The tokens of the interface for what is drawn on a canvas; read where the canvas stands, so that themes nest. */
export interface Tokens {
  readonly t1: string;
  readonly t2: string;
  readonly t3: string;
  readonly line: string;
  readonly line2: string;
  readonly cur: string;
  readonly halo: string;
  readonly stage: string;
}

export const UI_FONT = '"Inter Variable", system-ui, sans-serif';

export function tokensOf(element: Element): Tokens {
  const style = getComputedStyle(element);
  const token = (name: string, otherwise: string) => style.getPropertyValue(`--${name}`).trim() || otherwise;
  return {
    t1: token("t1", "#e7e9ec"),
    t2: token("t2", "#abb2bb"),
    t3: token("t3", "#8b939d"),
    line: token("line", "#23272c"),
    line2: token("line2", "#363c44"),
    cur: token("cur", "#ffffff"),
    halo: token("halo", "#000000"),
    stage: token("stage", "#0b0c0e"),
  };
}
