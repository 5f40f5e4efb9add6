/** Paths of a file system resolved through its own symbolic links, inside its own root. */

/** As the kernel: more links on one way lead nowhere. */
const LINKS_LIMIT = 40;
const PATH_LIMIT = 4096;

/**
 * @param links path → what the link says
 * @returns the path without links (`/lib/x` → `/usr/lib/x`); `undefined` when it leads round in circles
 */
export function resolverOf(links: ReadonlyMap<string, string>): (path: string) => string | undefined {
  // Thousands of files of a package share their directories.
  const directories = new Map<string, string | undefined>();

  function resolveDirectory(path: string): string | undefined {
    if (!directories.has(path)) directories.set(path, resolve(path));
    return directories.get(path);
  }

  function resolve(path: string): string | undefined {
    let left = path.split("/").filter((part) => part !== "" && part !== ".");
    let done: string[] = [];
    for (let followed = 0; left.length > 0; ) {
      const [part, ...rest] = left;
      left = rest;
      if (part === "..") {
        done.pop();
        continue;
      }
      const target = links.get(`/${[...done, part].join("/")}`);
      if (target === undefined) {
        done.push(part);
        continue;
      }
      if (++followed > LINKS_LIMIT || target.length > PATH_LIMIT || left.length > PATH_LIMIT) return undefined;
      if (target.startsWith("/")) done = [];
      left = [...target.split("/").filter((piece) => piece !== "" && piece !== "."), ...left];
    }
    return `/${done.join("/")}`;
  }

  return (path) => {
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    if (name === "" || name === "." || name === "..") return resolveDirectory(path);
    const directory = resolveDirectory(path.slice(0, slash));
    if (directory === undefined) return undefined;
    const resolved = directory === "/" ? `/${name}` : `${directory}/${name}`;
    return links.has(resolved) ? resolve(resolved) : resolved;
  };
}
