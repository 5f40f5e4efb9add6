/**
 * The root directory that an image's layers make together: names only, one layer after the other, bottom first.
 * Nothing is followed: a path below a symbolic link is a path of its own, as in the layer.
 * @see docs/formats/image.md
 */

/** A regular file's bytes: member `index` of layer `layer`. Hard links share one. */
export interface FileContent {
  readonly layer: number;
  readonly index: number;
  readonly size: number;
}

export type LayerEntry =
  | { readonly kind: "file"; readonly path: string; readonly content: FileContent }
  | { readonly kind: "hard link"; readonly path: string; readonly target: string }
  | { readonly kind: "symbolic link"; readonly path: string; readonly target: string }
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "other"; readonly path: string };

type Node =
  | { readonly kind: "file"; readonly content: FileContent }
  | { readonly kind: "symbolic link"; readonly target: string }
  | { readonly kind: "other" }
  | Directory;
interface Directory {
  readonly kind: "directory";
  readonly children: Map<string, Node>;
}

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

export class MergedRoot {
  readonly #root: Directory = { kind: "directory", children: new Map() };
  readonly notes: string[] = [];

  /** Applies one layer over those applied before. Paths are without leading `/`, `./`, `..` and doubled `/`. */
  applyLayer(entries: readonly LayerEntry[]): void {
    // Whiteouts hide what lower layers have, never what this one has, wherever they stand in it.
    for (const { path } of entries) {
      const slash = path.lastIndexOf("/");
      const name = path.slice(slash + 1);
      if (!name.startsWith(WHITEOUT)) continue;
      const directory = this.#directory(path.slice(0, Math.max(0, slash)));
      if (directory === undefined) continue;
      if (name === OPAQUE) directory.children.clear();
      else directory.children.delete(name.slice(WHITEOUT.length));
    }
    for (const entry of entries) {
      if (entry.path.slice(entry.path.lastIndexOf("/") + 1).startsWith(WHITEOUT)) continue;
      this.#add(entry);
    }
  }

  /** Regular files by their bytes, each with all its paths (`/usr/bin/x`), sorted; symbolic links by path. */
  contents(): { readonly files: Map<FileContent, string[]>; readonly links: Map<string, string> } {
    const files = new Map<FileContent, string[]>();
    const links = new Map<string, string>();
    const open: { directory: Directory; path: string }[] = [{ directory: this.#root, path: "" }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const [name, node] of next.directory.children) {
        const path = `${next.path}/${name}`;
        if (node.kind === "directory") open.push({ directory: node, path });
        else if (node.kind === "symbolic link") links.set(path, node.target);
        else if (node.kind === "file") {
          const paths = files.get(node.content);
          if (paths === undefined) files.set(node.content, [path]);
          else paths.push(path);
        }
      }
    }
    for (const paths of files.values()) paths.sort();
    return { files, links };
  }

  #add(entry: LayerEntry): void {
    if (entry.path === "") return;
    const parts = entry.path.split("/");
    const name = parts[parts.length - 1];
    let node: Node;
    switch (entry.kind) {
      case "file":
        node = { kind: "file", content: entry.content };
        break;
      case "hard link": {
        const target = this.#find(entry.target);
        if (target?.kind !== "file") {
          this.notes.push(`/${entry.path} is a hard link to /${entry.target}, which is no file of the image.`);
          return;
        }
        node = target;
        break;
      }
      case "directory": {
        const there = this.#find(entry.path);
        if (there?.kind === "directory") return;
        node = { kind: "directory", children: new Map() };
        break;
      }
      case "symbolic link":
        node = { kind: "symbolic link", target: entry.target };
        break;
      case "other":
        node = { kind: "other" };
        break;
      default:
        entry satisfies never;
        return;
    }
    let directory = this.#root;
    for (let i = 0; i < parts.length - 1; i++) {
      let child = directory.children.get(parts[i]);
      if (child?.kind !== "directory") {
        child = { kind: "directory", children: new Map() };
        directory.children.set(parts[i], child);
      }
      directory = child;
    }
    directory.children.set(name, node);
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const part of path === "" ? [] : path.split("/")) {
      if (node?.kind !== "directory") return undefined;
      node = node.children.get(part);
    }
    return node;
  }

  #directory(path: string): Directory | undefined {
    const node = this.#find(path);
    return node?.kind === "directory" ? node : undefined;
  }
}
