/** A dump on its way: how far it is, how fast, how long still, its picture, and Cancel. */
import type { Job } from "../../../shared/api/index.ts";
import type { LocalUpload } from "../../api/index.ts";
import { Button, ButtonLink, KeyCap, Progress } from "../../controls/index.ts";
import { formatCount, formatDuration, formatPart, formatProgress, formatSize } from "../../format/index.ts";
import { STAGES } from "../arriving/stages.ts";
import styles from "./library.module.css";

export interface JobViewProps {
  readonly job: Job;
  /** Whether the key that watches a dump watches this one. */
  readonly watchKey: boolean;
  readonly onCancel: () => void;
}

export function JobView({ job, watchKey, onCancel }: JobViewProps) {
  const whole = job.totalBytes;
  const pages =
    job.pages > 0 ? `${formatCount(job.pages)} pages so far, ${formatCount(job.newPages)} new` : rateText(job);
  return (
    <div className={styles.job}>
      <div className={styles.jobLine}>
        <span>
          {job.file} {STAGES[job.phase]}
          {whole > 0 && `: ${formatPart(job.bytes, whole)}`}
        </span>
        {whole > 0 && <span>{formatProgress(job.bytes, whole)}</span>}
      </div>
      {whole > 0 && <Progress label={job.file} part={job.bytes} whole={whole} />}
      <div className={styles.jobFoot}>
        <span>
          {pages}
          {job.pages > 0 && job.bytesPerSecond > 0 && `, ${rateText(job)}`}
        </span>
        <span className={styles.jobActs}>
          {job.kind === "dump" && <Watch file={job.file} arriving={job.arriving} withKey={watchKey} />}
          <Button look="plain-link" label={`Cancel ${job.file}`} onPress={onCancel}>
            Cancel
          </Button>
        </span>
      </div>
    </div>
  );
}

const SENDING = {
  checking: "is compared with what is kept",
  sending: "is being uploaded",
  starting: "has arrived",
  stopped: "has stopped",
  refused: "was refused",
} as const satisfies Record<LocalUpload["state"], string>;

export interface UploadViewProps {
  readonly upload: LocalUpload;
  readonly watchKey: boolean;
  readonly onContinue: () => void;
  readonly onCancel: () => void;
}

export function UploadView({ upload, watchKey, onContinue, onCancel }: UploadViewProps) {
  const stopped = upload.state === "stopped";
  const left = upload.bytesPerSecond > 0 ? (upload.totalBytes - upload.sentBytes) / upload.bytesPerSecond : null;
  return (
    <div className={styles.job}>
      <div className={styles.jobLine}>
        <span>
          {stopped
            ? `${upload.file}: upload stopped at ${formatProgress(upload.sentBytes, upload.totalBytes)}`
            : `${upload.file} ${SENDING[upload.state]}: ${formatPart(upload.sentBytes, upload.totalBytes)}`}
        </span>
        <span>{formatProgress(upload.sentBytes, upload.totalBytes)}</span>
      </div>
      <Progress label={upload.file} part={upload.sentBytes} whole={upload.totalBytes} stopped={stopped} />
      <div className={styles.jobFoot}>
        <span>
          {stopped
            ? `${upload.error?.problem.detail ?? ""} What has arrived is kept.`
            : rateText({ bytesPerSecond: upload.bytesPerSecond, secondsLeft: left })}
        </span>
        <span className={styles.jobActs}>
          {stopped && (
            <Button look="link" onPress={onContinue}>
              Continue
            </Button>
          )}
          {upload.upload !== null && upload.purpose.kind !== "known" && (
            <Watch file={upload.file} arriving={upload.upload} withKey={watchKey} />
          )}
          <Button look="plain-link" label={`Cancel ${upload.file}`} onPress={onCancel}>
            Cancel
          </Button>
        </span>
      </div>
    </div>
  );
}

function Watch({ file, arriving, withKey }: { file: string; arriving: string; withKey: boolean }) {
  return (
    <ButtonLink look="link" href={`/arriving/${arriving}`} label={`Watch ${file} grow`}>
      Watch it grow {withKey && <KeyCap>A</KeyCap>}
    </ButtonLink>
  );
}

function rateText(job: Pick<Job, "bytesPerSecond" | "secondsLeft">): string {
  if (job.bytesPerSecond <= 0) return "";
  const rate = `${formatSize(job.bytesPerSecond)}/s`;
  return job.secondsLeft === null || job.secondsLeft <= 0 ? rate : `${rate}, ${formatDuration(job.secondsLeft)} left`;
}

/** Pixels from its middle to the end of the axis. */
export const GROWING_FROM_END = 64;

/** The dashed bar of something that is not yet a snapshot, at the right end of its row. */
export function GrowingBar({ share, refused = false }: { share: number; refused?: boolean }) {
  return (
    <span className={styles.bar} style={{ left: `calc(100% - ${GROWING_FROM_END}px)` }}>
      <span className={styles.growing} data-refused={refused} aria-hidden="true">
        {refused ? "✕" : <div style={{ height: `${Math.round(share * 100)}%` }} />}
      </span>
      <span className={refused ? `${styles.label} ${styles.bad}` : styles.label}>{refused ? "refused" : "\u00a0"}</span>
    </span>
  );
}
