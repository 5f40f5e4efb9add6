/**
 * What is stripped, by package, file, mapping or process, the most first. A package leads to its files, a process to its
 * mappings; a file or a mapping is gone to in the picture. *Only* beside a row is a filter: its pages alone stay lit.
 */
import { type ReactNode, useState } from "react";
import type { ApiMapping, StripCounts, Stripping } from "../../../shared/api/index.ts";
import { formatIndices } from "../../../shared/channel/index.ts";
import { addressOfPage, formatAddress, type PageAddress } from "../../../shared/memory/index.ts";
import { Button, Segmented } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import { ownerOf } from "../sidebar/owner.ts";
import sidebar from "../sidebar/sidebar.module.css";
import { useListKeys } from "../sidebar/use-list-keys.ts";
import styles from "./stripped.module.css";
import { WayBar } from "./way-list.tsx";
import { allOf, byStripped, strippedOf, waysOf } from "./ways.ts";

const GROUPS = [
  { value: "package", title: "Package" },
  { value: "file", title: "File" },
  { value: "mapping", title: "Mapping" },
  { value: "process", title: "Process" },
] as const;
type Group = (typeof GROUPS)[number]["value"];

type Package = Stripping["byPackage"][number]["package"];

export interface SystemListsProps {
  readonly stripping: Stripping;
  readonly laid: readonly ApiMapping[];
  /** Index in `laid` of the selected mapping; -1 without one. */
  readonly current: number;
  /** What stays lit, as in `WayFilter`. */
  readonly within: string | null;
  readonly onWithin: (mappings: readonly number[]) => void;
  readonly onOpen: (mapping: number) => void;
  readonly onHover: (mapping: number | null) => void;
}

interface Row {
  readonly key: string;
  readonly name: string;
  /** Whose it is, where that is not the same of all. */
  readonly owner?: string;
  readonly about: string;
  readonly title?: string;
  readonly counts: StripCounts;
  /** Indices of its mappings, in address order. */
  readonly mappings: readonly number[];
  /** Whether a press goes to one of them. */
  readonly isPlace: boolean;
  readonly onPress: () => void;
}

