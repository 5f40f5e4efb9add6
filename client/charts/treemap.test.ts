import fc from "fast-check";
import { expect, test } from "vitest";
import { layTreemap, leafAt, leafBeside, type Treemap, type TreemapGroup } from "./treemap.ts";

const groups: fc.Arbitrary<TreemapGroup[]> = fc
  .array(fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000 })), { maxLength: 60 }), { maxLength: 8 })
  .map((sizes) => {
    let mapping = 0;
    return sizes.map((members, index) => ({
      name: `p${index}`,
      members: members.map((size) => ({ mapping: mapping++, size })),
    }));
  });

function areaOf({ left, top, right, bottom }: Treemap["leaves"][number]): number {
  return (right - left) * (bottom - top);
}

test("every mapping with a size is a rectangle of its own in its group, or counted as unseen", () => {
  fc.assert(
    fc.property(
      groups,
      fc.integer({ min: 100, max: 900 }),
      fc.integer({ min: 100, max: 700 }),
      (all, width, height) => {
        const map = layTreemap(all, width, height);
        const sized = all.flatMap(({ members }) =>
          members.filter(({ size }) => size > 0).map(({ mapping }) => mapping),
        );
        expect(map.leaves.length + map.unseen).toBe(sized.length);
        const covered = new Uint8Array(width * height);
        for (const leaf of map.leaves) {
          expect(sized).toContain(leaf.mapping);
          expect(all[leaf.group].members.some(({ mapping }) => mapping === leaf.mapping)).toBe(true);
          const group = map.groups.find(({ index }) => index === leaf.group)!;
          expect(leaf.left >= group.left && leaf.right <= group.right).toBe(true);
          expect(leaf.top >= group.top && leaf.bottom <= group.bottom).toBe(true);
          for (let y = leaf.top; y < leaf.bottom; y++)
            for (let x = leaf.left; x < leaf.right; x++) covered[y * width + x]++;
        }
        expect(covered.every((count) => count <= 1)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test("areas are in proportion to sizes", () => {
  const map = layTreemap(
    [{ name: "p1", members: [600, 300, 100].map((size, mapping) => ({ mapping, size })) }],
    1000,
    618,
  );
  const total = map.leaves.reduce((sum, leaf) => sum + areaOf(leaf), 0);
  const shares = map.leaves.map((leaf) => areaOf(leaf) / total);
  expect(shares[0]).toBeCloseTo(0.6, 1);
  expect(shares[1]).toBeCloseTo(0.3, 1);
  expect(shares[2]).toBeCloseTo(0.1, 1);
});

test("66,500 mappings are laid, and each is seen or counted", () => {
  const members = Array.from({ length: 66_500 }, (_, mapping) => ({ mapping, size: 1 }));
  const map = layTreemap([{ name: "many", members }], 1000, 600);
  expect(map.leaves.length + map.unseen).toBe(66_500);
  expect(map.leaves.length).toBeGreaterThan(60_000);
});

test("arrows reach every rectangle, and what is under a point is found", () => {
  const map = layTreemap(
    [
      { name: "p1", members: [50, 40, 30, 20, 10].map((size, mapping) => ({ mapping, size })) },
      { name: "p2", members: [25, 15, 5].map((size, n) => ({ mapping: 5 + n, size })) },
    ],
    640,
    400,
  );
  const reached = new Set([map.leaves[0]]);
  for (const leaf of reached)
    for (const [right, down] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      const next = leafBeside(map, leaf, right, down);
      if (next) reached.add(next);
    }
  expect(reached.size).toBe(8);
  for (const leaf of map.leaves) expect(leafAt(map, leaf.left, leaf.bottom - 1)).toBe(leaf);
});
