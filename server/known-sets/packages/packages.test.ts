import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expected, samplePath, temporaryFolder } from "../../../test/ingest/temporary-store.ts";
import { createPackageFinder } from "./index.ts";
import { resolverOf } from "./links.ts";
import { readRpmHeader } from "./rpm-header.ts";

/** `kind name version` of the owner of each path, by the databases in `files`. */
function owners(
  files: Readonly<Record<string, string | Uint8Array>>,
  links: Readonly<Record<string, string>> = {},
): { of(path: string): string | undefined; notes: readonly string[] } {
  const finder = createPackageFinder(temporaryFolder());
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    if (finder.wants(name, bytes.length)) finder.take(name, bytes);
  }
  const { packages, packageOf, notes } = finder.owners(new Map(Object.entries(links)));
  return {
    of(place) {
      const index = packageOf(place);
      return index < 0 ? undefined : Object.values(packages[index]).join(" ");
    },
    notes,
  };
}

const STATUS = `Package: libc6
Status: install ok installed
Architecture: amd64
Multi-Arch: same
Description: the library
 Package: not-this
Version: 2.36-9

Package: dash
Status: install ok installed
Architecture: amd64
Version: 0.5.12-2

Package: coreutils
Architecture: amd64
Version: 9.1-1
`;

describe("dpkg", () => {
  const found = () =>
    owners(
      {
        "/var/lib/dpkg/status": STATUS,
        "/var/lib/dpkg/info/libc6:amd64.list":
          "/.\n/lib\n/lib/x86_64-linux-gnu/libc.so.6\n/usr/share/doc/libc6/copyright\n",
        "/var/lib/dpkg/info/dash.list": "/bin/sh\n/bin/dash\n",
        "/var/lib/dpkg/info/coreutils.list": "/bin/sh\n/bin/ls\n",
        "/var/lib/dpkg/info/gone.list": "/bin/gone\n",
        "/var/lib/dpkg/diversions": "/bin/sh\n/bin/sh.distrib\ndash\n",
      },
      { "/lib": "usr/lib", "/bin": "/usr/bin" },
    );
  test.each([
    // The lists name /lib, the file lies under /usr/lib: the image's own link joins them.
    ["/usr/lib/x86_64-linux-gnu/libc.so.6", "dpkg libc6 2.36-9"],
    ["/usr/share/doc/libc6/copyright", "dpkg libc6 2.36-9"],
    ["/usr/bin/dash", "dpkg dash 0.5.12-2"],
    ["/usr/bin/sh", "dpkg dash 0.5.12-2"],
    ["/usr/bin/sh.distrib", "dpkg coreutils 9.1-1"],
    ["/usr/bin/gone", undefined],
    ["/usr/bin/other", undefined],
  ])("%s", (place, owner) => {
    expect(found().of(place)).toBe(owner);
  });

  test("an image without a package manager has a paragraph and sums for each package", () => {
    const distroless = owners(
      {
        "/var/lib/dpkg/status.d/libssl3": "Package: libssl3\nVersion: 3.0.1\nArchitecture: amd64\n",
        "/var/lib/dpkg/status.d/libssl3.md5sums": `${"0".repeat(32)}  usr/lib/x86_64-linux-gnu/libssl.so.3\n`,
        "/var/lib/dpkg/status.d/bad": "no paragraph",
      },
      {},
    );
    expect(distroless.of("/usr/lib/x86_64-linux-gnu/libssl.so.3")).toBe("dpkg libssl3 3.0.1");
  });
});

test("apk: stanzas of directories and files", () => {
  const found = owners(
    {
      "/lib/apk/db/installed":
        "C:Q1=\nP:musl\nV:1.2.5-r0\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nF:\nR:top\n\nP:busybox\nV:1.36\nF:bin\nR:busybox\n",
    },
    { "/lib": "usr/lib" },
  );
  expect(found.of("/usr/lib/ld-musl-x86_64.so.1")).toBe("apk musl 1.2.5-r0");
  expect(found.of("/top")).toBe("apk musl 1.2.5-r0");
  expect(found.of("/bin/busybox")).toBe("apk busybox 1.36");
});

