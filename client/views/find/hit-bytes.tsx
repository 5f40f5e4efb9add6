/** The bytes of a hit with what stands around them, the hit marked; what looks like a secret is masked until asked for. */
import { useQuery } from "@tanstack/react-query";
import { AROUND, type Excerpt, excerptOf, maskSecret, type PatternForm } from "../../../shared/find/index.ts";
import { type Address, formatAddress } from "../../../shared/memory/index.ts";
import { fetchBytes } from "../../api/index.ts";
import { addressOf } from "../place/places.ts";
import styles from "./find.module.css";
import type { FoundHit } from "./follow-search.ts";

/** Bytes of a long hit that are asked for. */
const MOST = 256;

export interface HitBytesProps {
  readonly snapshot: string;
  /** In a space of the snapshot. */
  readonly hit: FoundHit;
  readonly form: PatternForm;
  readonly revealed: boolean;
  /** Without what stands around them. */
  readonly isAlone?: boolean;
}

export function HitBytes(props: HitBytesProps) {
  const { hit, revealed } = props;
  if (!hit.string) return <Around {...props} />;
  const { secret, text } = hit.string;
  return <span className={styles.text}>{secret && !revealed ? maskSecret(text) : text}</span>;
}

function Around({ snapshot, hit, form, revealed, isAlone = false }: HitBytesProps) {
  const { data, error } = useQuery({
    queryKey: ["excerpt", snapshot, hit.place.space, formatAddress(addressOf(hit.place)), hit.length, form],
    gcTime: 60_000,
    queryFn: ({ signal }) => excerpt(snapshot, hit, form, signal),
  });
  if (error) return <span className={styles.text}>bytes cannot be read</span>;
  if (!data) return <span className={styles.text} />;
  if (data.secret !== null && !revealed) return <span className={styles.text}>{maskSecret(data.secret)}</span>;
  return (
    <span className={styles.text}>
      {!isAlone && data.before}
      <mark>{data.match}</mark>
      {!isAlone && data.after}
    </span>
  );
}

async function excerpt(snapshot: string, hit: FoundHit, form: PatternForm, signal: AbortSignal): Promise<Excerpt> {
  const at = addressOf(hit.place);
  const before = at < BigInt(AROUND) ? Number(at) : AROUND;
  const length = Math.min(hit.length, MOST);
  const beyond = (1n << 64n) - at;
  const behind = Math.min(AROUND + length, beyond < 4096n ? Number(beyond) : 4096);
  const { bytes } = await fetchBytes(
    snapshot,
    hit.place.space,
    (at - BigInt(before)) as Address,
    before + behind,
    signal,
    hit.filled !== null,
  );
  return excerptOf(bytes, before, length, form);
}
