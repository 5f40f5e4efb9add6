/** A screen that broke says so and offers a way on; the rest of the application stays. */
import { Component, type ReactNode } from "react";
import { Button, Failure } from "../../controls/index.ts";
import styles from "./shell.module.css";

interface Props {
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className={styles.crash}>
        <Failure
          title="This screen broke"
          detail={error.message}
          advice="This is a mistake of Dumpscope. The store is as it was; report the message."
          onRetry={() => this.setState({ error: null })}
        >
          <Button onPress={() => window.location.assign("/")}>Open the library</Button>
        </Failure>
      </main>
    );
  }
}
