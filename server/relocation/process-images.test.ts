import { expect, test } from "vitest";
import { describeElf } from "./describe-elf.ts";
import { imagesOfProcess } from "./process-images.ts";
import { elfSample, mappingOf, mappingsOf } from "./samples.testing.ts";

const library = describeElf(elfSample("x86-64-lazy.so").content)!;
const program = describeElf(elfSample("x86-64-executable").content)!;
const images = new Map([
  ["/bin/program", program],
  ["/lib/library.so", library],
]);
const BASE = 0x10_0000;

const onceMore = mappingOf(0x7000_0000, 0x7000_1000, "r--p", { path: "/lib/library.so", offset: 0 });
const text = mappingOf(0x8000_0000, 0x8000_1000, "r--p", { path: "/etc/passwd" });
const heap = mappingOf(0x9000_0000, 0x9000_1000, "rw-p", { kind: "heap" });
const inLibrary = mappingsOf(library, BASE, "/lib/library.so");
const inProgram = mappingsOf(program, 0, "/bin/program");
const all = [heap, text, onceMore, ...inLibrary, ...inProgram];

test("the program comes first wherever it is mapped, and each mapping has the image and base it belongs to", () => {
  const { scope, memberOf } = imagesOfProcess(all, "/bin/program", (path) => images.get(path));
  expect(scope.members.map(({ path, base }) => `${path} ${base}`)).toEqual([
    "/bin/program 0",
    `/lib/library.so ${BASE}`,
  ]);
  expect(all.map((mapping) => memberOf.get(mapping)?.base)).toEqual([
    undefined,
    undefined,
    // Read as data: verified, but it defines nothing.
    0x7000_0000,
    ...inLibrary.map(() => BASE),
    ...inProgram.map(() => 0),
  ]);
});

test("without its name the program is the file that is mapped lowest", () => {
  const moved = inProgram.map((mapping) => mapping);
  expect(imagesOfProcess([...moved, ...inLibrary], null, (path) => images.get(path)).scope.members[0].path).toBe(
    "/lib/library.so",
  );
});
