/**
 * What of a snapshot looks tampered with: alarms first, then notes, each with its sentence, its place and its evidence.
 * Where nothing is found it says what was compared, and in any case what could not be.
 */
import { type ReactNode, useState } from "react";
import type { Finding, Tampering } from "../../../shared/api/index.ts";
import { parseAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { asApiError, urlOf, useTampering } from "../../api/index.ts";
import { AddressText, Button, Failure, Fold, Loading } from "../../controls/index.ts";
import { formatCount, formatPlural, formatSentence } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { placeAt } from "../place/places.ts";
import sidebar from "../sidebar/sidebar.module.css";
import { Evidence } from "./evidence.tsx";
import styles from "./findings.module.css";

/** So many are shown until more are asked for. */
const FIRST = 20;

export interface FindingsProps {
  readonly snapshot: string;
  readonly knownSets: readonly string[];
  readonly onGo: (place: Place) => void;
}

export function Findings({ snapshot, knownSets, onGo }: FindingsProps) {
  const { data, error, refetch } = useTampering(snapshot, knownSets);
  if (error) {
    return (
      <Failure
        title="It could not be looked for tampering"
        detail={error.message}
        advice={asApiError(error).advice}
        onRetry={() => void refetch()}
      />
    );
  }
  if (!data) return <Loading what="Pages of mapped files are compared with their files, to find what was changed." />;
  const { alarms, notes } = data.counts;
  return (
    <section className={sidebar.section} aria-label="Findings">
      <header>
        <h3>Findings</h3>
        <span>
          {alarms + notes === 0 ? (
            data.compared.pages === 0 ? (
              "nothing compared"
            ) : (
              "nothing found"
            )
          ) : (
            <>
              {alarms > 0 && <b className={styles.alarms}>{formatPlural(alarms, "alarm")}</b>}
              {alarms > 0 && notes > 0 && ", "}
              {notes > 0 && formatPlural(notes, "note")}
            </>
          )}
        </span>
      </header>
      <FindingList findings={data.findings} total={alarms + notes} onGo={onGo} />
      <Compared tampering={data} isAlone={alarms + notes === 0} />
      {data.compared.pages > 0 && (
        <a
          className={sidebar.link}
          href={urlOf("filePages", { parameters: { snapshot } })}
          download={`${snapshot}-file-pages.ndjson`}
        >
          Save every page with its reason
        </a>
      )}
    </section>
  );
}

interface FindingListProps extends Pick<FindingsProps, "onGo"> {
  readonly findings: readonly Finding[];
  readonly total: number;
}

function FindingList({ findings, total, onGo }: FindingListProps) {
  const [all, setAll] = useState(false);
  const shown = all ? findings : findings.slice(0, FIRST);
  if (findings.length === 0) return null;
  return (
    <>
      <ul className={styles.findings}>
        {shown.map((finding) => (
          <li
            key={`${finding.kind} ${finding.pid} ${finding.address ?? ""}`}
            className={styles.finding}
            data-severity={finding.severity}
          >
            <span className={styles.sign} aria-hidden="true">
              {finding.severity === "alarm" ? "!" : "i"}
            </span>
            <div>
              <p>
                <span className="visually-hidden">{finding.severity}: </span>
                {formatSentence(finding.text)}
              </p>
              {finding.place && <PlaceLink place={finding.place} name={finding.mapping?.name ?? ""} onGo={onGo} />}
              <FindingFold title="Evidence">
                <Evidence finding={finding} />
              </FindingFold>
            </div>
          </li>
        ))}
      </ul>
      {shown.length < total && (
        <p className={styles.more}>
          {formatCount(shown.length)} of {formatPlural(total, "finding")} are shown.{" "}
          {shown.length < findings.length ? (
            <Button look="link" onPress={() => setAll(true)}>
              Show {findings.length === total ? "all" : formatCount(findings.length)}
            </Button>
          ) : (
            "The others are more of the same kinds."
          )}
        </p>
      )}
    </>
  );
}

interface PlaceLinkProps extends Pick<FindingsProps, "onGo"> {
  readonly place: NonNullable<Finding["place"]>;
  readonly name: string;
}

function PlaceLink({ place, name, onGo }: PlaceLinkProps) {
  const address = parseAddress(place.address);
  if (address === undefined) return null;
  return (
    <button type="button" className={sidebar.link} onClick={() => onGo(placeAt(place.space as Space, address))}>
      Go to <AddressText value={address} /> {name !== "" && `in ${name}`}
    </button>
  );
}

/** What was compared with its file, what could not be, and what cannot be told. */
function Compared({ tampering, isAlone }: { readonly tampering: Tampering; readonly isAlone: boolean }) {
  const { compared, notCompared, dumperPages, limits } = tampering;
  const left = (
    [
      [notCompared.unknownFile, "of files that no known set has"],
      [notCompared.deletedFile, "of deleted files"],
      [notCompared.otherVersion, "of files of which the known set has another version"],
      [notCompared.bytesNotKept, "of which it is not known what the file has there"],
      [notCompared.partial, "that the dump holds in part"],
      [notCompared.zero, "all zero, where a program writes"],
    ] as const
  ).filter(([pages]) => pages > 0);
  return (
    <>
      <p>
        {isAlone && compared.pages > 0 && "Nothing found. "}
        {compared.pages === 0
          ? "No recorded page of a mapped file could be compared with its file."
          : `${formatPlural(compared.pages, "recorded page")} of ${formatPlural(compared.files, "file")} ${compared.pages === 1 ? "was" : "were"} compared: ${formatCount(compared.same)} the same, ${formatCount(compared.relocated)} changed by the loader alone, ${formatCount(compared.written)} where programs write, ${formatCount(compared.changed)} with findings.`}
      </p>
      {left.length > 0 && (
        <FindingFold title="Not compared">
          <ul>
            {left.map(([pages, what]) => (
              <li key={what}>
                {formatPlural(pages, "page")} {what}
              </li>
            ))}
          </ul>
          {notCompared.files.map((path) => (
            <p key={path}>
              <code>{path}</code>
            </p>
          ))}
        </FindingFold>
      )}
      {dumperPages.length > 0 && (
        <FindingFold title={`${formatPlural(dumperPages.length, "page")} that the dumper itself touches`}>
          {dumperPages.map(({ pid, place, text }) => (
            <p key={`${pid} ${place.address}`}>{formatSentence(text)}</p>
          ))}
        </FindingFold>
      )}
      {limits.length > 0 && (
        <FindingFold title="What cannot be told">
          {limits.map((limit) => (
            <p key={limit}>{formatSentence(limit)}</p>
          ))}
        </FindingFold>
      )}
    </>
  );
}

function FindingFold({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Fold className={styles.fold} title={title}>
      <div>{children}</div>
    </Fold>
  );
}
