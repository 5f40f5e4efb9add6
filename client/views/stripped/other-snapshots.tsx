/** With which other containers pages are shared, and to which snapshots they are alike: links to these. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Library, Stripping } from "../../../shared/api/index.ts";
import { formatPlural } from "../../format/index.ts";
import sidebar from "../sidebar/sidebar.module.css";
import styles from "./stripped.module.css";

export interface OtherSnapshotsProps {
  readonly stripping: Pick<Stripping, "sharedWith" | "alikeTo">;
  readonly library: Pick<Library, "containers"> | undefined;
  /** Only some mappings are lit: these numbers are of all. */
  readonly isOfMore: boolean;
}

export function OtherSnapshots({ stripping: { sharedWith, alikeTo }, library, isOfMore }: OtherSnapshotsProps) {
  const of = isOfMore ? ", of the whole snapshot" : "";
  const snapshotsOf = (container: string) =>
    library?.containers.find(({ name }) => name === container)?.snapshots ?? [];
  const isNamed = (name: string) => (snapshot: { readonly container: string; readonly name: string }) =>
    `${snapshot.container}/${snapshot.name}` === name;
  const all = library?.containers.flatMap(({ snapshots }) => snapshots) ?? [];
  return (
    <>
      {sharedWith.length > 0 && (
        <Others title="Shared with" about={`equal bytes${of}`}>
          {sharedWith.map(({ container, pages }) => (
            <Other key={container} snapshot={snapshotsOf(container).at(-1)?.snapshot} name={container} pages={pages} />
          ))}
        </Others>
      )}
      {alikeTo.length > 0 && (
        <Others title="Alike to" about={`equal up to addresses${of}`}>
          {alikeTo.map(({ snapshot, baselineOf, pages }) => (
            <Other
              key={snapshot}
              snapshot={all.find(isNamed(snapshot))?.snapshot}
              name={snapshot.replace("/", " ")}
              about={baselineOf === null ? undefined : `baseline ${baselineOf}`}
              pages={pages}
            />
          ))}
        </Others>
      )}
    </>
  );
}

interface OthersProps {
  readonly title: string;
  readonly about: string;
  readonly children: ReactNode;
}

function Others({ title, about, children }: OthersProps) {
  return (
    <section className={sidebar.section} aria-label={title}>
      <header>
        <h3>{title}</h3>
        <span>{about}</span>
      </header>
      <ul>{children}</ul>
    </section>
  );
}

interface OtherProps {
  /** Without one it is gone from the library. */
  readonly snapshot: string | undefined;
  readonly name: string;
  readonly about?: string;
  readonly pages: number;
}

function Other({ snapshot, name, about, pages }: OtherProps) {
  return (
    <li className={styles.other}>
      {snapshot === undefined ? <span>{name}</span> : <Link href={`/s/${snapshot}`}>{name}</Link>}
      {about !== undefined && <small>{about}</small>}
      <span className={styles.otherPages}>{formatPlural(pages, "page")}</span>
    </li>
  );
}
