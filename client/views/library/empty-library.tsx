/** The library at first start: what it takes, what it does with it, and the sample. */
import { useSyncExternalStore } from "react";
import type { Library } from "../../../shared/api/index.ts";
import { Button } from "../../controls/index.ts";
import { formatSize } from "../../format/index.ts";
import { subscribeTheme, themeInUse } from "../../styles/theme.ts";
import styles from "./empty-library.module.css";
import dark from "./sample-dark.png";
import light from "./sample-light.png";

export interface EmptyLibraryProps {
  readonly library: Library;
  /** A file is dragged over the window. */
  readonly dragged: boolean;
  readonly onChoose: () => void;
  readonly onOpenSample: () => void;
}

export function EmptyLibrary({ library, dragged, onChoose, onOpenSample }: EmptyLibraryProps) {
  const theme = useSyncExternalStore(subscribeTheme, themeInUse);
  return (
    <div className={styles.stage} data-over={dragged} data-log={library.received > 0}>
      <div>
        <h1>Drop a memory dump here</h1>
        <p className={styles.lead}>
          The dump is read once, explained, and shown as a picture. It can be given back byte for byte, with its digest.
          Nothing in it is run, and nothing leaves this server.
        </p>
        <div className={styles.buttons}>
          <Button look="primary" size="large" onPress={onChoose}>
            Choose files…
          </Button>
          <Button
            size="large"
            onPress={onOpenSample}
            unavailable={library.sample ? undefined : "The sample's files are not under dumps/samples."}
          >
            Open the sample
          </Button>
        </div>
        <dl className={styles.kinds}>
          <dt>Container checkpoint</dt>
          <dd>tar, gzip or zstd from podman, CRI-O, containerd</dd>
          <dt>Process core</dt>
          <dd>ELF core of any architecture</dd>
          <dt>Machine image</dt>
          <dd>ELF dump of a virtual machine</dd>
          <dt>Anything else</dt>
          <dd>kept as raw bytes when asked for</dd>
        </dl>
        <div className={styles.terminal}>
          From a terminal
          <pre>podman container checkpoint --leave-running -e app.tar.zst app</pre>
          <pre>npx dumpscope ingest app.tar.zst --container app</pre>
        </div>
      </div>
      {library.sample && (
        <figure className={styles.sample}>
          <img src={theme === "dark" ? dark : light} alt="" width={512} height={256} />
          <figcaption>
            <strong>The sample: {library.sample.name}</strong>
            <span>{formatSize(library.sample.bytes)}</span>
            <p>
              A Python service with a planted bitmap, text, and keys that are fake. After one event 197 of 5{"\u202f"}
              276 pages are left to look at: find the key that changed by one byte.
            </p>
          </figcaption>
        </figure>
      )}
    </div>
  );
}
