/**
 * The list of members of a tar with the place of their bytes in it, read by random access: only headers are touched.
 * Written here because tar-stream reads front to back and tells no offsets, and offsets are all a page needs.
 * Names are labels and never become paths; names and links that leave the archive refuse the whole of it.
 */
import { DumpError } from "../../../shared/errors/index.ts";
import type { ByteSource } from "../contract.ts";
import { utcTimeOfSeconds } from "../text.ts";
import { parseHeader, parsePax, TAR_BLOCK, type TarHeader } from "./header.ts";

/** A member costs about 300 B: 300 MB at the limit, of an archive of at least 512 MB. Real ones have hundreds. */
const MEMBERS_LIMIT = 1_000_000;
const NAME_LIMIT = 65_536;
/** Content of one long-name or pax header; extended attributes are the largest seen, of a few KiB. */
const EXTENSION_LIMIT = 1024 * 1024;
/** Extension headers before one member; writers use up to three (pax, long link, long name). */
const CHAIN_LIMIT = 16;
const LINKS_LIMIT = 40;

export type TarMemberKind = "file" | "directory" | "symbolic link" | "hard link" | "other";

export interface TarMember {
  /** Without leading `./`, trailing `/` and doubled `/`; "" for the root directory itself. */
  readonly name: string;
  readonly kind: TarMemberKind;
  /** Where its bytes begin in the archive. */
  readonly offset: number;
  /** Bytes it says it holds; 0 for all but files. */
  readonly size: number;
  /** Bytes of it that are there: less than `size` only in the member inside which the archive ends. */
  readonly stored: number;
  readonly linkTarget: string | null;
  /** RFC 3339, UTC. */
  readonly modifiedAt: string | null;
}

/** Where an archive ends or breaks before its end. */
export interface TarTrouble {
  readonly code: "dump-cut" | "dump-damaged";
  readonly message: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

export class TarIndex {
  /** In the order of the archive; a name may occur twice. */
  readonly members: readonly TarMember[];
  readonly trouble: TarTrouble | null;
  /** Why the archive must not be used at all: hostile names, limits, sparse members. */
  readonly refusal: DumpError | null;
  readonly notes: readonly string[];
  readonly #byName = new Map<string, TarMember>();

