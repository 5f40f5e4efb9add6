/** The answer to an address that names nothing here. */
import { ButtonLink, Failure } from "../../controls/index.ts";
import styles from "./shell.module.css";
import { StatusBar } from "./status-bar.tsx";
import { TitleBar } from "./title-bar.tsx";

export interface NoSuchPlaceProps {
  readonly title: string;
  readonly detail: string;
  readonly advice?: string;
  readonly onRetry?: () => void;
}

export function NoSuchPlace({ title, detail, advice = "", onRetry }: NoSuchPlaceProps) {
  return (
    <div className={styles.screen}>
      <TitleBar crumbs={[{ title: "Library", href: "/" }]} />
      <main className={styles.crash}>
        <Failure title={title} detail={detail} advice={advice} onRetry={onRetry}>
          <ButtonLink href="/">Open the library</ButtonLink>
        </Failure>
      </main>
      <StatusBar left={null} right={null} />
    </div>
  );
}
