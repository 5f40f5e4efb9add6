/** Facts for analysts, as the dump states them. What it does not say is `null`, never guessed. */
import type { MachineFacts } from "./machine.ts";

export const DUMP_FORMATS = ["criu-checkpoint", "criu-pre-checkpoint", "elf-core", "elf-vmcore", "raw"] as const;
export type DumpFormat = (typeof DUMP_FORMATS)[number];

/** The formats that are recognised by content, in words for the screen and for `unknown-format`. */
export const READ_FORMATS = [
  "container checkpoint (CRIU images in a tar)",
  "ELF core",
  "ELF dump of a machine",
] as const;

/** When the dump was made, and which field says so. */
export type CheckpointTime =
  | { readonly at: string; readonly from: "checkpointedTime" | "time of inventory.img" }
  | { readonly at: null; readonly from: "unknown" };

export interface ProcessFacts {
  readonly pid: number;
  /** `null` when the dump does not say (a pre-checkpoint). */
  readonly ppid: number | null;
  readonly comm: string | null;
  /** Arguments separated by blanks, as read from memory or notes; `null` when its pages are not in the dump. */
  readonly commandLine: string | null;
  readonly executable: string | null;
  readonly threads: number | null;
}

export interface Facts {
  /** `podman`, `CRI-O`, `containerd`, or `null`. */
  readonly engine: string | null;
  readonly containerId: string | null;
  readonly containerName: string | null;
  readonly imageName: string | null;
  readonly imageId: string | null;
  /** RFC 3339, UTC. */
  readonly containerCreatedAt: string | null;
  readonly checkpointedAt: CheckpointTime;
  /** `x86-64`, `aarch64`, …, with the byte order. */
  readonly architecture: string | null;
  readonly byteOrder: "little" | "big";
  /** Parent directory named in the archive, for incremental dumps. */
  readonly parentLink: string | null;
  readonly processes: readonly ProcessFacts[];
  /** Of a dump of a machine; `null` for any other. */
  readonly machine: MachineFacts | null;
  /** Sentences an analyst must know: what the dump cannot say, what was cut, what was odd. */
  readonly notes: readonly string[];
  /** Anything else by name, as text. */
  readonly more: Readonly<Record<string, string>>;
}