  constructor(
    members: readonly TarMember[],
    trouble: TarTrouble | null,
    refusal: DumpError | null,
    notes: readonly string[],
  ) {
    this.members = members;
    this.trouble = trouble;
    this.refusal = refusal;
    const twice = new Set<string>();
    for (const member of members) {
      if (member.kind !== "directory" && this.#byName.has(member.name)) twice.add(member.name);
      this.#byName.set(member.name, member);
    }
    const names = [...twice].slice(0, 5).join(", ");
    this.notes =
      twice.size === 0
        ? notes
        : [...notes, `The archive holds more than one member of the same name; the last one counts: ${names}.`];
  }

  /** The member of that name; the last one where there are several. */
  get(name: string): TarMember | undefined {
    return this.#byName.get(name);
  }

  /** The file of that name; links are resolved inside the archive's own names. */
  file(name: string): TarMember | undefined {
    let member = this.#byName.get(name);
    for (let links = 0; links < LINKS_LIMIT && member !== undefined; links++) {
      if (member.kind === "file") return member;
      if (member.linkTarget === null) return undefined;
      const target: string | null =
        member.kind === "hard link" ? resolveName("", member.linkTarget) : resolveName(member.name, member.linkTarget);
      member = target === null ? undefined : this.#byName.get(target);
    }
    return undefined;
  }
}

/** Members of a root file system, of which a later one takes the place of an earlier one of its name. */
export type RootTar = Pick<TarIndex, "members" | "trouble" | "refusal" | "notes">;

const indexes = new WeakMap<ByteSource, Promise<TarIndex | null>>();

/**
 * @returns `null` when the source does not begin with a tar header. Never throws for what the archive says: see
 * `trouble` and `refusal`. An index is read once per source.
 */
export function indexTar(source: ByteSource): Promise<TarIndex | null> {
  let index = indexes.get(source);
  if (index === undefined) {
    index = readIndex(source);
    indexes.set(source, index);
  }
  return index;
}

/** @throws DumpError `archive-hostile` and the like, or the trouble of the archive as an error. */
export function requireWhole(index: TarIndex): void {
  if (index.refusal !== null) throw index.refusal;
  if (index.trouble !== null) throw new DumpError(index.trouble.code, index.trouble.message, index.trouble.facts);
}

/**
 * As `indexTar`, of a tar of a root file system: its names may begin with a slash, its symbolic links lead anywhere (they
 * are told, and followed by nobody), and it may lack the end mark.
 */
export async function indexRootTar(source: ByteSource): Promise<RootTar | null> {
  return walkTar(source, true);
}

async function readIndex(source: ByteSource): Promise<TarIndex | null> {
  const walk = await walkTar(source, false);
  return walk && new TarIndex(walk.members, walk.trouble, walk.refusal, walk.notes);
}

async function walkTar(source: ByteSource, isRoot: boolean): Promise<TarWalk | null> {
  const first = parseHeader(await source.read(0, TAR_BLOCK));
  if (first === "zero" || first === "invalid") return null;
  const walk = new TarWalk(source, isRoot);
  await walk.run();
  return walk;
}

/** What extension headers say of the next member. */
interface Extension {
  readonly pax: Map<string, string>;
  longName: string | null;
  longLink: string | null;
  headers: number;
}

class TarWalk {
  readonly members: TarMember[] = [];
  readonly notes: string[] = [];
  trouble: TarTrouble | null = null;
  refusal: DumpError | null = null;
  readonly #source: ByteSource;
  readonly #isRoot: boolean;
  readonly #global = new Map<string, string>();
  #offset = 0;

  constructor(source: ByteSource, isRoot: boolean) {
    this.#source = source;
    this.#isRoot = isRoot;
  }

