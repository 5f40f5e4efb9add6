/** What is searched for and where, as a person writes it; while nothing is, what each way to search finds. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { ApiMapping, FindRequest } from "../../../shared/api/index.ts";
import { type PATTERN_FORMS, STRING_KINDS } from "../../../shared/find/index.ts";
import { addressOfPage, formatAddress, type PageAddress } from "../../../shared/memory/index.ts";
import { Button, Empty, KeyCap, Select, Switch } from "../../controls/index.ts";
import { ownerOf } from "../sidebar/owner.ts";
import { rangeOf } from "./address-range.ts";
import styles from "./find.module.css";
import type { Asked } from "./follow-search.ts";
import { FORM_TITLES, KIND_TITLES } from "./wanted-titles.ts";

const FORMS = [
  { value: "text", title: FORM_TITLES.text },
  { value: "utf16", title: FORM_TITLES.utf16 },
  { value: "hex", title: FORM_TITLES.hex },
  { value: "regex", title: FORM_TITLES.regex },
  { value: "strings", title: "All strings" },
] as const;
type Form = (typeof FORMS)[number]["value"];

const PLACEHOLDERS: Readonly<Record<(typeof PATTERN_FORMS)[number], string>> = {
  text: "Text",
  utf16: "Text",
  hex: "de ad ?? 4?",
  regex: "[a-z]+@[a-z.]+",
};

/** What each of them finds. */
const HELP: Readonly<Record<Form, string>> = {
  text: "The bytes of a text in UTF-8",
  utf16: "The bytes of a text in UTF-16LE",
  hex: "Bytes in hexadecimal, ? for any digit",
  regex: "A regular expression over bytes; a hit has at most 4\u202f096",
  strings: "Runs of printable characters, ASCII and UTF-16LE, by length and kind",
};

const KINDS = [
  { value: "any", title: "Any kind" },
  ...STRING_KINDS.map((kind) => ({ value: kind, title: KIND_TITLES[kind] })),
] as const;

type Where = "everywhere" | "selection" | "mapping" | "space" | "between";

/** A mapping as a scope needs it. */
export type SearchedMapping = Pick<ApiMapping, "space" | "start" | "pages" | "name">;

export interface FindFormProps {
  readonly mappings: readonly SearchedMapping[];
  /** Index of the mapping of the selected place; −1 without one. */
  readonly mapping: number;
  /** What is selected, as it is asked for; the same array as long as it is the same. */
  readonly selected: NonNullable<FindRequest["regions"]>;
  /** Provenances that count as residual. */
  readonly residual: NonNullable<FindRequest["among"]>;
  /** Pages left to files are filled, and searched. */
  readonly filled: boolean;
  /** Counts up when a key asks for the field. */
  readonly asked: number;
  /** What was asked before: the form comes and goes with its tab. */
  readonly before: Asked | null;
  readonly isSearching: boolean;
  /** In what is searched, in words. */
  readonly searched: string;
  readonly onSearch: (asked: Asked) => void;
  readonly onCancel: () => void;
  readonly onClear: () => void;
}

