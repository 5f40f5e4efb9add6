/** One request over the table of routes: parameters in, a checked answer out, or an `ApiError`. */
import "./jitless.ts";
import type { z } from "zod";
import { type Problem, ProblemSchema, ROUTES, type RouteName, routePath } from "../../shared/api/index.ts";
import { noteAnswer, noteSilence } from "./answering.ts";

type Answer<N extends RouteName> = (typeof ROUTES)[N]["answer"];
type JsonRoute = { [N in RouteName]: Answer<N> extends z.ZodType ? N : never }[RouteName];
type LinesRoute = { [N in RouteName]: (typeof ROUTES)[N] extends { readonly line: z.ZodType } ? N : never }[RouteName];
type Line<N extends LinesRoute> = (typeof ROUTES)[N] extends { readonly line: infer L extends z.ZodType }
  ? z.output<L>
  : never;
type BinaryRoute = Exclude<RouteName, JsonRoute | LinesRoute>;
type JsonAnswer<N extends JsonRoute> = Answer<N> extends z.ZodType ? z.output<Answer<N>> : never;

export interface RequestOptions {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** What went wrong, as the server said it; or, without an answer, what the browser knows. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = "ApiError";
    this.problem = problem;
  }

  get advice(): string {
    return this.problem.advice;
  }
}

/** The address of a route with its query. */
export function urlOf(name: RouteName, options: Pick<RequestOptions, "parameters" | "query"> = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined) query.set(key, String(value));
  }
  const path = routePath(name, options.parameters);
  return query.size > 0 ? `${path}?${query}` : path;
}

/** @throws ApiError; an AbortError when `signal` fires. */
export async function requestJson<N extends JsonRoute>(name: N, options: RequestOptions = {}): Promise<JsonAnswer<N>> {
  const response = await send(name, options);
  const schema = ROUTES[name].answer as z.ZodType;
  const parsed = schema.safeParse(jsonOf(await response.text().catch(throwLost)));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw localError(
      "answer-unexpected",
      `The server's answer to ${name} is not what this page expects: ${issue.path.join(".")}: ${issue.message}`,
      "Reload the page; it may be older than the server.",
    );
  }
  return parsed.data as JsonAnswer<N>;
}

/** `undefined` for what is no JSON: no answer is that. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws ApiError; an AbortError when `signal` fires. */
export async function requestBytes(name: BinaryRoute, options: RequestOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const response = await send(name, options);
  return new Uint8Array(await response.arrayBuffer().catch(throwLost));
}

/** Lines of an answer as they come. @throws ApiError; an AbortError when `signal` fires. */
export async function* requestLines<N extends LinesRoute>(name: N, options: RequestOptions): AsyncGenerator<Line<N>> {
  const response = await send(name, options);
  const schema = ROUTES[name].line as z.ZodType;
  if (!response.body) return throwLost(undefined);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let open = "";
  for (;;) {
    const { value, done } = await reader.read().catch(throwLost);
    if (done) break;
    const lines = (open + value).split("\n");
    open = lines.pop() ?? "";
    for (const line of lines) {
      const parsed = schema.safeParse(jsonOf(line));
      if (!parsed.success)
        throw localError(
          "answer-unexpected",
          `The server's answer to ${name} is not what this page expects.`,
          "Reload the page; it may be older than the server.",
        );
      yield parsed.data as Line<N>;
    }
  }
}

/** True of tiles, of bytes and of what is asked through `queries.ts`; an act and a search are done once. */
const UNREACHABLE_ADVICE =
  "Check that dumpscope is running. What is shown goes on by itself; do again what you were doing.";

async function send(name: RouteName, options: RequestOptions): Promise<Response> {
  const init: RequestInit = { method: ROUTES[name].method.toUpperCase(), signal: options.signal };
  if (options.body !== undefined) {
    init.headers = { "content-type": "application/json" };
    init.body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(urlOf(name, options), init);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw unreachable("The server does not answer.", error);
  }
  noteAnswer();
  if (response.ok) return response;
  throw await errorOf(response);
}

/** Of an answer that broke off. */
function throwLost(cause: unknown): never {
  throw isAbort(cause) ? cause : unreachable("The server stopped answering.", cause);
}

function unreachable(detail: string, cause: unknown): ApiError {
  noteSilence();
  return localError("unreachable", detail, UNREACHABLE_ADVICE, cause);
}

async function errorOf(response: Response): Promise<ApiError> {
  const parsed = ProblemSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return new ApiError(parsed.data);
  return localError(
    "answer-unexpected",
    `The server answered ${response.status} without saying why.`,
    "Look at the server's log.",
  );
}

export function localError(code: string, detail: string, advice: string, cause?: unknown): ApiError {
  return new ApiError(
    { type: `dumpscope:${code}`, title: detail, status: 0, detail, code, advice, facts: {} },
    { cause },
  );
}

/** Whatever was thrown, as an `ApiError`. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return localError("internal", message, "This is a mistake of Dumpscope. Report the message.", error);
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
