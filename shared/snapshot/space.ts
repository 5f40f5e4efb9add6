/**
 * One address space of a snapshot, named as on the screen and in URLs: `p<pid>` for the private memory of a process,
 * `s<id>` for a shared memory segment (addresses are offsets in it), `physical` for a machine, `raw` for a raw file.
 */
export type SpaceKind = "process" | "segment" | "physical" | "raw";
export type Space = `p${number}` | `s${number}` | "physical" | "raw";

export function spaceOfProcess(pid: number): Space {
  return `p${pid}`;
}

export function spaceOfSegment(id: number): Space {
  return `s${id}`;
}

export function parseSpace(text: string): { readonly kind: SpaceKind; readonly id: number } | undefined {
  if (text === "physical" || text === "raw") return { kind: text, id: 0 };
  const match = /^([ps])(\d{1,15})$/.exec(text);
  if (!match) return undefined;
  return { kind: match[1] === "p" ? "process" : "segment", id: Number(match[2]) };
}

/** That a snapshot has none of this number. */
export function noSpaceText(kind: "process" | "segment", id: number, snapshot: string): string {
  return `There is no ${kind === "process" ? "process" : "shared segment"} ${id} in ${snapshot}.`;
}
