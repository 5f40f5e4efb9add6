/** The title bar of every screen: where one is, what is under way, the command field, the keys. */
import { type ReactNode, useSyncExternalStore } from "react";
import { Link } from "wouter";
import { useLibrary } from "../../api/index.ts";
import { KeyCap, Progress } from "../../controls/index.ts";
import { formatPlural, formatProgress } from "../../format/index.ts";
import { useShell } from "./context.ts";
import styles from "./shell.module.css";

export interface Crumb {
  readonly title: string;
  readonly href?: string;
}

export function TitleBar({ crumbs, children }: { crumbs: readonly Crumb[]; children?: ReactNode }) {
  const shell = useShell();
  return (
    <header className={styles.title} data-region="title">
      <nav className={styles.crumbs} aria-label="Where you are">
        <ol>
          <li>
            <Link href="/">Dumpscope</Link>
          </li>
          {crumbs.map((crumb, index) => (
            <li key={crumb.title} aria-current={index === crumbs.length - 1 ? "page" : undefined}>
              {crumb.href === undefined ? crumb.title : <Link href={crumb.href}>{crumb.title}</Link>}
            </li>
          ))}
        </ol>
        <span className={styles.facts}>{children}</span>
      </nav>
      <UnderWay />
      <button type="button" className={styles.search} onClick={() => shell.openPalette()}>
        <span>Search, go to, run…</span>
        <KeyCap>Ctrl K</KeyCap>
      </button>
      <button type="button" className={styles.help} aria-label="Keys" title="Keys (?)" onClick={shell.openHelp}>
        ?
      </button>
    </header>
  );
}

/** The sum of all uploads and reads. */
function UnderWay() {
  const { uploads } = useShell();
  const local = useSyncExternalStore(uploads.subscribe, uploads.list);
  const { data } = useLibrary();
  const jobs = data?.jobs ?? [];
  const sending = local.filter((upload) => upload.state !== "stopped" && upload.state !== "refused");
  const count = jobs.length + sending.length;
  if (count === 0) return null;
  const part = sum(jobs, (job) => job.bytes) + sum(sending, (upload) => upload.sentBytes);
  const whole = sum(jobs, (job) => job.totalBytes) + sum(sending, (upload) => upload.totalBytes);
  return (
    <Link href="/" className={styles.jobs}>
      {formatPlural(count, "upload")}
      <Progress label="All uploads" part={part} whole={whole} />
      {formatProgress(part, whole)}
    </Link>
  );
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}