export function FindForm(props: FindFormProps) {
  const { mappings, mapping, selected, residual, filled, asked, before, isSearching, searched } = props;
  const { onSearch, onCancel, onClear } = props;
  const field = useRef<HTMLInputElement>(null);
  const pattern = before?.wanted.kind === "pattern" ? before.wanted : null;
  const strings = before?.wanted.kind === "strings" ? before.wanted : null;
  const [form, setForm] = useState<Form>(strings ? "strings" : (pattern?.form ?? "text"));
  const [text, setText] = useState(pattern?.text ?? "");
  const [ignoreCase, setIgnoreCase] = useState(pattern?.ignoreCase ?? false);
  const [leastLength, setLeastLength] = useState(String(strings?.leastLength ?? 6));
  const [kind, setKind] = useState<(typeof KINDS)[number]["value"]>(strings?.of ?? "any");
  const between = before?.between;
  const [first, setFirst] = useState(between?.[0] ?? "");
  const [behind, setBehind] = useState(between?.[1] ?? "");
  const [where, setWhere] = useState<Where>(
    between ? "between" : before?.scope.regions === selected ? "selection" : "everywhere",
  );
  const [onlyResidual, setOnlyResidual] = useState(before?.scope.among !== undefined);
  useEffect(() => {
    if (asked === 0) return;
    field.current?.focus();
    field.current?.select();
  }, [asked]);

  const current = mappings[mapping];
  const several = new Set(mappings.map(({ space }) => space)).size > 1;
  const places: { value: Where; title: string }[] = [{ value: "everywhere", title: "Everywhere" }];
  if (selected.length > 0) places.push({ value: "selection", title: "In the selection" });
  if (current) places.push({ value: "mapping", title: `In ${current.name}` });
  if (current && several) places.push({ value: "space", title: `In ${ownerOf(current.space)}` });
  const space = (current ?? mappings.at(0))?.space;
  if (space !== undefined)
    places.push({
      value: "between",
      title: several ? `Between addresses of ${ownerOf(space)}` : "Between addresses",
    });
  const placeNow = places.some(({ value }) => value === where) ? where : "everywhere";

  const written = placeNow === "between" ? rangeOf(first, behind) : null;
  const regionsOf = (place: Where): Pick<FindRequest, "regions"> => {
    switch (place) {
      case "everywhere":
        return {};
      case "selection":
        return { regions: selected };
      case "between":
        return space !== undefined && written?.range ? { regions: [{ space, ...written.range }] } : {};
      case "mapping":
      case "space":
        return { regions: [regionOf(current, place)] };
      default:
        return place satisfies never;
    }
  };
  const scopeNow = (): Asked["scope"] => {
    return {
      ...(onlyResidual ? { among: residual } : {}),
      ...regionsOf(placeNow),
    };
  };
  const unavailable =
    written?.wrong ?? (form !== "strings" && text === "" ? "there is nothing to search for" : undefined);
  const search = () => {
    if (unavailable !== undefined) return;
    const where = {
      scope: scopeNow(),
      filled: filled && !onlyResidual,
      ...(placeNow === "between" ? { between: [first, behind] as const } : {}),
    };
    const least = Math.max(4, Math.min(4096, Number.parseInt(leastLength, 10) || 6));
    if (form === "strings")
      onSearch({
        wanted: { kind: "strings", leastLength: least, of: kind === "any" ? null : kind },
        ...where,
      });
    else
      onSearch({
        wanted: { kind: "pattern", form, text, ignoreCase: ignoreCase && form !== "hex" },
        ...where,
      });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Without a button of its own a form with several fields is not submitted by Enter.
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.type === "text") {
      event.preventDefault();
      search();
    }
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (isSearching) onCancel();
    else if (before !== null) onClear();
    else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  return (
    <>
      <form className={styles.form} aria-label="Find" onKeyDown={onKeyDown}>
        <div className={styles.line}>
          <Select label="What to find" choices={FORMS} value={form} onChoose={setForm} />
          <Select label="Where to search" choices={places} value={placeNow} onChoose={setWhere} />
        </div>
        {placeNow === "between" && (
          <div className={styles.line}>
            <AddressInput label="From address" value={first} onChange={setFirst} placeholder="the first" />
            <AddressInput label="Up to address" value={behind} onChange={setBehind} placeholder="the last" />
          </div>
        )}
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
          {isSearching ? (
            <Button onPress={onCancel}>Cancel</Button>
          ) : (
            <Button onPress={search} unavailable={unavailable}>
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
      {before === null && (
        <Empty>
          {HELP[form]}, {searched}. {form === "strings" ? "A run" : "A hit"} may lie over neighbouring pages, never over
          a hole. <KeyCap>N</KeyCap> goes to the next one.
        </Empty>
      )}
    </>
  );
}

interface AddressInputProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onChange: (value: string) => void;
}

function AddressInput({ label, value, placeholder, onChange }: AddressInputProps) {
  return (
    <label className={styles.address}>
      {label.split(" address")[0].toLowerCase()}
      <input
        className={styles.input}
        aria-label={label}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

function regionOf({ space, start, pages }: SearchedMapping, where: "mapping" | "space") {
  if (where === "space") return { space };
  const end = BigInt(start + pages) * 4096n;
  return {
    space,
    start: formatAddress(addressOfPage(start as PageAddress)),
    // The last byte of 64 bits has no address behind it.
    ...(end >> 64n === 0n ? { end: formatAddress(addressOfPage((start + pages) as PageAddress)) } : {}),
  };
}
