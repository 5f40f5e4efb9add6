/** The evidence of one finding: facts by its kind; bytes that differ as the file has them, and as the dump has them. */
import type { ReactNode } from "react";
import type { ChangedEvidence, ChangedRange, Finding, Mapped, Target } from "../../../shared/api/index.ts";
import { AddressText } from "../../controls/index.ts";
import { formatCount, formatPlural, formatSentence } from "../../format/index.ts";
import sidebar from "../sidebar/sidebar.module.css";
import styles from "./findings.module.css";

export function Evidence({ finding }: { readonly finding: Finding }) {
  return (
    <>
      <dl className={sidebar.facts}>
        {factsOf(finding).map(([term, fact]) => (
          <Fact key={term} term={term}>
            {fact}
          </Fact>
        ))}
        {finding.mapping && (
          <Fact term="Mapping">
            <MappedText mapped={finding.mapping} />
          </Fact>
        )}
      </dl>
      {(finding.kind === "changed-code" ||
        finding.kind === "changed-read-only" ||
        finding.kind === "changed-relro") && <ChangedBytes bytes={finding.evidence.bytes} />}
    </>
  );
}

type Facts = readonly (readonly [string, ReactNode])[];

function factsOf(finding: Finding): Facts {
  switch (finding.kind) {
    case "changed-code":
    case "changed-read-only":
    case "changed-relro":
    case "restored-code":
      return [filePlace(finding.evidence)];
    case "hooked-pointer": {
      const { relocation, symbol, expected, expectedIn, found, foundIn } = finding.evidence;
      return [
        filePlace(finding.evidence),
        ["Written by", relocation],
        ["Symbol", symbol ?? "not told by the file"],
        [
          "Expected",
          expected === null ? "cannot be told" : <Value key="expected" value={expected} target={expectedIn} />,
        ],
        ["Found", <Value key="found" value={found} target={foundIn} />],
      ];
    }
    case "deleted-file": {
      const { path, isExecutable, mappings } = finding.evidence;
      return [
        ["File", <code key="file">{path}</code>],
        ["Program", isExecutable ? "of the process itself" : "no, mapped beside it"],
        ["Mapped", formatPlural(mappings, "time")],
      ];
    }
    case "anonymous-executable": {
      const { pages, recorded, segment } = finding.evidence;
      return [["Pages", pagesText(pages, recorded)], ...(segment === null ? [] : ([["Segment", segment]] as const))];
    }
    case "write-execute": {
      const { path, pages, recorded } = finding.evidence;
      return [
        ["File", <code key="file">{path}</code>],
        ["Pages", pagesText(pages, recorded)],
      ];
    }
    case "not-in-image": {
      const { path, image, otherSet } = finding.evidence;
      return [
        ["File", <code key="file">{path}</code>],
        ["Image", image],
        ["Other set", otherSet ?? "none has it"],
      ];
    }
    case "other-version": {
      const { path, set, expected, found } = finding.evidence;
      return [
        [
          "File",
          <span key="file">
            <code>{path}</code>, in {set}
          </span>,
        ],
        ["Build-id there", <code key="expected">{expected}</code>],
        ["Found", <code key="found">{found}</code>],
      ];
    }
    case "renamed-process": {
      const { comm, executable, deleted, commandLine } = finding.evidence;
      return [
        ["Name", comm],
        ["Program", <code key="program">{`${executable}${deleted ? " (deleted)" : ""}`}</code>],
        ["Command", commandLine === null ? "not in the dump" : <code key="command">{commandLine}</code>],
      ];
    }
    default:
      return finding satisfies never;
  }
}

function filePlace({ path, offset, set }: Pick<ChangedEvidence, "path" | "offset" | "set">): Facts[number] {
  return [
    "File",
    <span key="file">
      <code>{path}</code> at <AddressText value={offset} />, in {set}
    </span>,
  ];
}

function pagesText(pages: number, recorded: number): string {
  return `${formatCount(pages)}, ${formatCount(recorded)} of them recorded`;
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Value({ value, target }: { readonly value: string; readonly target: Target | null }) {
  return (
    <>
      <AddressText value={BigInt(value)} />
      <p>
        {target === null ? (
          "into no mapping"
        ) : (
          <>
            {target.symbol !== null && `${target.symbol}, `}
            {target.bssOf !== null && (
              <>
                <code>.bss</code> of <code>{target.bssOf}</code>,{" "}
              </>
            )}
            <MappedText mapped={target} />
            {target.offset !== null && (
              <>
                {" "}
                at <AddressText value={target.offset} />
              </>
            )}
          </>
        )}
      </p>
    </>
  );
}

function MappedText({ mapped: { name, path, permissions, shared, deleted } }: { readonly mapped: Mapped }) {
  return (
    <>
      {path === null ? name : <code>{path}</code>} <code>{permissions}</code> {shared ? "shared" : "private"}
      {deleted && ", file deleted"}
    </>
  );
}

function ChangedBytes({ bytes }: { readonly bytes: ChangedEvidence["bytes"] }) {
  if (bytes.state === "not-kept") return <p>{formatSentence(bytes.missing)}</p>;
  const { ranges, rangeCount, byteCount } = bytes;
  return (
    <>
      <p>
        {formatPlural(byteCount, "byte")} in {formatPlural(rangeCount, "range")}
        {ranges.length < rangeCount && `, the first ${formatCount(ranges.length)} of them here`}
      </p>
      {ranges.map((range) => (
        <Range key={range.from} range={range} />
      ))}
    </>
  );
}

function Range({ range: { from, to, expected, found, symbol } }: { readonly range: ChangedRange }) {
  const isCut = to - from > found.length / 2;
  return (
    <dl className={styles.range}>
      <dt>
        <code>
          +{hex3(from)}–{hex3(to - 1)}
        </code>{" "}
        {symbol !== null && `in ${symbol}`}
      </dt>
      <dd>
        <span>file</span> <code>{bytesText(expected, isCut)}</code>
      </dd>
      <dd>
        <span>dump</span> <code className={styles.found}>{bytesText(found, isCut)}</code>
      </dd>
    </dl>
  );
}

function hex3(offset: number): string {
  return offset.toString(16).padStart(3, "0");
}

function bytesText(digits: string, isCut: boolean): string {
  return `${digits.replace(/..(?=.)/g, "$& ")}${isCut ? " …" : ""}`;
}
