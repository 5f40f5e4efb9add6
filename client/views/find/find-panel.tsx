/** Find: what is searched for and where, how far it is, and what was found. */
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { FindRequest, SnapshotDetail } from "../../../shared/api/index.ts";
import { MOST_HITS } from "../../../shared/api/index.ts";
import { type PATTERN_FORMS, STRING_KINDS, type StringKind } from "../../../shared/find/index.ts";
import { addressOfPage, formatAddress, type PageAddress } from "../../../shared/memory/index.ts";
import { PROVENANCES } from "../../../shared/provenance/index.ts";
import { Button, Empty, Failure, KeyCap, Progress, Select, Switch } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { type Choosable, RESIDUAL } from "../explain/parts.ts";
import { ownerOf } from "../sidebar/owner.ts";
import styles from "./find.module.css";
import { HitList } from "./hit-list.tsx";
import { NotSearchedList } from "./not-searched-list.tsx";
import type { Asked, Find, FindState } from "./use-find.ts";

const FORMS = [
  { value: "text", title: "Text" },
  { value: "utf16", title: "UTF-16 text" },
  { value: "hex", title: "Bytes" },
  { value: "regex", title: "Regular expression" },
  { value: "strings", title: "All strings" },
] as const;
type Form = (typeof FORMS)[number]["value"];

const PLACEHOLDERS: Readonly<Record<(typeof PATTERN_FORMS)[number], string>> = {
  text: "Text",
  utf16: "Text",
  hex: "de ad ?? 4?",
  regex: "[a-z]+@[a-z.]+",
};

const KIND_TITLES: Readonly<Record<StringKind, string>> = {
  path: "Paths",
  url: "URLs",
  email: "E-mail addresses",
  key: "What looks like a key",
};
const KINDS = [
  { value: "any", title: "Any kind" },
  ...STRING_KINDS.map((kind) => ({ value: kind, title: KIND_TITLES[kind] })),
] as const;

type Where = "everywhere" | "selection" | "mapping" | "space";

export interface FindPanelProps {
  readonly detail: SnapshotDetail;
  readonly find: Find;
  /** Index of the mapping of the selected place; −1 without one. */
  readonly mapping: number;
  /** What is selected, as it is asked for; the same array as long as it is the same. */
  readonly selected: NonNullable<FindRequest["regions"]>;
  /** Parts that count as residual. */
  readonly residual: ReadonlySet<Choosable> | null;
  /** Pages left to files are filled, and searched. */
  readonly filled: boolean;
  /** Counts up when a key asks for the field. */
  readonly asked: number;
  readonly onGo: (index: number) => void;
  readonly onPlace: (place: Place) => void;
}