  async run(): Promise<void> {
    let extension = noExtension();
    while (this.trouble === null && this.refusal === null) {
      const left = this.#source.size - this.#offset;
      if (left === 0) {
        if (extension.headers > 0) this.#cutAt("inside the header of a member", "", 0, 0);
        // Whoever writes a member fills its last block: an end within it is a cut, and what followed is unknown.
        else if (this.#source.size % TAR_BLOCK !== 0)
          this.#cutAt("inside the padding behind its last member", "", 0, 0);
        else this.#cutBeforeEndMark();
        return;
      }
      const block = await this.#source.read(this.#offset, TAR_BLOCK);
      if (left < TAR_BLOCK) {
        if (block.some((byte) => byte !== 0)) this.#cutAt("inside the header of a member", "", TAR_BLOCK, left);
        else this.#cutBeforeEndMark();
        return;
      }
      const header = parseHeader(block);
      if (header === "zero") {
        const next = await this.#source.read(this.#offset + TAR_BLOCK, TAR_BLOCK);
        if (next.every((byte) => byte === 0)) {
          if (next.length < TAR_BLOCK) this.#cutBeforeEndMark();
          return;
        }
        // A lone block of zeros between members: tar itself warns and goes on.
        this.#offset += TAR_BLOCK;
        continue;
      }
      if (header === "invalid") {
        this.trouble = {
          code: "dump-damaged",
          message: `The archive has no valid header at byte ${this.#offset}`,
          facts: { offset: this.#offset, members: this.members.length },
        };
        return;
      }
      extension = await this.#take(header, extension);
    }
  }

  async #take(header: TarHeader, extension: Extension): Promise<Extension> {
    const content = this.#offset + TAR_BLOCK;
    if ("xgXLK".includes(header.type)) {
      await this.#takeExtension(header, extension, content);
      return extension;
    }
    if (this.members.length >= MEMBERS_LIMIT) {
      this.refusal = new DumpError("limit-met", `The archive has more than ${MEMBERS_LIMIT} members`, {
        limit: MEMBERS_LIMIT,
      });
      return extension;
    }
    const say = (key: string): string | undefined => extension.pax.get(key) || this.#global.get(key) || undefined;
    const rawName = say("path") ?? extension.longName ?? header.name;
    const rawLink = say("linkpath") ?? extension.longLink ?? header.linkName;
    const kind = kindOf(header.type, rawName);
    const name = this.#checkName(rawName);
    const linkTarget =
      kind === "symbolic link" || kind === "hard link" ? this.#checkLink(rawName, rawLink, kind) : null;
    if (name === null || this.refusal !== null) return extension;
    if (header.type === "S" || [...extension.pax.keys()].some((key) => key.startsWith("GNU.sparse."))) {
      this.refusal = new DumpError("dump-unsupported", `The archive stores ${name} as a sparse member`, {
        member: name,
        typeflag: header.type,
      });
      return extension;
    }
    // Sizes of links, devices and directories are decoration: nothing is stored behind them.
    const stated = "123456".includes(header.type) ? 0 : sizeOf(say("size"), header.size);
    if (stated === null) {
      this.#damaged(`The size of ${name} is no number`, name);
      return extension;
    }
    const stored = Math.min(stated, Math.max(0, this.#source.size - content));
    this.members.push({
      name,
      kind,
      offset: content,
      size: kind === "file" ? stated : 0,
      stored: kind === "file" ? stored : 0,
      linkTarget,
      modifiedAt: utcTimeOfSeconds(say("mtime") ?? header.modified),
    });
    if (stored < stated) this.#cutAt(`inside ${name}`, name, stated, stored);
    this.#advance(stated);
    return noExtension();
  }

  async #takeExtension(header: TarHeader, extension: Extension, content: number): Promise<void> {
    if (header.size > EXTENSION_LIMIT || ++extension.headers > CHAIN_LIMIT) {
      this.refusal = new DumpError(
        "limit-met",
        header.size > EXTENSION_LIMIT
          ? `A header of the archive at byte ${this.#offset} is longer than ${EXTENSION_LIMIT} bytes`
          : `A member of the archive has more than ${CHAIN_LIMIT} headers, at byte ${this.#offset}`,
        { offset: this.#offset, limit: header.size > EXTENSION_LIMIT ? EXTENSION_LIMIT : CHAIN_LIMIT },
      );
      return;
    }
    const bytes = await this.#source.read(content, header.size);
    if (bytes.length < header.size) {
      this.#cutAt("inside the header of a member", "", header.size, bytes.length);
      return;
    }
    if (header.type === "L" || header.type === "K") {
      const end = bytes.indexOf(0);
      const text = utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
      if (header.type === "L") extension.longName = text;
      else extension.longLink = text;
    } else {
      const records = parsePax(bytes);
      if (records === null) {
        this.#damaged(`The pax header at byte ${this.#offset} is damaged`, "");
        return;
      }
      const into = header.type === "g" ? this.#global : extension.pax;
      for (const [key, value] of records) {
        if (KEYS.has(key) || key.startsWith("GNU.sparse.")) into.set(key, value);
      }
      // A global header belongs to no member: the chain begins anew behind it.
      if (header.type === "g") extension.headers--;
    }
    this.#advance(header.size);
  }

  #advance(size: number): void {
    this.#offset = Math.min(this.#offset + TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK, this.#source.size);
  }

  #checkName(raw: string): string | null {
    const inside = this.#isRoot ? raw.replace(/^\/+/, "") : raw;
    const name = raw.length > NAME_LIMIT || raw.includes("\0") ? null : resolveName("", inside);
    if (name === null) {
      this.refusal = new DumpError(
        "archive-hostile",
        raw.length > NAME_LIMIT
          ? `The archive has a member with a name of ${raw.length} characters`
          : `The archive has a member outside itself: ${shorten(raw)}`,
        { member: shorten(raw), offset: this.#offset },
      );
    }
    return name;
  }

  #checkLink(name: string, target: string, kind: "symbolic link" | "hard link"): string {
    if (this.#isRoot && kind === "symbolic link") return target.slice(0, NAME_LIMIT);
    const own = resolveName("", name) ?? "";
    const linked = this.#isRoot ? target.replace(/^\/+/, "") : target;
    const inside = kind === "hard link" ? resolveName("", linked) : resolveName(own, target);
    // `parent` of an image directory that is the archive's root points one level above it by nature.
    const parent =
      kind === "symbolic link" &&
      /^(.*\/)?parent$/.test(own) &&
      /^\.\.\/[^/\\]+\/?$/.test(target) &&
      !/^\.\.\/\.\.?\/?$/.test(target);
    if ((inside === null && !parent) || target.length > NAME_LIMIT || target.includes("\0")) {
      this.refusal = new DumpError(
        "archive-hostile",
        `The archive has a ${kind} that leads outside itself: ${shorten(name)} → ${shorten(target)}`,
        { member: shorten(name), target: shorten(target), offset: this.#offset },
      );
    }
    return this.#isRoot ? (inside ?? target) : target;
  }

  #damaged(message: string, member: string): void {
    this.trouble = { code: "dump-damaged", message, facts: { offset: this.#offset, member } };
  }

  /**
   * Every writer closes an archive with two blocks of zeros, so one without them was cut, even where all that is there
   * is whole: nothing else tells how many members followed.
   */
  #cutBeforeEndMark(): void {
    const end = this.#source.size;
    const last = this.members.at(-1)?.name ?? "";
    if (this.#isRoot) {
      // Engines take layers without one.
      this.notes.push(`The tar ends behind ${last} and has no end mark; whether more followed cannot be told.`);
      return;
    }
    this.trouble = {
      code: "dump-cut",
      message: `The archive ends at byte ${end}, behind ${last} and before its end mark; what followed is missing`,
      facts: { offset: end, member: last, needed: 2 * TAR_BLOCK, there: end - this.#offset },
    };
  }

  #cutAt(where: string, member: string, needed: number, there: number): void {
    const end = this.#source.size;
    const says = member === "" ? "" : `. That entry says it holds ${needed} bytes; ${there} are there`;
    this.trouble = {
      code: "dump-cut",
      message: `The archive ends at byte ${end}, ${where}${says}`,
      facts: { offset: end, member, needed, there },
    };
  }
}

const utf8 = new TextDecoder("utf-8");
const KEYS: ReadonlySet<string> = new Set(["path", "linkpath", "size", "mtime"]);

function noExtension(): Extension {
  return { pax: new Map(), longName: null, longLink: null, headers: 0 };
}

function kindOf(type: string, name: string): TarMemberKind {
  switch (type) {
    case "0":
    case "7":
      // v7 has no type for directories.
      return name.endsWith("/") ? "directory" : "file";
    case "1":
      return "hard link";
    case "2":
      return "symbolic link";
    case "5":
      return "directory";
    default:
      return "other";
  }
}

function sizeOf(pax: string | undefined, header: number): number | null {
  if (pax === undefined) return header;
  const size = /^\d{1,16}$/.test(pax) ? Number(pax) : Number.NaN;
  return Number.isSafeInteger(size) ? size : null;
}

/**
 * A name of the archive as its own namespace spells it. Backslashes and drive letters are refused with the rest that
 * leads outside: no archive of a container has them, and some tool further on might obey them.
 * @param from the name of the member that a relative target starts beside; "" for the root.
 * @returns `null` when it leads outside.
 */
function resolveName(from: string, target: string): string | null {
  if (/^[/\\]|^[A-Za-z]:[/\\]/.test(target)) return null;
  const parts = from === "" ? [] : from.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part.split("\\").includes("..")) {
      // In a member's own name `..` is never normal; in a link it may climb inside the archive.
      if (part !== ".." || parts.length === 0 || from === "") return null;
      parts.pop();
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
