/**
 * What the engine wrote beside the images: config.dump and spec.dump. JSON of a dump is read field by field and with
 * limits; a field of the wrong type counts as not said, because a strange label is no reason to refuse memory.
 * @see docs/formats/criu.md#archives
 */
import { z } from "zod";
import type { Facts } from "../../../shared/snapshot/index.ts";
import type { ByteSource } from "../contract.ts";
import type { TarIndex, TarMember } from "../tar/index.ts";
import { utcTime } from "../text.ts";

/** podman's config.dump has 4 KiB; a long environment may make it some hundred. */
const JSON_LIMIT = 16 * 1024 * 1024;
const TEXT_LIMIT = 4096;

const label = z.string().min(1).max(TEXT_LIMIT).optional().catch(undefined);

const CONFIG = z.object({
  id: label,
  name: label,
  rootfsImage: label,
  rootfsImageRef: label,
  rootfsImageName: label,
  rootfsImageID: label,
  runtime: label,
  createdTime: label,
  checkpointedTime: label,
  restoredTime: label,
});

const ANNOTATIONS = z.record(z.string(), z.unknown());
const SPEC = z.object({ annotations: ANNOTATIONS.optional().catch(undefined), hostname: label });

export interface ContainerFacts {
  readonly engine: string | null;
  readonly containerId: string | null;
  readonly containerName: string | null;
  readonly imageName: string | null;
  readonly imageId: string | null;
  readonly containerCreatedAt: string | null;
  readonly checkpointedAt: Facts["checkpointedAt"];
  readonly notes: readonly string[];
  readonly more: Readonly<Record<string, string>>;
}

/** Annotations worth showing, by the engines' names for them. */
const SHOWN: Readonly<Record<string, string>> = {
  "io.kubernetes.pod.name": "pod",
  "io.kubernetes.pod.namespace": "pod namespace",
  "io.kubernetes.pod.uid": "pod uid",
  "io.kubernetes.container.name": "container in the pod",
  "io.kubernetes.cri.sandbox-name": "pod",
  "io.kubernetes.cri.sandbox-namespace": "pod namespace",
  "io.kubernetes.cri.container-name": "container in the pod",
  "io.kubernetes.cri-o.IP.0": "address of the pod",
};

/** Members that only containerd's archives have. */
const CONTAINERD_MEMBERS = ["status.dump", "container.log"];

/** @param inventory gives the time of the dump when nothing else does. */
export async function readContainerFacts(
  source: ByteSource,
  archive: TarIndex,
  inventory: TarMember | undefined,
): Promise<ContainerFacts> {
  const notes: string[] = [];
  const config = await readJson(source, archive, "config.dump", CONFIG, notes);
  const spec = await readJson(source, archive, "spec.dump", SPEC, notes);
  const annotations = new Map<string, string>();
  for (const [key, value] of Object.entries(spec?.annotations ?? {})) {
    if (typeof value === "string" && value.length <= TEXT_LIMIT) annotations.set(key, value);
  }
  const more: Record<string, string> = {};
  for (const [key, name] of Object.entries(SHOWN)) {
    const value = annotations.get(key);
    if (value !== undefined && value !== "") more[name] = value;
  }
  if (config?.runtime !== undefined) more.runtime = config.runtime;
  if (config?.rootfsImage !== undefined) more["image as asked for"] = config.rootfsImage;
  if (spec?.hostname !== undefined) more.hostname = spec.hostname;
  const restored = utcTime(config?.restoredTime);
  if (restored !== null) more["restored at"] = restored;
  return {
    engine: engineOf(annotations, archive, config !== null),
    containerId: config?.id ?? null,
    containerName: config?.name ?? null,
    imageName: config?.rootfsImageName ?? config?.rootfsImage ?? null,
    imageId: config?.rootfsImageID ?? config?.rootfsImageRef ?? null,
    containerCreatedAt: utcTime(config?.createdTime),
    checkpointedAt: checkpointTime(utcTime(config?.checkpointedTime), inventory),
    notes,
    more,
  };
}

function checkpointTime(stated: string | null, inventory: TarMember | undefined): Facts["checkpointedAt"] {
  if (stated !== null) return { at: stated, from: "checkpointedTime" };
  const at = inventory?.modifiedAt ?? null;
  // A time of 0 is what reproducible archives write for "none".
  if (at === null || at.startsWith("1970-01-01T00:00:00")) return { at: null, from: "unknown" };
  return { at, from: "time of inventory.img" };
}

function engineOf(annotations: ReadonlyMap<string, string>, archive: TarIndex, hasConfig: boolean): string | null {
  const manager = annotations.get("io.container.manager");
  if (manager === "libpod") return "podman";
  if (manager === "cri-o") return "CRI-O";
  const containerd = [...annotations.keys()].some((key) => key.startsWith("io.kubernetes.cri."));
  if (containerd || (hasConfig && CONTAINERD_MEMBERS.some((name) => archive.get(name) !== undefined))) {
    return "containerd";
  }
  return null;
}

async function readJson<T>(
  source: ByteSource,
  archive: TarIndex,
  name: string,
  schema: z.ZodType<T>,
  notes: string[],
): Promise<T | null> {
  const member = archive.file(name);
  if (member === undefined) return null;
  if (member.size > JSON_LIMIT) {
    notes.push(`${name} has ${member.size} bytes and was not read; the limit is ${JSON_LIMIT}.`);
    return null;
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(await source.read(member.offset, member.stored)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    notes.push(`${name} is not valid JSON: what it would say is not known.`);
    return null;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) notes.push(`${name} does not hold an object: what it would say is not known.`);
  return parsed.success ? parsed.data : null;
}
