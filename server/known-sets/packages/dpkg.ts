/**
 * dpkg: `/var/lib/dpkg/status` names packages, `info/NAME.list` their files; images without a package manager
 * (distroless) have `status.d/NAME` and `status.d/NAME.md5sums` instead.
 * @see man 1 dpkg-query, man 1 dpkg-divert
 */
import type { KnownPackage } from "../known-set.ts";
import { fieldsOf, type PackageDatabase, textOf } from "./database.ts";

const ROOT = "/var/lib/dpkg/";
const LIST = /^info\/([^/]+)\.list$/;
const SUMS = /^status\.d\/([^/]+)\.md5sums$/;
const PARAGRAPH = /^status\.d\/([^/]+)$/;

interface Diversion {
  readonly to: string;
  /** The package whose own file stays in place. */
  readonly by: string;
}

export function dpkgDatabase(): PackageDatabase {
  const files = new Map<string, Uint8Array>();
  return {
    wants(path) {
      if (!path.startsWith(ROOT)) return false;
      const rest = path.slice(ROOT.length);
      return rest === "status" || rest === "diversions" || LIST.test(rest) || PARAGRAPH.test(rest);
    },
    take: (path, bytes) => void files.set(path.slice(ROOT.length), bytes),
    *packages() {
      const diversions = diversionsOf(textOf(files.get("diversions") ?? new Uint8Array(0)));
      const byName = new Map<string, KnownPackage>();
      for (const paragraph of textOf(files.get("status") ?? new Uint8Array(0)).split(/\n\n+/)) {
        const found = packageOf(paragraph);
        if (!found) continue;
        byName.set(`${found.package.name}:${found.architecture}`, found.package);
        // One that cannot be installed twice has its list without an architecture.
        byName.set(found.package.name, found.package);
      }
      for (const [name, bytes] of files) {
        const owner = byName.get(LIST.exec(name)?.[1] ?? "");
        if (owner) yield { package: owner, files: listed(textOf(bytes), owner.name, diversions) };
        const sums = SUMS.exec(name)?.[1];
        const paragraph = sums === undefined ? undefined : files.get(`status.d/${sums}`);
        const distroless = paragraph && packageOf(textOf(paragraph));
        if (distroless) yield { package: distroless.package, files: summed(textOf(bytes)) };
      }
    },
  } satisfies PackageDatabase;
}

function packageOf(paragraph: string): { readonly package: KnownPackage; readonly architecture: string } | undefined {
  const fields = fieldsOf(paragraph);
  const name = fields.get("Package");
  const version = fields.get("Version");
  if (name === undefined || version === undefined) return undefined;
  return { package: { kind: "dpkg", name, version }, architecture: fields.get("Architecture") ?? "" };
}

function* listed(text: string, owner: string, diversions: ReadonlyMap<string, Diversion>): Generator<string> {
  for (const line of text.split("\n")) {
    if (line === "" || line === "/.") continue;
    const diversion = diversions.get(line);
    yield diversion && diversion.by !== owner ? diversion.to : line;
  }
}

/** Lines of md5sum: 32 digits, two characters, the path without its first slash. */
function* summed(text: string): Generator<string> {
  for (const line of text.split("\n")) if (line.length > 34) yield `/${line.slice(34).replace(/^\.?\//, "")}`;
}

/** Three lines each: from, to, by. A local diversion (`:`) is by nobody. */
function diversionsOf(text: string): ReadonlyMap<string, Diversion> {
  const lines = text.split("\n");
  const diversions = new Map<string, Diversion>();
  for (let i = 0; i + 2 < lines.length; i += 3) diversions.set(lines[i], { to: lines[i + 1], by: lines[i + 2] });
  return diversions;
}