export function FindPanel(props: FindPanelProps) {
  const { detail, find, mapping, selected, residual, filled, asked, onGo, onPlace } = props;
  const field = useRef<HTMLInputElement>(null);
  // The panel comes and goes with its tab; what was asked stays.
  const before = find.answer.state === "idle" ? null : find.answer.asked.wanted;
  const pattern = before?.kind === "pattern" ? before : null;
  const strings = before?.kind === "strings" ? before : null;
  const [form, setForm] = useState<Form>(strings ? "strings" : (pattern?.form ?? "text"));
  const [text, setText] = useState(pattern?.text ?? "");
  const [ignoreCase, setIgnoreCase] = useState(pattern?.ignoreCase ?? false);
  const [leastLength, setLeastLength] = useState(String(strings?.leastLength ?? 6));
  const [kind, setKind] = useState<(typeof KINDS)[number]["value"]>(strings?.of ?? "any");
  const scope = find.answer.state === "idle" ? null : find.answer.asked.scope;
  const [where, setWhere] = useState<Where>(scope?.regions === selected ? "selection" : "everywhere");
  const [onlyResidual, setOnlyResidual] = useState(scope?.among !== undefined);
  const [revealed, setRevealed] = useState(false);
  useEffect(() => {
    if (asked === 0) return;
    field.current?.focus();
    field.current?.select();
  }, [asked]);

  const current = detail.laid[mapping];
  const several = new Set(detail.laid.map(({ space }) => space)).size > 1;
  const places: { value: Where; title: string }[] = [{ value: "everywhere", title: "Everywhere" }];
  if (selected.length > 0) places.push({ value: "selection", title: "In the selection" });
  if (current) places.push({ value: "mapping", title: `In ${current.name}` });
  if (current && several) places.push({ value: "space", title: `In ${ownerOf(current.space)}` });
  const placeNow = places.some(({ value }) => value === where) ? where : "everywhere";

  const regionsOf = (place: Where): Pick<FindRequest, "regions"> => {
    if (place === "everywhere") return {};
    return { regions: place === "selection" ? selected : [regionOf(current, place)] };
  };
  const scopeNow = (): Asked["scope"] => {
    const among = PROVENANCES.filter((provenance) => (residual ?? RESIDUAL).has(provenance));
    return {
      ...(onlyResidual ? { among } : {}),
      ...regionsOf(placeNow),
    };
  };
  const search = () => {
    const least = Math.max(4, Math.min(4096, Number.parseInt(leastLength, 10) || 6));
    if (form === "strings")
      find.search({
        wanted: { kind: "strings", leastLength: least, of: kind === "any" ? null : kind },
        scope: scopeNow(),
        filled: filled && !onlyResidual,
      });
    else if (text !== "")
      find.search({
        wanted: { kind: "pattern", form, text, ignoreCase: ignoreCase && form !== "hex" },
        scope: scopeNow(),
        filled: filled && !onlyResidual,
      });
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    search();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (find.answer.state === "searching") find.cancel();
    else field.current?.blur();
  };
  const { answer } = find;
  return (
    <div className={styles.find}>
      <form className={styles.form} aria-label="Find" onSubmit={onSubmit} onKeyDown={onKeyDown}>
        <div className={styles.line}>
          <Select label="What to find" choices={FORMS} value={form} onChoose={setForm} />
          <Select label="Where to search" choices={places} value={placeNow} onChoose={setWhere} />
        </div>
        <div className={styles.line}>
          {form === "strings" ? (
            <label className={styles.least}>
              from
              <input
                ref={field}
                className={styles.input}
                inputMode="numeric"
                aria-label="Characters at least"
                value={leastLength}
                onChange={(event) => setLeastLength(event.target.value)}
              />
              characters
            </label>
          ) : (
            <input
              ref={field}
              className={styles.input}
              aria-label="Find"
              placeholder={PLACEHOLDERS[form]}
              spellCheck={false}
              autoComplete="off"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
          {answer.state === "searching" ? (
            <Button onPress={find.cancel}>Cancel</Button>
          ) : (
            <Button
              onPress={search}
              unavailable={form !== "strings" && text === "" ? "there is nothing to search for" : undefined}
            >
              Find
            </Button>
          )}
        </div>
        <div className={styles.line} data-spread="true">
          {form === "strings" ? (
            <Select label="Kind of string" choices={KINDS} value={kind} onChoose={setKind} />
          ) : (
            form !== "hex" && (
              <Switch on={ignoreCase} onChange={setIgnoreCase} title="Of the letters A to Z">
                Ignore case
              </Switch>
            )
          )}
          <Switch on={onlyResidual} onChange={setOnlyResidual} title="Only what touches a residual page">
            In residual pages
          </Switch>
        </div>
      </form>
      {answer.state !== "idle" && (answer.state !== "failed" || find.hits.length > 0) && (
        <div className={styles.answer}>
          <p role="status">{sentenceOf(answer)}</p>
          {find.hits.length > 0 && (
            <span>
              {revealed ? "secrets are shown" : "secrets are masked"}{" "}
              <Button look="link" onPress={() => setRevealed(!revealed)}>
                {revealed ? "Mask" : "Reveal"}
              </Button>
            </span>
          )}
          {answer.state === "searching" && (
            <Progress label="Searched" part={answer.progress?.rowsDone ?? 0} whole={answer.progress?.rows ?? 0} />
          )}
        </div>
      )}
      {answer.state === "done" && answer.notSearched && (
        <NotSearchedList found={answer.notSearched} several={several} onPlace={onPlace} />
      )}
      {answer.state === "idle" && (
        <Empty>
          Text, bytes with wildcards or a regular expression, in all pages that the dump holds
          {filled && ", and in filled ones"}. A hit may lie over neighbouring pages, never over a hole.{" "}
          <KeyCap>N</KeyCap> goes to the next one.
        </Empty>
      )}
      {answer.state === "failed" && (
        <Failure
          title={answer.error.problem.code === "pattern-invalid" ? "This cannot be searched for" : "The search failed"}
          detail={`${answer.error.message}.`}
          advice={answer.error.advice}
        />
      )}
      {find.hits.length > 0 && answer.state !== "idle" && (
        <HitList
          snapshot={detail}
          hits={find.hits}
          form={answer.asked.wanted.kind === "pattern" ? answer.asked.wanted.form : "text"}
          current={find.current}
          revealed={revealed}
          onGo={onGo}
        />
      )}
    </div>
  );
}

function regionOf({ space, start, pages }: SnapshotDetail["laid"][number], where: "mapping" | "space") {
  if (where === "space") return { space };
  const end = BigInt(start + pages) * 4096n;
  return {
    space,
    start: formatAddress(addressOfPage(start as PageAddress)),
    // The last byte of 64 bits has no address behind it.
    ...(end >> 64n === 0n ? { end: formatAddress(addressOfPage((start + pages) as PageAddress)) } : {}),
  };
}

export function sentenceOf(answer: Exclude<FindState, { state: "idle" }>): string {
  const { hits, progress, asked } = answer;
  const one = asked.wanted.kind === "strings" ? "string" : "hit";
  const found = formatPlural(hits.length, one);
  const pages = progress ? formatPlural(progress.pages, "page") : "";
  switch (answer.state) {
    case "searching":
      return progress ? `${found} so far, in ${pages}` : "Searching…";
    case "cancelled":
      return `Cancelled: ${found} in the first ${pages || "pages"}`;
    case "failed":
      return `${found} before it failed`;
    case "done":
      if (answer.limitMet)
        return `The first ${formatCount(MOST_HITS)} ${one}s; there are more. Narrow where or what is searched.`;
      return hits.length === 0 ? `Nothing found in ${pages}` : `${found} in ${pages}`;
    default:
      return answer satisfies never;
  }
}
