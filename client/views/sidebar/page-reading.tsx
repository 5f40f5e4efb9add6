/** The panel of one page, fed by the request for it. */
import { asApiError, type usePage } from "../../api/index.ts";
import { ClassBar, Histogram } from "../../charts/index.ts";
import type { Theme } from "../../viewer/contract.ts";
import { PagePanel, type PagePanelProps } from "./page-panel.tsx";

export interface PageReadingProps
  extends Omit<PagePanelProps, "page" | "error" | "onRetry" | "classBar" | "histogram"> {
  readonly query: ReturnType<typeof usePage>;
  readonly theme: Theme;
}

export function PageReading({ query, theme, ...more }: PageReadingProps) {
  const error = query.error ? asApiError(query.error) : null;
  return (
    <PagePanel
      {...more}
      page={query.data}
      error={error && { detail: error.message, advice: error.advice }}
      onRetry={() => void query.refetch()}
      classBar={(classes) => <ClassBar counts={classes} theme={theme} />}
      histogram={(counts) => <Histogram counts={counts} />}
    />
  );
}