export function SystemLists({ stripping, laid, current, within, onWithin, onOpen, onHover }: SystemListsProps) {
  const [group, setGroup] = useState<Group>(stripping.byPackage.length > 0 ? "package" : "file");
  const [owner, setOwner] = useState<Package | null>(null);
  const [pid, setPid] = useState<number | null>(null);
  const rows = rowsOf();
  const most = Math.max(1, ...rows.map(({ counts }) => allOf(counts)));
  const list = useListKeys();

  /** A file has several mappings: each click goes to the next one. */
  function openNext(mappings: readonly number[]) {
    if (mappings.length > 0) onOpen(mappings[(mappings.indexOf(current) + 1) % mappings.length]);
  }

  function mappingsOf(its: Package): readonly number[] {
    const files = new Set(stripping.byFile.flatMap((file) => (isSamePackage(file.package, its) ? [file.path] : [])));
    return indicesOf(laid, ({ kind, path }) => kind === "file" && path !== null && files.has(path));
  }

  function rowsOf(): readonly Row[] {
    switch (group) {
      case "package":
        return byStripped(stripping.byPackage).map((counts) => ({
          key: packageName(counts.package),
          name: counts.package.name,
          about: `${counts.package.version}, ${counts.package.kind}, ${formatPlural(counts.files, "file")}`,
          counts,
          mappings: mappingsOf(counts.package),
          isPlace: false,
          onPress: () => {
            setOwner(counts.package);
            setGroup("file");
          },
        }));
      case "file":
        return byStripped(stripping.byFile)
          .filter((file) => owner === null || isSamePackage(file.package, owner))
          .map((counts) => {
            const mappings = indicesOf(laid, (mapping) => mapping.kind === "file" && mapping.path === counts.path);
            return {
              key: counts.path,
              name: lastName(counts.path),
              about: fileAbout(counts),
              title: `${counts.path}${counts.buildId === null ? "" : `\nbuild-id ${counts.buildId}`}`,
              counts,
              mappings,
              isPlace: true,
              onPress: () => openNext(mappings),
            };
          });
      case "mapping":
        return byStripped(stripping.byMapping)
          .filter((mapping) => pid === null || mapping.space === `p${pid}`)
          .map((counts) => {
            const mappings = indicesOf(
              laid,
              (mapping) =>
                mapping.space === counts.space &&
                formatAddress(addressOfPage(mapping.start as PageAddress)) === counts.address,
            );
            return {
              key: `${counts.space} ${counts.address}`,
              name: counts.name,
              owner: stripping.byProcess.length > 1 ? ownerOf(counts.space) : undefined,
              about: `${counts.address} ${counts.permissions}`,
              title: counts.path ?? undefined,
              counts,
              mappings,
              isPlace: true,
              onPress: () => openNext(mappings),
            };
          });
      case "process":
        return byStripped(stripping.byProcess).map((counts) => ({
          key: String(counts.pid),
          name: counts.comm ?? "name not in the dump",
          about: `process ${counts.pid}`,
          counts,
          mappings: indicesOf(laid, ({ space }) => space === `p${counts.pid}`),
          isPlace: false,
          onPress: () => {
            setPid(counts.pid);
            setGroup("mapping");
          },
        }));
      default:
        return group satisfies never;
    }
  }

  return (
    <section aria-label="Stripped by">
      <div className={styles.groups}>
        <Segmented label="Stripped by" choices={GROUPS} value={group} onChoose={setGroup} />
      </div>
      {group === "file" && owner !== null && (
        <Filtered onAll={() => setOwner(null)}>
          Files of {owner.name} {owner.version}.
        </Filtered>
      )}
      {group === "mapping" && pid !== null && (
        <Filtered onAll={() => setPid(null)}>Mappings of process {pid}.</Filtered>
      )}
      <div className={sidebar.listHead}>
        <span>{formatPlural(rows.length, group, group === "process" ? "processes" : `${group}s`)}</span>
        <span>stripped of all pages</span>
      </div>
      {rows.length === 0 && <p className={sidebar.more}>{NONE[group]}</p>}
      <ul ref={list.ref} onKeyDown={list.onKeyDown} aria-label={`Stripped by ${group}`}>
        {rows.map((row, place) => (
          <li key={row.key} className={styles.item}>
            <button
              type="button"
              className={styles.row}
              tabIndex={place === 0 ? 0 : -1}
              aria-current={row.isPlace && row.mappings.includes(current)}
              title={row.title}
              onClick={row.onPress}
              onPointerEnter={() => onHover(row.isPlace ? (row.mappings[0] ?? null) : null)}
              onPointerLeave={() => onHover(null)}
              onFocus={() => onHover(row.isPlace ? (row.mappings[0] ?? null) : null)}
              onBlur={() => onHover(null)}
            >
              <span className={styles.name}>
                {row.name}
                {row.owner !== undefined && <small className={styles.owner}>{row.owner}</small>}
                <br />
                <small>{row.about}</small>
              </span>
              <span className={styles.numbers}>
                {formatCount(strippedOf(row.counts))} of {formatCount(allOf(row.counts))}
                <span className={styles.extent} style={{ width: `${(allOf(row.counts) / most) * 100}%` }}>
                  <WayBar ways={waysOf(row.counts)} />
                </span>
              </span>
            </button>
            <button
              type="button"
              className={styles.only}
              tabIndex={-1}
              aria-pressed={within === formatIndices(row.mappings)}
              aria-label={`Only ${row.name}, ${row.about}`}
              title="Light the pages of this row alone, and count them above; again: all"
              onClick={() => onWithin(row.mappings)}
            >
              Only
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const NONE: Readonly<Record<Group, string>> = {
  package: "No file that is mapped here belongs to a package of a known set.",
  file: "No mapping here maps a file.",
  mapping: "The dump has no mapping that holds pages.",
  process: "The dump names no process.",
};

function Filtered({ children, onAll }: { readonly children: ReactNode; readonly onAll: () => void }) {
  return (
    <p className={styles.filtered}>
      <span>{children}</span>{" "}
      <Button look="link" onPress={onAll}>
        Show all
      </Button>
    </p>
  );
}

function fileAbout({ deleted, set, package: owner }: Stripping["byFile"][number]): string {
  if (deleted) return "deleted: it is not the image's";
  if (set === null) return "in no known set";
  return owner === null ? `${set}, of no package` : `${owner.name} ${owner.version}, ${set}`;
}

function indicesOf(laid: readonly ApiMapping[], isMeant: (mapping: ApiMapping) => boolean): readonly number[] {
  return laid.flatMap((mapping, index) => (isMeant(mapping) ? [index] : []));
}

function packageName({ kind, name, version }: Package): string {
  return `${kind} ${name} ${version}`;
}

function isSamePackage(one: Package | null, other: Package): boolean {
  return one !== null && packageName(one) === packageName(other);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