describe("rpm", () => {
  const truth = expected<{
    "rpmdb.sqlite.gz": { packages: Record<string, { version: string; files: readonly string[] }> };
  }>("images")["rpmdb.sqlite.gz"].packages;
  const database = gunzipSync(readFileSync(samplePath("images", "rpmdb.sqlite.gz")));

  test.each(["/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/rpmdb.sqlite"])(
    "rpm's own database at %s",
    (place) => {
      const found = owners({ [place]: database, [`${place}-wal`]: "" }, { "/lib64": "usr/lib64" });
      expect(found.notes).toEqual([]);
      expect(Object.keys(truth).length).toBe(2);
      for (const [name, { version, files }] of Object.entries(truth)) {
        expect(files.length).toBeGreaterThan(0);
        for (const file of files)
          expect(found.of(file.replace(/^\/lib64/, "/usr/lib64"))).toBe(`rpm ${name} ${version}`);
      }
    },
  );

  test("a database that is none, or that would run something, is noted and not read", () => {
    expect(owners({ "/var/lib/rpm/rpmdb.sqlite": "no database ".repeat(100) }).notes).toEqual([
      expect.stringContaining("/var/lib/rpm/rpmdb.sqlite cannot be read"),
    ]);
    const file = path.join(temporaryFolder(), "hostile.sqlite");
    const made = new DatabaseSync(file);
    made.exec(
      "CREATE VIEW Packages AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS hnum, zeroblob(9) AS blob FROM n",
    );
    made.close();
    expect(owners({ "/var/lib/rpm/rpmdb.sqlite": readFileSync(file) }).notes).toEqual([
      "The rpm database /var/lib/rpm/rpmdb.sqlite cannot be read: it has no table of packages in rpm's form.",
    ]);
  });

  test("a header with a list of more than a million files is none", () => {
    const header = (count: number) => {
      const blob = Buffer.alloc(8 + 3 * 16 + count);
      blob.writeUInt32BE(3, 0);
      blob.writeUInt32BE(count, 4);
      for (const [i, [tag, type, entries]] of [
        [1000, 6, 1],
        [1001, 6, 1],
        [1117, 8, count],
      ].entries()) {
        blob.writeUInt32BE(tag, 8 + i * 16);
        blob.writeUInt32BE(type, 12 + i * 16);
        blob.writeUInt32BE(entries, 20 + i * 16);
      }
      return readRpmHeader(blob);
    };
    expect([...(header(1000)?.files ?? [])].length).toBe(1000);
    expect(header(1_000_001)).toBeUndefined();
  });

  test("whatever a header says, nothing outside it is read", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readRpmHeader(bytes);
      }),
    );
    const file = path.join(temporaryFolder(), "rpmdb.sqlite");
    writeFileSync(file, database);
    const opened = new DatabaseSync(file);
    const { blob } = opened.prepare("SELECT blob FROM Packages LIMIT 1").get() ?? {};
    opened.close();
    const header = blob as Uint8Array;
    expect(readRpmHeader(header)?.package.kind).toBe("rpm");
    fc.assert(
      fc.property(fc.nat(header.length - 1), fc.nat(255), (at, value) => {
        const damaged = Uint8Array.from(header);
        damaged[at] = value;
        readRpmHeader(damaged);
      }),
    );
  });
});

test("python: RECORD names files from the directory above, METADATA the package", () => {
  const site = "/usr/lib/python3/site-packages";
  const found = owners({
    [`${site}/numpy-1.2.dist-info/METADATA`]: "Metadata-Version: 2.1\nName: numpy\nVersion: 1.2\n\nName: not-this\n",
    [`${site}/numpy-1.2.dist-info/RECORD`]:
      'numpy/core.so,sha256=x,12\n"numpy/a,b.so",,\n../../../bin/f2py,sha256=y,3\n',
  });
  expect(found.of(`${site}/numpy/core.so`)).toBe("python numpy 1.2");
  expect(found.of(`${site}/numpy/a,b.so`)).toBe("python numpy 1.2");
  expect(found.of("/usr/bin/f2py")).toBe("python numpy 1.2");
});

test("node: the innermost folder of node_modules with a package in it", () => {
  const json = (name: string, version: string) => JSON.stringify({ name, version });
  const found = owners({
    "/app/node_modules/a/package.json": json("a", "1.0.0"),
    "/app/node_modules/a/node_modules/@s/b/package.json": json("@s/b", "2.0.0"),
    "/app/node_modules/a/dist/esm/package.json": '{"type":"module"}',
    "/app/node_modules/broken/package.json": "{",
    "/app/package.json": json("app", "9.9.9"),
  });
  expect(found.of("/app/node_modules/a/dist/x.node")).toBe("node a 1.0.0");
  expect(found.of("/app/node_modules/a/node_modules/@s/b/y.node")).toBe("node @s/b 2.0.0");
  expect(found.of("/app/node_modules/a/node_modules/c/z.js")).toBe("node a 1.0.0");
  expect(found.of("/app/node_modules/broken/x")).toBeUndefined();
  expect(found.of("/app/index.js")).toBeUndefined();
});

test("a system's package goes before a language's", () => {
  const found = owners({
    "/var/lib/dpkg/status": "Package: python3-six\nVersion: 1.16-4\nArchitecture: all\n",
    "/var/lib/dpkg/info/python3-six.list": "/usr/lib/python3/dist-packages/six.py\n",
    "/usr/lib/python3/dist-packages/six-1.16.dist-info/METADATA": "Name: six\nVersion: 1.16\n",
    "/usr/lib/python3/dist-packages/six-1.16.dist-info/RECORD": "six.py,,\n",
  });
  expect(found.of("/usr/lib/python3/dist-packages/six.py")).toBe("dpkg python3-six 1.16-4");
});

describe("links", () => {
  test.each([
    ["/lib/x/y.so", "/usr/lib/x/y.so"],
    ["/usr/lib/y.so", "/usr/lib/y.so"],
    ["/a/f", "/usr/lib/f"],
    ["/up/f", "/f"],
    ["/usr/lib/l.so", "/usr/lib/l.so.1"],
    ["/loop/f", undefined],
    ["/usr/lib/../lib/z", "/usr/lib/z"],
  ])("%s is %s", (from, to) => {
    const links = new Map([
      ["/lib", "usr/lib"],
      ["/a", "/lib"],
      ["/up", "../../.."],
      ["/usr/lib/l.so", "l.so.1"],
      ["/loop", "pool"],
      ["/pool", "loop"],
    ]);
    expect(resolverOf(links)(from)).toBe(to);
  });

  test("no set of links holds the resolver up, and what it gives has no link in it", () => {
    const part = fc.constantFrom("a", "b", "c");
    const place = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
    const target = fc.array(fc.constantFrom("a", "b", "..", "."), { maxLength: 4 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(fc.dictionary(place, target), place, (links, from) => {
        const map = new Map(Object.entries(links));
        const to = resolverOf(map)(from);
        if (to === undefined) return;
        const parts = to.split("/").slice(1);
        for (let i = 1; i <= parts.length; i++) expect(map.has(`/${parts.slice(0, i).join("/")}`)).toBe(false);
      }),
    );
  });
});
