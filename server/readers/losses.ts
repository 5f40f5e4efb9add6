/**
 * What to do with a dump that is cut or damaged: by default the first loss is an error; asked to keep what is there,
 * losses are collected as sentences and the reader goes on without what it could not read.
 */
import { DumpError, type ErrorFacts } from "../../shared/errors/index.ts";

/** Sentences kept of one dump; a dump damaged in a million places needs no million sentences. */
const SENTENCES = 100;

export class Losses {
  readonly keepCut: boolean;
  #sentences: string[] = [];
  #more = 0;

  constructor(keepCut: boolean) {
    this.keepCut = keepCut;
  }

  /** @throws DumpError `dump-cut` unless what is there is to be kept. */
  cut(message: string, facts: ErrorFacts): void {
    if (!this.keepCut) throw new DumpError("dump-cut", message, facts);
    this.#keep(message);
  }

  /** @throws DumpError `dump-damaged` unless what is there is to be kept. */
  damaged(message: string, facts: ErrorFacts, options?: ErrorOptions): void {
    if (!this.keepCut) throw new DumpError("dump-damaged", message, facts, options);
    this.#keep(message);
  }

  get sentences(): readonly string[] {
    return this.#more === 0 ? this.#sentences : [...this.#sentences, `And ${this.#more} losses more.`];
  }

  #keep(message: string): void {
    if (this.#sentences.length < SENTENCES) this.#sentences.push(message);
    else this.#more++;
  }
}
