/** Which snapshot to compare with: those of the same container first, in order of time. */
import { useCallback, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import { useLibrary } from "../../api/index.ts";
import { Button, Menu } from "../../controls/index.ts";

const MOST = 16;

export function CompareMenu({ detail }: { detail: SnapshotDetail }) {
  const { data } = useLibrary();
  const [, navigate] = useLocation();
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const button = useRef<HTMLSpanElement>(null);
  const close = useCallback(() => setAt(null), []);
  const container = data?.containers.find((candidate) => candidate.name === detail.container);
  const own = container?.snapshots ?? [];
  const here = own.findIndex((snapshot) => snapshot.snapshot === detail.snapshot);
  const unavailable = data && own.length < 2 ? `${detail.container} has one snapshot` : undefined;
  // An earlier snapshot is A, a later one is B.
  const items = own
    .flatMap((snapshot, index) =>
      index === here
        ? []
        : [
            {
              title: index < here ? `${snapshot.name} → ${detail.name}` : `${detail.name} → ${snapshot.name}`,
              run: () =>
                navigate(
                  index < here
                    ? `/compare/${snapshot.snapshot}/${detail.snapshot}`
                    : `/compare/${detail.snapshot}/${snapshot.snapshot}`,
                ),
            },
          ],
    )
    .slice(0, MOST);
  return (
    <span ref={button}>
      <Button
        unavailable={unavailable}
        onPress={() => {
          const box = button.current?.getBoundingClientRect();
          if (box) setAt({ x: box.left, y: box.bottom + 4 });
        }}
      >
        Compare…
      </Button>
      {at && <Menu label="Compare with" at={at} items={items} onClose={close} />}
    </span>
  );
}
