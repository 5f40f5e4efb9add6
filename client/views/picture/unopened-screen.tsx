/** A snapshot or a comparison that is not there, or could not be read. */
import { asApiError } from "../../api/index.ts";
import { NoSuchPlace } from "../shell/no-such-place.tsx";

export interface UnopenedScreenProps {
  readonly error: Error;
  /** When the server was asked and failed. */
  readonly title: string;
  /** When what the address names is not in the store. */
  readonly missing: string;
  readonly onRetry: () => void;
}

export function UnopenedScreen({ error, title, missing, onRetry }: UnopenedScreenProps) {
  const { problem, message, advice } = asApiError(error);
  const isMissing = problem.status === 404;
  return (
    <NoSuchPlace
      title={isMissing ? "There is no such snapshot here" : title}
      detail={isMissing ? missing : message}
      advice={isMissing ? "It may have been deleted, or the link is of another store." : advice}
      onRetry={isMissing ? undefined : onRetry}
    />
  );
}
