/**
 * Finds an image's layers in an archive: OCI layout (`index.json`, `blobs/…`) or docker archive (`manifest.json`).
 * Some tools write both forms into one tar; the OCI one is read then.
 * @see docs/formats/image.md
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { DumpError } from "../../../shared/errors/index.ts";
import type { ByteSource, TarIndex, TarMember } from "../../readers/index.ts";

/** Manifests have a few KiB; an index of many platforms some hundred. */
const JSON_LIMIT = 16 * 1024 * 1024;
/** An index in an index in an index. */
const INDEX_DEPTH = 4;
/** overlayfs takes 500 lower directories at most, docker makes 127 layers at most. */
const LAYERS_LIMIT = 1000;

const digest = z.string().regex(/^[a-z0-9]+:[0-9a-f]{32,128}$/);
const DESCRIPTOR = z.object({
  digest,
  mediaType: z.string().optional(),
  platform: z.object({ os: z.string().optional() }).optional().catch(undefined),
});
const OCI_INDEX = z.object({ manifests: z.array(DESCRIPTOR).max(10_000) });
const OCI_MANIFEST = z.object({
  config: z.object({ digest }),
  layers: z.array(z.object({ digest })).max(LAYERS_LIMIT),
});
const DOCKER_MANIFEST = z
  .array(
    z.object({
      Config: z.string(),
      Layers: z.array(z.string()).max(LAYERS_LIMIT),
    }),
  )
  .min(1);

export interface ImageLayer {
  /** Where its bytes lie in the archive. */
  readonly member: Pick<TarMember, "name" | "offset" | "size">;
  /** `sha256:…` as the manifest states it; `null` in a docker archive, which states none. */
  readonly digest: string | null;
}

export interface ImageLayers {
  readonly kind: "OCI image" | "docker image" | "root file system";
  /** `sha256:…` of the configuration: the image's id. A root file system has none. */
  readonly configDigest: string | null;
  /** Bottom first. */
  readonly layers: readonly ImageLayer[];
  readonly notes: readonly string[];
}

/** @throws DumpError `no-image` when the archive is no image, `image-damaged` when parts of it are missing. */
export async function findLayers(source: ByteSource, archive: TarIndex): Promise<ImageLayers> {
  if (archive.file("index.json") !== undefined) return findOciLayers(source, archive);
  if (archive.file("manifest.json") !== undefined) return findDockerLayers(source, archive);
  throw new DumpError("no-image", "The archive is no container image: it holds neither index.json nor manifest.json", {
    members: archive.members.length,
  });
}

async function findOciLayers(source: ByteSource, archive: TarIndex): Promise<ImageLayers> {
  const notes: string[] = [];
  let member = archive.file("index.json");
  for (let depth = 0; depth < INDEX_DEPTH && member !== undefined; depth++) {
    const json = await readJson(source, member);
    const manifest = OCI_MANIFEST.safeParse(json);
    if (manifest.success) {
      const config = await blob(source, archive, manifest.data.config.digest, notes);
      const layers: ImageLayer[] = [];
      for (const layer of manifest.data.layers) {
        layers.push({ member: blobMember(archive, layer.digest), digest: layer.digest });
      }
      return { kind: "OCI image", configDigest: config.digest, layers, notes };
    }
    const index = OCI_INDEX.safeParse(json);
    if (!index.success) break;
    // Attestations are listed as manifests of the platform "unknown".
    const images = index.data.manifests.filter(({ platform }) => platform?.os !== "unknown");
    if (images.length === 0) break;
    if (images.length > 1) notes.push(`The index lists ${images.length} images; the first one was read.`);
    member = (await blob(source, archive, images[0].digest, notes)).member;
  }
  throw new DumpError("image-damaged", "The image's index leads to no manifest with a configuration and layers", {
    member: "index.json",
  });
}

async function findDockerLayers(source: ByteSource, archive: TarIndex): Promise<ImageLayers> {
  const manifest = DOCKER_MANIFEST.safeParse(await readJson(source, need(archive, "manifest.json")));
  if (!manifest.success) {
    throw new DumpError("image-damaged", "The image's manifest.json lists no configuration and layers", {
      member: "manifest.json",
    });
  }
  const notes: string[] = [];
  const images = manifest.data;
  if (images.length > 1) notes.push(`The archive holds ${images.length} images; the first one was read.`);
  const config = await readSmall(source, need(archive, images[0].Config));
  return {
    kind: "docker image",
    configDigest: `sha256:${createHash("sha256").update(config).digest("hex")}`,
    layers: images[0].Layers.map((name) => {
      // Newer docker names layers by their digest in the OCI manner.
      const hex = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name);
      return { member: need(archive, name), digest: hex === null ? null : `sha256:${hex[1]}` };
    }),
    notes,
  };
}

/** A small blob, with the digest of what is there; a difference to the digest in its name is evidence, not an end. */
async function blob(
  source: ByteSource,
  archive: TarIndex,
  stated: string,
  notes: string[],
): Promise<{ member: TarMember; digest: string }> {
  const member = blobMember(archive, stated);
  const actual = `sha256:${createHash("sha256")
    .update(await readSmall(source, member))
    .digest("hex")}`;
  if (stated.startsWith("sha256:") && stated !== actual) notes.push(digestNote(member.name, actual));
  return { member, digest: actual };
}

export function digestNote(name: string, actual: string): string {
  return `${name} does not have the digest it is named for; it has ${actual}.`;
}

function blobMember(archive: TarIndex, stated: string): TarMember {
  return need(archive, `blobs/${stated.replace(":", "/")}`);
}

function need(archive: TarIndex, name: string): TarMember {
  const member = archive.file(name);
  if (member === undefined) {
    throw new DumpError("image-damaged", `The image archive does not hold ${name}`, { member: name });
  }
  return member;
}

async function readSmall(source: ByteSource, member: TarMember): Promise<Uint8Array> {
  if (member.size > JSON_LIMIT) {
    throw new DumpError("limit-met", `${member.name} has ${member.size} bytes; the limit is ${JSON_LIMIT}`, {
      member: member.name,
      limit: JSON_LIMIT,
    });
  }
  return source.read(member.offset, member.size);
}

async function readJson(source: ByteSource, member: TarMember): Promise<unknown> {
  const bytes = await readSmall(source, member);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new DumpError("image-damaged", `${member.name} is not valid JSON`, { member: member.name }, { cause });
  }
}
